#include "framework/data/loader.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <numeric>
#include <stdexcept>

#include "framework/data/random.hpp"

namespace gridstride::data {
namespace {

// One being made while one waits is enough to hide the making; more would only cost memory.
constexpr size_t kAhead = 2;

int64_t count_batches(const Dataset& dataset, const LoaderOptions& options) {
  if (options.batch < 1)
    throw std::invalid_argument(fmt::format("[loader] batch must be at least 1, got {}", options.batch));
  if (!(options.normalization.stddev > 0)) {
    throw std::invalid_argument(
        fmt::format("[loader] stddev must be above 0, got {}", options.normalization.stddev));
  }
  const int64_t rounded_up = options.drop_last ? 0 : options.batch - 1;
  const int64_t batches = (dataset.count + rounded_up) / options.batch;
  if (batches == 0) {
    throw std::invalid_argument(
        fmt::format("[loader] {} images make no batch of {}", dataset.count, options.batch));
  }
  return batches;
}

std::vector<int64_t> shuffled(int64_t count, uint64_t seed, int64_t epoch) {
  std::vector<int64_t> order(static_cast<size_t>(count));
  std::iota(order.begin(), order.end(), 0);
  Random random(seed, static_cast<uint64_t>(epoch));
  for (size_t left = order.size(); left > 1; --left) std::swap(order[left - 1], order[random.below(left)]);
  return order;
}

}  // namespace

Loader::Loader(const Dataset& dataset, const LoaderOptions& options, Position start)
    : dataset_(dataset), options_(options), batches_per_epoch_(count_batches(dataset, options)) {
  for (size_t byte = 0; byte < normalized_.size(); ++byte) {
    normalized_[byte] =
        (static_cast<float>(byte) / 255.0f - options_.normalization.mean) / options_.normalization.stddev;
  }
  seek(start);
}

Loader::~Loader() { stop(); }

void Loader::seek(Position position) {
  if (position.epoch < 0 || position.batch < 0 || position.batch >= batches_per_epoch_) {
    throw std::invalid_argument(fmt::format("[loader] no batch {} of epoch {}: an epoch has {} batches",
                                            position.batch, position.epoch, batches_per_epoch_));
  }
  stop();
  position_ = position;
  start();
}

Position Loader::after(Position position) const {
  return position.batch + 1 < batches_per_epoch_ ? Position{position.epoch, position.batch + 1}
                                                 : Position{position.epoch + 1, 0};
}

Batch Loader::make(Position position, Batch memory) {
  if (options_.shuffle && order_epoch_ != position.epoch) {
    order_ = shuffled(dataset_.count, options_.seed, position.epoch);
    order_epoch_ = position.epoch;
  }
  const int64_t begin = position.batch * options_.batch;
  const int64_t count = std::min(options_.batch, dataset_.count - begin);
  const int64_t elems = dataset_.image_elems();
  Batch batch = std::move(memory);
  batch.shape = {count, dataset_.channels, dataset_.height, dataset_.width};
  batch.position = position;
  batch.images.resize(static_cast<size_t>(count * elems));
  batch.labels.resize(static_cast<size_t>(count));
  for (int64_t i = 0; i < count; ++i) {
    const int64_t index = options_.shuffle ? order_[begin + i] : begin + i;
    const uint8_t* from = dataset_.images.data() + index * elems;
    float* to = batch.images.data() + i * elems;
    for (int64_t e = 0; e < elems; ++e) to[e] = normalized_[from[e]];
    batch.labels[i] = dataset_.labels[index];
  }
  return batch;
}

void Loader::start() {
  if (!options_.prefetch) return;
  worker_ = std::jthread([this, from = position_](std::stop_token stopped) { work(stopped, from); });
}

void Loader::stop() {
  if (!worker_.joinable()) return;
  worker_.request_stop();
  worker_.join();
  ready_.clear();
  failure_ = nullptr;
}

void Loader::work(std::stop_token stopped, Position position) {
  try {
    for (;; position = after(position)) {
      Batch memory;
      {
        std::unique_lock lock(mutex_);
        if (!changed_.wait(lock, stopped, [this] { return ready_.size() < kAhead; })) return;
        if (!spare_.empty()) {
          memory = std::move(spare_.back());
          spare_.pop_back();
        }
      }
      Batch made = make(position, std::move(memory));
      const std::lock_guard lock(mutex_);
      ready_.push_back(std::move(made));
      changed_.notify_all();
    }
  } catch (...) {
    const std::lock_guard lock(mutex_);
    failure_ = std::current_exception();
    changed_.notify_all();
  }
}

Batch Loader::next() {
  Batch batch;
  if (options_.prefetch) {
    std::unique_lock lock(mutex_);
    changed_.wait(lock, [this] { return !ready_.empty() || failure_; });
    if (ready_.empty()) std::rethrow_exception(failure_);
    batch = std::move(ready_.front());
    ready_.pop_front();
    changed_.notify_all();
  } else {
    if (!spare_.empty()) {
      batch = std::move(spare_.back());
      spare_.pop_back();
    }
    batch = make(position_, std::move(batch));
  }
  position_ = after(position_);
  return batch;
}

void Loader::recycle(Batch&& batch) {
  const std::lock_guard lock(mutex_);
  if (spare_.size() < kAhead) spare_.push_back(std::move(batch));
}

}  // namespace gridstride::data
