#include "gridstride/emulator/launch_attributes.hpp"

#include "error.hpp"

namespace gridstride::emulator::detail {

cudaError_t read_attributes(const cudaLaunchConfig_t* config, LaunchConfig& launch) {
  if (config == nullptr || (config->numAttrs > 0 && config->attrs == nullptr)) {
    return fail(cudaErrorInvalidValue);
  }
  launch.grid = config->gridDim;
  launch.block = config->blockDim;
  launch.dynamic_shared_bytes = config->dynamicSmemBytes;
  launch.stream = config->stream;
  for (unsigned i = 0; i < config->numAttrs; ++i) {
    const cudaLaunchAttribute& attribute = config->attrs[i];
    if (attribute.id == cudaLaunchAttributeCooperative) {
      launch.cooperative = attribute.val.cooperative != 0;
    } else if (attribute.id == cudaLaunchAttributeClusterDimension) {
      const auto& cluster = attribute.val.clusterDim;
      launch.cluster = dim3(cluster.x, cluster.y, cluster.z);
      launch.cluster_is_specified = true;
    }
  }
  return cudaSuccess;
}

}  // namespace gridstride::emulator::detail
