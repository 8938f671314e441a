/// cudaDeviceGetAttribute: the same properties, asked for one by one.
#include <cstddef>

#include "error.hpp"
#include "gridstride/emulator/api.hpp"

namespace gridstride::emulator {
namespace {

using P = cudaDeviceProp;

/// Where an attribute stands in the properties.
struct Field {
  cudaDeviceAttr attribute;
  int P::*number = nullptr;
  std::size_t P::*size = nullptr;

  constexpr Field(cudaDeviceAttr a, int P::*field) : attribute(a), number(field) {}
  constexpr Field(cudaDeviceAttr a, std::size_t P::*field) : attribute(a), size(field) {}

  int read(const P& properties) const {
    return number != nullptr ? properties.*number : static_cast<int>(properties.*size);
  }
};

constexpr Field kFields[] = {
    {cudaDevAttrMaxThreadsPerBlock, &P::maxThreadsPerBlock},
    {cudaDevAttrMaxSharedMemoryPerBlock, &P::sharedMemPerBlock},
    {cudaDevAttrTotalConstantMemory, &P::totalConstMem},
    {cudaDevAttrWarpSize, &P::warpSize},
    {cudaDevAttrMaxPitch, &P::memPitch},
    {cudaDevAttrMaxRegistersPerBlock, &P::regsPerBlock},
    {cudaDevAttrClockRate, &P::clockRate},
    {cudaDevAttrTextureAlignment, &P::textureAlignment},
    {cudaDevAttrGpuOverlap, &P::deviceOverlap},
    {cudaDevAttrMultiProcessorCount, &P::multiProcessorCount},
    {cudaDevAttrKernelExecTimeout, &P::kernelExecTimeoutEnabled},
    {cudaDevAttrIntegrated, &P::integrated},
    {cudaDevAttrCanMapHostMemory, &P::canMapHostMemory},
    {cudaDevAttrComputeMode, &P::computeMode},
    {cudaDevAttrMaxTexture1DWidth, &P::maxTexture1D},
    {cudaDevAttrSurfaceAlignment, &P::surfaceAlignment},
    {cudaDevAttrConcurrentKernels, &P::concurrentKernels},
    {cudaDevAttrEccEnabled, &P::ECCEnabled},
    {cudaDevAttrPciBusId, &P::pciBusID},
    {cudaDevAttrPciDeviceId, &P::pciDeviceID},
    {cudaDevAttrTccDriver, &P::tccDriver},
    {cudaDevAttrMemoryClockRate, &P::memoryClockRate},
    {cudaDevAttrGlobalMemoryBusWidth, &P::memoryBusWidth},
    {cudaDevAttrL2CacheSize, &P::l2CacheSize},
    {cudaDevAttrMaxThreadsPerMultiProcessor, &P::maxThreadsPerMultiProcessor},
    {cudaDevAttrAsyncEngineCount, &P::asyncEngineCount},
    {cudaDevAttrUnifiedAddressing, &P::unifiedAddressing},
    {cudaDevAttrPciDomainId, &P::pciDomainID},
    {cudaDevAttrTexturePitchAlignment, &P::texturePitchAlignment},
    {cudaDevAttrComputeCapabilityMajor, &P::major},
    {cudaDevAttrComputeCapabilityMinor, &P::minor},
    {cudaDevAttrStreamPrioritiesSupported, &P::streamPrioritiesSupported},
    {cudaDevAttrGlobalL1CacheSupported, &P::globalL1CacheSupported},
    {cudaDevAttrLocalL1CacheSupported, &P::localL1CacheSupported},
    {cudaDevAttrMaxSharedMemoryPerMultiprocessor, &P::sharedMemPerMultiprocessor},
    {cudaDevAttrMaxRegistersPerMultiprocessor, &P::regsPerMultiprocessor},
    {cudaDevAttrManagedMemory, &P::managedMemory},
    {cudaDevAttrIsMultiGpuBoard, &P::isMultiGpuBoard},
    {cudaDevAttrMultiGpuBoardGroupID, &P::multiGpuBoardGroupID},
    {cudaDevAttrHostNativeAtomicSupported, &P::hostNativeAtomicSupported},
    {cudaDevAttrSingleToDoublePrecisionPerfRatio, &P::singleToDoublePrecisionPerfRatio},
    {cudaDevAttrPageableMemoryAccess, &P::pageableMemoryAccess},
    {cudaDevAttrConcurrentManagedAccess, &P::concurrentManagedAccess},
    {cudaDevAttrComputePreemptionSupported, &P::computePreemptionSupported},
    {cudaDevAttrCanUseHostPointerForRegisteredMem, &P::canUseHostPointerForRegisteredMem},
    {cudaDevAttrCooperativeLaunch, &P::cooperativeLaunch},
    {cudaDevAttrCooperativeMultiDeviceLaunch, &P::cooperativeMultiDeviceLaunch},
    {cudaDevAttrMaxSharedMemoryPerBlockOptin, &P::sharedMemPerBlockOptin},
    {cudaDevAttrHostRegisterSupported, &P::hostRegisterSupported},
    {cudaDevAttrPageableMemoryAccessUsesHostPageTables, &P::pageableMemoryAccessUsesHostPageTables},
    {cudaDevAttrDirectManagedMemAccessFromHost, &P::directManagedMemAccessFromHost},
    {cudaDevAttrMaxBlocksPerMultiprocessor, &P::maxBlocksPerMultiProcessor},
    {cudaDevAttrMaxPersistingL2CacheSize, &P::persistingL2CacheMaxSize},
    {cudaDevAttrMaxAccessPolicyWindowSize, &P::accessPolicyMaxWindowSize},
    {cudaDevAttrReservedSharedMemoryPerBlock, &P::reservedSharedMemPerBlock},
    {cudaDevAttrSparseCudaArraySupported, &P::sparseCudaArraySupported},
    {cudaDevAttrHostRegisterReadOnlySupported, &P::hostRegisterReadOnlySupported},
    {cudaDevAttrTimelineSemaphoreInteropSupported, &P::timelineSemaphoreInteropSupported},
    {cudaDevAttrMemoryPoolsSupported, &P::memoryPoolsSupported},
    {cudaDevAttrGPUDirectRDMASupported, &P::gpuDirectRDMASupported},
    {cudaDevAttrGPUDirectRDMAFlushWritesOptions, &P::gpuDirectRDMAFlushWritesOptions},
    {cudaDevAttrGPUDirectRDMAWritesOrdering, &P::gpuDirectRDMAWritesOrdering},
    {cudaDevAttrMemoryPoolSupportedHandleTypes, &P::memoryPoolSupportedHandleTypes},
    {cudaDevAttrClusterLaunch, &P::clusterLaunch},
    {cudaDevAttrDeferredMappingCudaArraySupported, &P::deferredMappingCudaArraySupported},
    {cudaDevAttrIpcEventSupport, &P::ipcEventSupported},
};

/// The sides of what the properties have as arrays.
struct Side {
  cudaDeviceAttr attribute;
  int (*read)(const P&);
};

constexpr Side kSides[] = {
    {cudaDevAttrMaxBlockDimX, [](const P& p) { return p.maxThreadsDim[0]; }},
    {cudaDevAttrMaxBlockDimY, [](const P& p) { return p.maxThreadsDim[1]; }},
    {cudaDevAttrMaxBlockDimZ, [](const P& p) { return p.maxThreadsDim[2]; }},
    {cudaDevAttrMaxGridDimX, [](const P& p) { return p.maxGridSize[0]; }},
    {cudaDevAttrMaxGridDimY, [](const P& p) { return p.maxGridSize[1]; }},
    {cudaDevAttrMaxGridDimZ, [](const P& p) { return p.maxGridSize[2]; }},
    {cudaDevAttrMaxTexture2DWidth, [](const P& p) { return p.maxTexture2D[0]; }},
    {cudaDevAttrMaxTexture2DHeight, [](const P& p) { return p.maxTexture2D[1]; }},
    {cudaDevAttrMaxTexture3DWidth, [](const P& p) { return p.maxTexture3D[0]; }},
    {cudaDevAttrMaxTexture3DHeight, [](const P& p) { return p.maxTexture3D[1]; }},
    {cudaDevAttrMaxTexture3DDepth, [](const P& p) { return p.maxTexture3D[2]; }},
    {cudaDevAttrMaxTexture1DLayeredWidth, [](const P& p) { return p.maxTexture1DLayered[0]; }},
    {cudaDevAttrMaxTexture1DLayeredLayers, [](const P& p) { return p.maxTexture1DLayered[1]; }},
    {cudaDevAttrMaxTexture2DLayeredWidth, [](const P& p) { return p.maxTexture2DLayered[0]; }},
    {cudaDevAttrMaxTexture2DLayeredHeight, [](const P& p) { return p.maxTexture2DLayered[1]; }},
    {cudaDevAttrMaxTexture2DLayeredLayers, [](const P& p) { return p.maxTexture2DLayered[2]; }},
};

/// Attributes that no property tells.
bool read_constant(cudaDeviceAttr attribute, int& value) {
  switch (attribute) {
    case cudaDevAttrMemSyncDomainCount:
      value = 1;
      return true;
    case cudaDevAttrHostNumaId:
    case cudaDevAttrNumaId:
      value = -1;
      return true;
    case cudaDevAttrCanFlushRemoteWrites:
    case cudaDevAttrNumaConfig:
    case cudaDevAttrMpsEnabled:
      value = 0;
      return true;
    default:
      return false;
  }
}

}  // namespace
}  // namespace gridstride::emulator

using namespace gridstride::emulator;

cudaError_t cudaDeviceGetAttribute(int* value, cudaDeviceAttr attribute, int device) {
  if (value == nullptr) return fail(cudaErrorInvalidValue);
  cudaDeviceProp properties;
  const cudaError_t error = cudaGetDeviceProperties(&properties, device);
  if (error != cudaSuccess) return error;
  for (const Field& field : kFields) {
    if (field.attribute != attribute) continue;
    *value = field.read(properties);
    return cudaSuccess;
  }
  for (const Side& side : kSides) {
    if (side.attribute != attribute) continue;
    *value = side.read(properties);
    return cudaSuccess;
  }
  return read_constant(attribute, *value) ? cudaSuccess : fail(cudaErrorInvalidValue);
}
