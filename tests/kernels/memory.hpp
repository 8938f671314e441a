#pragma once

#include <span>
#include <vector>

#include "kernels/core/buffer.hpp"

namespace gridstride::testing_support {

template <class T>
DeviceBuffer<T> to_device(const std::vector<T>& host) {
  return DeviceBuffer<T>(std::span<const T>(host));
}

/// Waits for the whole device first.
template <class T>
std::vector<T> to_host(const DeviceBuffer<T>& buffer) {
  GRIDSTRIDE_CUDA(cudaDeviceSynchronize());
  std::vector<T> host(static_cast<std::size_t>(buffer.size()));
  buffer.download(host);
  return host;
}

}  // namespace gridstride::testing_support
