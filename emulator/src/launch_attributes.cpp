#include "gridstride/emulator/launch_attributes.hpp"

#include <string>

#include "error.hpp"

namespace gridstride::emulator::detail {

cudaError_t read_attributes(const cudaLaunchConfig_t* config, bool& cooperative) {
  if (config == nullptr || (config->numAttrs > 0 && config->attrs == nullptr)) {
    return fail(cudaErrorInvalidValue);
  }
  for (unsigned i = 0; i < config->numAttrs; ++i) {
    const cudaLaunchAttribute& attribute = config->attrs[i];
    const auto& cluster = attribute.val.clusterDim;
    if (attribute.id == cudaLaunchAttributeCooperative) {
      cooperative = attribute.val.cooperative != 0;
    } else if (attribute.id == cudaLaunchAttributeClusterDimension &&
               (cluster.x != 1 || cluster.y != 1 || cluster.z != 1)) {
      return fail(cudaErrorNotSupported, "cudaLaunchKernelEx: clusters of blocks are not offered; " +
                                             std::to_string(cluster.x) + "x" + std::to_string(cluster.y) +
                                             "x" + std::to_string(cluster.z) + " was asked for");
    }
  }
  return cudaSuccess;
}

}  // namespace gridstride::emulator::detail

using namespace gridstride::emulator;

cudaError_t cudaLaunchKernelExC(const cudaLaunchConfig_t* config, const void* kernel, void** arguments) {
  bool cooperative = false;
  const cudaError_t error = detail::read_attributes(config, cooperative);
  if (error != cudaSuccess) return error;
  return cooperative ? cudaLaunchCooperativeKernel(kernel, config->gridDim, config->blockDim, arguments,
                                                   config->dynamicSmemBytes, config->stream)
                     : cudaLaunchKernel(kernel, config->gridDim, config->blockDim, arguments,
                                        config->dynamicSmemBytes, config->stream);
}
