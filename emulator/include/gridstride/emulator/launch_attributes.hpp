/// Launches with attributes. Those that only steer speed change nothing here.
#pragma once

#include <cstddef>
#include <utility>

#include "gridstride/emulator/kernel_address.hpp"

enum cudaLaunchAttributeID {
  cudaLaunchAttributeIgnore = 0,
  cudaLaunchAttributeAccessPolicyWindow = 1,
  cudaLaunchAttributeCooperative = 2,
  cudaLaunchAttributeSynchronizationPolicy = 3,
  cudaLaunchAttributeClusterDimension = 4,
  cudaLaunchAttributeClusterSchedulingPolicyPreference = 5,
  cudaLaunchAttributeProgrammaticStreamSerialization = 6,
  cudaLaunchAttributeProgrammaticEvent = 7,
  cudaLaunchAttributePriority = 8,
  cudaLaunchAttributeMemSyncDomainMap = 9,
  cudaLaunchAttributeMemSyncDomain = 10,
};

enum cudaAccessProperty {
  cudaAccessPropertyNormal = 0,
  cudaAccessPropertyStreaming = 1,
  cudaAccessPropertyPersisting = 2,
};
struct cudaAccessPolicyWindow {
  void* base_ptr;
  std::size_t num_bytes;
  float hitRatio;
  cudaAccessProperty hitProp;
  cudaAccessProperty missProp;
};
enum cudaSynchronizationPolicy {
  cudaSyncPolicyAuto = 1,
  cudaSyncPolicySpin = 2,
  cudaSyncPolicyYield = 3,
  cudaSyncPolicyBlockingSync = 4,
};

union cudaLaunchAttributeValue {
  char pad[64];
  cudaAccessPolicyWindow accessPolicyWindow;
  cudaSynchronizationPolicy syncPolicy;
  int cooperative;
  struct {
    unsigned x;
    unsigned y;
    unsigned z;
  } clusterDim;
  int clusterSchedulingPolicyPreference;
  int programmaticStreamSerializationAllowed;
  int priority;
};

struct cudaLaunchAttribute {
  cudaLaunchAttributeID id;
  char pad[8 - sizeof(cudaLaunchAttributeID)];
  cudaLaunchAttributeValue val;
};

struct cudaLaunchConfig_t {
  dim3 gridDim;
  dim3 blockDim;
  std::size_t dynamicSmemBytes;
  cudaStream_t stream;
  cudaLaunchAttribute* attrs;
  unsigned numAttrs;
};

namespace gridstride::emulator::detail {

/// What a launch with attributes asks for.
cudaError_t read_attributes(const cudaLaunchConfig_t* config, LaunchConfig& launch);

cudaError_t active_clusters(int* clusters, KernelHandle* kernel, const cudaLaunchConfig_t* config);
cudaError_t largest_cluster(int* blocks, KernelHandle* kernel);

}  // namespace gridstride::emulator::detail

template <class... P, class... A>
cudaError_t cudaLaunchKernelEx(const cudaLaunchConfig_t* config, void (*kernel)(P...), A&&... arguments) {
  gridstride::emulator::detail::LaunchConfig launch;
  const cudaError_t error = gridstride::emulator::detail::read_attributes(config, launch);
  if (error != cudaSuccess) return error;
  const gridstride::emulator::LaunchScope scope(launch);
  kernel(static_cast<P>(std::forward<A>(arguments))...);
  return cudaPeekAtLastError();
}
cudaError_t cudaLaunchKernelExC(const cudaLaunchConfig_t* config, const void* kernel, void** arguments);
template <class... P>
cudaError_t cudaLaunchKernelExC(const cudaLaunchConfig_t* config, void (*kernel)(P...), void** arguments) {
  return cudaLaunchKernelExC(config, gridstride::emulator::kernel_address(kernel), arguments);
}

/// How many clusters the GPU holds at once. Which processors may share one is not known to us, so that a GPU
/// may hold fewer.
template <class... P>
cudaError_t cudaOccupancyMaxActiveClusters(int* clusters, void (*kernel)(P...),
                                           const cudaLaunchConfig_t* config) {
  using namespace gridstride::emulator::detail;
  return active_clusters(clusters, identify(kernel), config);
}
template <class... P>
cudaError_t cudaOccupancyMaxPotentialClusterSize(int* blocks, void (*kernel)(P...),
                                                 const cudaLaunchConfig_t*) {
  using namespace gridstride::emulator::detail;
  return largest_cluster(blocks, identify(kernel));
}
