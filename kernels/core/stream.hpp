#pragma once

#include <utility>

#include "kernels/core/error.hpp"

namespace gridstride {

/// A queue of device work that runs in order, and not behind the legacy default stream.
class Stream {
 public:
  Stream() { GRIDSTRIDE_CUDA(cudaStreamCreateWithFlags(&handle_, cudaStreamNonBlocking)); }
  Stream(Stream&& other) noexcept : handle_(std::exchange(other.handle_, nullptr)) {}
  Stream& operator=(Stream&& other) noexcept {
    std::swap(handle_, other.handle_);
    return *this;
  }
  ~Stream() {
    if (handle_) report_cuda(cudaStreamDestroy(handle_), "cudaStreamDestroy");
  }

  operator cudaStream_t() const { return handle_; }
  void synchronize() const { GRIDSTRIDE_CUDA(cudaStreamSynchronize(handle_)); }

 private:
  cudaStream_t handle_ = nullptr;
};

/// A point in a stream's time.
class Event {
 public:
  Event() { GRIDSTRIDE_CUDA(cudaEventCreate(&handle_)); }
  Event(Event&& other) noexcept : handle_(std::exchange(other.handle_, nullptr)) {}
  Event& operator=(Event&& other) noexcept {
    std::swap(handle_, other.handle_);
    return *this;
  }
  ~Event() {
    if (handle_) report_cuda(cudaEventDestroy(handle_), "cudaEventDestroy");
  }

  operator cudaEvent_t() const { return handle_; }
  void record(cudaStream_t stream) { GRIDSTRIDE_CUDA(cudaEventRecord(handle_, stream)); }
  void synchronize() const { GRIDSTRIDE_CUDA(cudaEventSynchronize(handle_)); }

  /// Milliseconds from `start` to this event; both must have completed.
  float ms_since(const Event& start) const {
    float ms = 0;
    GRIDSTRIDE_CUDA(cudaEventElapsedTime(&ms, start.handle_, handle_));
    return ms;
  }

 private:
  cudaEvent_t handle_ = nullptr;
};

}  // namespace gridstride
