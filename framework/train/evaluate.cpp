#include "framework/train/evaluate.hpp"

#include <algorithm>
#include <cmath>

#include "framework/autograd/tape.hpp"

namespace gridstride::train {
namespace {

/// The model's logits without a tape and without dropout, on the host.
class Inference {
 public:
  explicit Inference(nn::Module& model) : model_(model), was_training_(model.is_training()) { model.eval(); }
  ~Inference() { model_.train(was_training_); }
  Inference(const Inference&) = delete;
  Inference& operator=(const Inference&) = delete;

  std::vector<float> logits(Shape shape, std::span<const float> images) {
    return model_(Tensor::from_host(std::move(shape), images)).to_host();
  }

 private:
  nn::Module& model_;
  bool was_training_;
  NoGrad no_grad_;
};

double log_sum_exp(std::span<const float> row) {
  const double most = *std::ranges::max_element(row);
  double sum = 0;
  for (const float v : row) sum += std::exp(v - most);
  return most + std::log(sum);
}

}  // namespace

Evaluation evaluate(nn::Module& model, const data::Dataset& dataset, const data::Normalization& normalization,
                    int64_t batch) {
  Evaluation result{.confusion = ConfusionMatrix(dataset.classes)};
  if (dataset.count == 0) return result;
  data::Loader loader(dataset, {.batch = batch, .shuffle = false, .normalization = normalization});
  Inference inference(model);
  const auto width = static_cast<std::size_t>(dataset.classes);
  for (int64_t i = 0; i < loader.batches_per_epoch(); ++i) {
    data::Batch b = loader.next();
    const std::vector<float> logits = inference.logits(Shape(b.shape.begin(), b.shape.end()), b.images);
    const std::vector<int32_t> answers = argmax_rows(logits, dataset.classes);
    for (std::size_t n = 0; n < b.labels.size(); ++n) {
      const std::span row(&logits[n * width], width);
      result.loss += log_sum_exp(row) - row[static_cast<std::size_t>(b.labels[n])];
      result.confusion.add(b.labels[n], answers[n]);
    }
    loader.recycle(std::move(b));
  }
  result.loss /= static_cast<double>(dataset.count);
  return result;
}

std::vector<Prediction> predict(nn::Module& model, const Shape& shape, std::span<const float> images) {
  const std::vector<float> logits = Inference(model).logits(shape, images);
  std::vector<Prediction> predictions;
  const std::size_t count = shape.empty() ? 0 : static_cast<std::size_t>(shape[0]);
  for (std::size_t n = 0, width = count ? logits.size() / count : 0; n < count; ++n) {
    const std::span row(&logits[n * width], width);
    const double norm = log_sum_exp(row);
    Prediction p{.label = argmax_rows(row, static_cast<int64_t>(width))[0]};
    for (const float v : row) p.probabilities.push_back(static_cast<float>(std::exp(v - norm)));
    predictions.push_back(std::move(p));
  }
  return predictions;
}

}  // namespace gridstride::train
