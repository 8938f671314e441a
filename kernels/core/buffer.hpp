#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <utility>

#include "kernels/core/error.hpp"

namespace gridstride {

/// Device memory for `size` elements of T, freed with its owner. Contents start undefined.
/// The stream form comes from the device's caching pool and is released in that stream's order.
template <class T>
class DeviceBuffer {
 public:
  DeviceBuffer() = default;
  explicit DeviceBuffer(int64_t size, cudaStream_t stream = nullptr) : size_(size), stream_(stream) {
    if (size > 0) GRIDSTRIDE_CUDA(cudaMallocAsync(reinterpret_cast<void**>(&data_), bytes(), stream));
  }
  explicit DeviceBuffer(std::span<const T> host) : DeviceBuffer(static_cast<int64_t>(host.size())) {
    upload(host);
  }
  DeviceBuffer(DeviceBuffer&& other) noexcept { swap(other); }
  DeviceBuffer& operator=(DeviceBuffer&& other) noexcept {
    DeviceBuffer(std::move(other)).swap(*this);
    return *this;
  }
  ~DeviceBuffer() {
    if (data_) report_cuda(cudaFreeAsync(data_, stream_), "cudaFreeAsync");
  }

  T* data() { return data_; }
  const T* data() const { return data_; }
  int64_t size() const { return size_; }
  std::size_t bytes() const { return static_cast<std::size_t>(size_) * sizeof(T); }

  /// Blocking copies on the buffer's stream; the spans hold at most size() elements.
  void upload(std::span<const T> host) { copy(data_, host.data(), host.size(), cudaMemcpyHostToDevice); }
  void download(std::span<T> host) const { copy(host.data(), data_, host.size(), cudaMemcpyDeviceToHost); }

 private:
  void copy(void* to, const void* from, std::size_t elems, cudaMemcpyKind kind) const {
    if (elems > static_cast<std::size_t>(size_)) {
      throw std::invalid_argument("[buffer] copy of " + std::to_string(elems) + " elements, buffer holds " +
                                  std::to_string(size_));
    }
    if (elems == 0) return;
    GRIDSTRIDE_CUDA(cudaMemcpyAsync(to, from, elems * sizeof(T), kind, stream_));
    GRIDSTRIDE_CUDA(cudaStreamSynchronize(stream_));
  }
  void swap(DeviceBuffer& other) noexcept {
    std::swap(data_, other.data_);
    std::swap(size_, other.size_);
    std::swap(stream_, other.stream_);
  }

  T* data_ = nullptr;
  int64_t size_ = 0;
  cudaStream_t stream_ = nullptr;
};

}  // namespace gridstride
