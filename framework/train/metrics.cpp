#include "framework/train/metrics.hpp"

#include <numeric>
#include <stdexcept>
#include <string>

namespace gridstride::train {
namespace {

double ratio(double part, double whole) { return whole == 0 ? 0 : part / whole; }

template <class Metric>
double mean_over_classes(int64_t classes, Metric metric) {
  double sum = 0;
  for (int64_t c = 0; c < classes; ++c) sum += metric(c);
  return ratio(sum, static_cast<double>(classes));
}

}  // namespace

ConfusionMatrix::ConfusionMatrix(int64_t classes)
    : classes_(classes), cells_(static_cast<std::size_t>(classes * classes)) {}

void ConfusionMatrix::add(int64_t truth, int64_t answer) {
  if (truth < 0 || truth >= classes_ || answer < 0 || answer >= classes_) {
    throw std::invalid_argument("[metrics] classes are 0.." + std::to_string(classes_ - 1) + ", got truth " +
                                std::to_string(truth) + " and answer " + std::to_string(answer));
  }
  ++cells_[static_cast<std::size_t>(truth * classes_ + answer)];
}

int64_t ConfusionMatrix::count(int64_t truth, int64_t answer) const {
  return cells_.at(static_cast<std::size_t>(truth * classes_ + answer));
}

int64_t ConfusionMatrix::total() const { return std::accumulate(cells_.begin(), cells_.end(), int64_t{0}); }

int64_t ConfusionMatrix::correct() const {
  int64_t sum = 0;
  for (int64_t c = 0; c < classes_; ++c) sum += count(c, c);
  return sum;
}

double ConfusionMatrix::accuracy() const {
  return ratio(static_cast<double>(correct()), static_cast<double>(total()));
}

double ConfusionMatrix::precision(int64_t c) const {
  int64_t called = 0;
  for (int64_t truth = 0; truth < classes_; ++truth) called += count(truth, c);
  return ratio(static_cast<double>(count(c, c)), static_cast<double>(called));
}

double ConfusionMatrix::recall(int64_t c) const {
  int64_t are = 0;
  for (int64_t answer = 0; answer < classes_; ++answer) are += count(c, answer);
  return ratio(static_cast<double>(count(c, c)), static_cast<double>(are));
}

double ConfusionMatrix::f1(int64_t c) const {
  const double p = precision(c), r = recall(c);
  return ratio(2 * p * r, p + r);
}

double ConfusionMatrix::macro_precision() const {
  return mean_over_classes(classes_, [this](int64_t c) { return precision(c); });
}
double ConfusionMatrix::macro_recall() const {
  return mean_over_classes(classes_, [this](int64_t c) { return recall(c); });
}
double ConfusionMatrix::macro_f1() const {
  return mean_over_classes(classes_, [this](int64_t c) { return f1(c); });
}

std::vector<int32_t> argmax_rows(std::span<const float> logits, int64_t classes) {
  const auto width = static_cast<std::size_t>(classes);
  std::vector<int32_t> answers;
  for (std::size_t row = 0; row + width <= logits.size() && width > 0; row += width) {
    std::size_t best = width;
    for (std::size_t c = 0; c < width; ++c) {
      const bool number = logits[row + c] == logits[row + c];
      if (number && (best == width || logits[row + c] > logits[row + best])) best = c;
    }
    answers.push_back(best == width ? 0 : static_cast<int32_t>(best));
  }
  return answers;
}

}  // namespace gridstride::train
