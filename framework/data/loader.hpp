#pragma once

#include <array>
#include <compare>
#include <condition_variable>
#include <cstdint>
#include <deque>
#include <exception>
#include <mutex>
#include <stop_token>
#include <thread>
#include <vector>

#include "framework/data/dataset.hpp"

namespace gridstride::data {

/// x = (byte / 255 - mean) / stddev. The defaults are the mean and deviation of MNIST's training images.
struct Normalization {
  float mean = 0.1307f, stddev = 0.3081f;
};

/// The next batch to be handed out. Together with the seed it is all that is needed to go on from here.
struct Position {
  int64_t epoch = 0, batch = 0;
  auto operator<=>(const Position&) const = default;
};

struct LoaderOptions {
  int64_t batch = 64;      ///< images per batch
  uint64_t seed = 0;       ///< of the order; each epoch has its own
  bool shuffle = true;     ///< else in the order of the set
  bool drop_last = false;  ///< leave out the last batch of an epoch where it is smaller
  bool prefetch = true;    ///< a thread makes the next batches meanwhile
  Normalization normalization;
};

struct Batch {
  std::vector<float> images;    ///< (N,C,H,W), normalized
  std::vector<int32_t> labels;  ///< (N)
  std::array<int64_t, 4> shape = {};
  Position position;  ///< which batch this is

  int64_t count() const { return shape[0]; }
};

/// Hands out batches without end, epoch after epoch. The order within an epoch is a function of (seed, epoch)
/// alone, so a run that goes on from a saved position sees the same batches as one that was never
/// interrupted.
class Loader {
 public:
  /// `dataset` must outlive the loader. Throws std::invalid_argument "[loader] ...".
  Loader(const Dataset& dataset, const LoaderOptions& options, Position start = {});
  ~Loader();
  Loader(const Loader&) = delete;

  int64_t batches_per_epoch() const { return batches_per_epoch_; }
  /// Where `next` goes on; after the last batch of an epoch that is {epoch + 1, 0}.
  Position position() const { return position_; }
  /// Go on from `position`. Throws std::invalid_argument for one that the set does not have.
  void seek(Position position);
  Batch next();
  /// Give a used batch's memory back, so that the next ones need not ask for theirs.
  void recycle(Batch&& batch);

 private:
  Position after(Position position) const;
  Batch make(Position position, Batch memory);
  void start();
  void stop();
  void work(std::stop_token stopped, Position position);

  const Dataset& dataset_;
  LoaderOptions options_;
  int64_t batches_per_epoch_ = 0;
  std::array<float, 256> normalized_ = {};  // by byte
  std::vector<int64_t> order_;              // of the epoch below
  int64_t order_epoch_ = -1;
  Position position_;

  std::mutex mutex_;
  std::condition_variable_any changed_;
  std::deque<Batch> ready_;
  std::vector<Batch> spare_;
  std::exception_ptr failure_;
  std::jthread worker_;
};

}  // namespace gridstride::data
