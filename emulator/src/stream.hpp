/// Streams: in-order queues, each with a thread that executes it, and the order among them.
#pragma once

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <deque>
#include <functional>
#include <memory>
#include <mutex>
#include <vector>

#include "gridstride/emulator/graph.hpp"

namespace gridstride::emulator {

class Stream;

/// A point in a stream: reached when the stream has completed that many operations.
struct Moment {
  std::shared_ptr<Stream> stream;
  std::uint64_t ticket = 0;

  bool reached() const;
  void wait() const;
};

/// Something queued on a stream, or a node of a graph; then it runs as often as the graph.
class Operation {
 public:
  explicit Operation(cudaGraphNodeType type = cudaGraphNodeTypeHost) : type_(type) {}
  virtual ~Operation() = default;
  virtual void run() const = 0;
  cudaGraphNodeType type() const { return type_; }

 private:
  cudaGraphNodeType type_;
};

class Stream : public std::enable_shared_from_this<Stream> {
 public:
  explicit Stream(unsigned flags) : flags_(flags) {}

  bool blocking() const { return (flags_ & cudaStreamNonBlocking) == 0; }
  unsigned flags() const { return flags_; }
  /// Different for all streams that there ever were.
  std::uint64_t id() const { return id_; }
  std::uint64_t submitted() const { return submitted_.load(std::memory_order_acquire); }
  std::uint64_t completed() const { return completed_.load(std::memory_order_acquire); }
  Moment latest() { return {shared_from_this(), submitted()}; }

  /// Appends; the operation runs after all earlier ones and after `after`.
  Moment append(std::shared_ptr<const Operation> operation, std::vector<Moment> after);
  void wait(std::uint64_t ticket);
  /// The executor ends when it has nothing left to do.
  void close();

 private:
  struct Entry {
    std::shared_ptr<const Operation> operation;
    std::vector<Moment> after;
  };

  static std::uint64_t next_id();
  void execute();
  bool next(Entry& entry);

  const unsigned flags_;
  const std::uint64_t id_ = next_id();
  std::mutex mutex_;
  std::condition_variable appended_;
  std::condition_variable advanced_;
  std::deque<Entry> queue_;
  std::atomic<std::uint64_t> submitted_{0};
  std::atomic<std::uint64_t> completed_{0};
  std::atomic<unsigned> waiters_{0};
  bool started_ = false;
  bool sleeping_ = false;
  bool closed_ = false;
};

/// The stream behind a handle; null when there is none.
std::shared_ptr<Stream> find_stream(cudaStream_t handle);

/// Queues on a stream in the order that CUDA's legacy default stream imposes. `also_after` adds to that.
Moment submit(const std::shared_ptr<Stream>& stream, std::shared_ptr<const Operation> operation,
              std::vector<Moment> also_after = {});

/// The same for calls of the API: on a stream that is being captured, the operation becomes a node.
cudaError_t enqueue(const std::shared_ptr<Stream>& stream, std::shared_ptr<const Operation> operation,
                    std::vector<Moment> also_after = {});

/// Waits for everything that an operation on `stream`, submitted now, would wait for.
void wait_for_turn(const std::shared_ptr<Stream>& stream);
void wait_for_device();

/// A queued function.
template <class F>
class Call final : public Operation {
 public:
  Call(cudaGraphNodeType type, F function) : Operation(type), function_(std::move(function)) {}
  void run() const override { function_(); }

 private:
  F function_;
};

std::shared_ptr<const Operation> host_operation(cudaHostFn_t function, void* user_data);

template <class F>
std::shared_ptr<const Operation> call(F function, cudaGraphNodeType type = cudaGraphNodeTypeHost) {
  return std::make_shared<const Call<F>>(type, std::move(function));
}

}  // namespace gridstride::emulator
