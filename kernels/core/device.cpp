#include "kernels/core/device.hpp"

#include <string_view>

#include "kernels/core/error.hpp"

namespace gridstride {

Device device() { return std::string_view(GRIDSTRIDE_DEVICE_NAME) == "cuda" ? Device::cuda : Device::cpu; }

const DeviceInfo& device_info() {
  static const DeviceInfo info = [] {
    int id = 0;
    cudaDeviceProp prop{};
    GRIDSTRIDE_CUDA(cudaGetDevice(&id));
    GRIDSTRIDE_CUDA(cudaGetDeviceProperties(&prop, id));
    return DeviceInfo{prop.name, prop.multiProcessorCount, prop.major * 10 + prop.minor};
  }();
  return info;
}

}  // namespace gridstride
