/// The one device, as programs ask about it.
#include <algorithm>
#include <cstring>
#include <fstream>
#include <string>

#include "error.hpp"
#include "gpus.hpp"
#include "gridstride/emulator/api.hpp"
#include "memory.hpp"
#include "settings.hpp"

namespace gridstride::emulator {
namespace {

/// The host's clock in kHz, as the kernel tells it; 0 when it does not.
int read_clock_khz() {
  std::ifstream file("/proc/cpuinfo");
  for (std::string line; std::getline(file, line);) {
    if (line.starts_with("cpu MHz")) {
      return static_cast<int>(1000 * std::strtod(line.c_str() + line.find(':') + 1, nullptr));
    }
  }
  return 0;
}

int clock_khz() {
  static const int khz = read_clock_khz();
  return khz;
}

/// What all GPUs of the table share, and what the emulator is whatever it shows. Zero is "not known" or "does
/// not apply".
cudaDeviceProp common_properties() {
  cudaDeviceProp p{};
  p.sharedMemPerBlock = kDefaultSharedBytes;
  p.regsPerBlock = p.regsPerMultiprocessor = 65536;
  p.warpSize = 32;
  p.memPitch = 0x7fffffff;
  p.maxThreadsPerBlock = kMaxThreadsPerBlock;
  p.maxThreadsDim[0] = p.maxThreadsDim[1] = 1024;
  p.maxThreadsDim[2] = 64;
  p.maxGridSize[0] = 0x7fffffff;
  p.maxGridSize[1] = p.maxGridSize[2] = 65535;
  p.totalConstMem = 65536;
  p.textureAlignment = p.surfaceAlignment = 512;
  p.texturePitchAlignment = 32;
  p.maxTexture1D = p.maxTexture2D[0] = 131072;
  p.maxTexture1DLinear = 1 << 28;
  p.maxTexture2D[1] = 65536;
  for (int& side : p.maxTexture3D) side = 16384;
  p.maxTexture1DLayered[0] = p.maxTexture2DLayered[0] = p.maxTexture2DLayered[1] = 32768;
  p.maxTexture1DLayered[1] = p.maxTexture2DLayered[2] = 2048;
  p.canMapHostMemory = 1;
  p.concurrentKernels = 1;
  p.asyncEngineCount = 1;
  p.deviceOverlap = 1;
  p.unifiedAddressing = 1;
  p.managedMemory = 1;
  p.concurrentManagedAccess = 1;
  p.canUseHostPointerForRegisteredMem = 1;
  p.hostRegisterSupported = 1;
  p.cooperativeLaunch = 1;
  p.memoryPoolsSupported = 1;
  p.globalL1CacheSupported = p.localL1CacheSupported = 1;
  return p;
}

cudaDeviceProp properties_of(const Gpu& gpu) {
  const Architecture& architecture = gpu.architecture;
  cudaDeviceProp p = common_properties();
  p.clusterLaunch = architecture.major >= 9;
  std::strcpy(p.name, gpu.title);
  p.major = architecture.major;
  p.minor = architecture.minor;
  p.totalGlobalMem = device_bytes();
  p.sharedMemPerBlockOptin = architecture.shared_per_block();
  p.sharedMemPerMultiprocessor = architecture.shared_per_processor();
  p.reservedSharedMemPerBlock = architecture.shared_reserved();
  p.maxThreadsPerMultiProcessor = static_cast<int>(architecture.threads_per_processor);
  p.maxBlocksPerMultiProcessor = static_cast<int>(architecture.blocks_per_processor);
  p.singleToDoublePrecisionPerfRatio = architecture.float_to_double_rate;
  p.multiProcessorCount = static_cast<int>(gpu.processors);
  p.clockRate = 1000 * gpu.clock_mhz;
  p.memoryClockRate = 1000 * gpu.memory_clock_mhz;
  p.memoryBusWidth = gpu.bus_bits;
  p.l2CacheSize = static_cast<int>(1024 * gpu.l2_kib);
  p.ECCEnabled = gpu.ecc ? 1 : 0;
  if (gpu.is_host()) {
    p.clockRate = clock_khz();
    p.integrated = 1;  // the host's memory is the device's
    p.hostNativeAtomicSupported = 1;
    p.pageableMemoryAccess = 1;
    p.pageableMemoryAccessUsesHostPageTables = 1;
    p.directManagedMemAccessFromHost = 1;
  }
  return p;
}

}  // namespace
}  // namespace gridstride::emulator

using namespace gridstride::emulator;

cudaError_t cudaGetDeviceCount(int* count) {
  if (count == nullptr) return fail(cudaErrorInvalidValue);
  *count = 1;
  return cudaSuccess;
}

cudaError_t cudaGetDevice(int* device) {
  if (device == nullptr) return fail(cudaErrorInvalidValue);
  *device = 0;
  return cudaSuccess;
}

cudaError_t cudaSetDevice(int device) {
  return device == 0 ? cudaSuccess
                     : fail(cudaErrorInvalidDevice,
                            "cudaSetDevice(" + std::to_string(device) + "): there is device 0 only");
}

cudaError_t cudaSetDeviceFlags(unsigned) { return cudaSuccess; }

cudaError_t cudaDeviceReset() {
  wait_for_device();
  clear_errors();
  Memory::instance().forgive_leaks();
  return cudaSuccess;
}

cudaError_t cudaGetDeviceProperties(cudaDeviceProp* result, int device) {
  if (result == nullptr) return fail(cudaErrorInvalidValue);
  if (device != 0) return fail(cudaErrorInvalidDevice);
  *result = properties_of(gpu());
  return cudaSuccess;
}

cudaError_t cudaDeviceSetLimit(cudaLimit limit, std::size_t value) {
  switch (limit) {
    case cudaLimitStackSize:
      set_stack_bytes(value);
      return cudaSuccess;
    case cudaLimitPrintfFifoSize:
    case cudaLimitMallocHeapSize:
      return cudaSuccess;  // printf and malloc are the host's, unlimited
    default:               // there is no second-level cache to divide, and kernels launch none
      return fail(cudaErrorUnsupportedLimit);
  }
}

cudaError_t cudaDeviceGetLimit(std::size_t* value, cudaLimit limit) {
  if (value == nullptr) return fail(cudaErrorInvalidValue);
  switch (limit) {
    case cudaLimitStackSize:
      *value = stack_bytes();
      return cudaSuccess;
    case cudaLimitPrintfFifoSize:
    case cudaLimitMallocHeapSize:
      *value = physical_bytes();
      return cudaSuccess;
    default:
      return fail(cudaErrorUnsupportedLimit);
  }
}

cudaError_t cudaDeviceSetCacheConfig(cudaFuncCache) { return cudaSuccess; }
cudaError_t cudaDeviceSetSharedMemConfig(cudaSharedMemConfig) { return cudaSuccess; }

cudaError_t cudaDeviceGetSharedMemConfig(cudaSharedMemConfig* config) {
  if (config == nullptr) return fail(cudaErrorInvalidValue);
  *config = cudaSharedMemBankSizeFourByte;
  return cudaSuccess;
}

cudaError_t cudaDeviceGetStreamPriorityRange(int* least, int* greatest) {
  if (least != nullptr) *least = 0;
  if (greatest != nullptr) *greatest = 0;
  return cudaSuccess;
}

cudaError_t cudaRuntimeGetVersion(int* version) {
  *version = CUDART_VERSION;
  return cudaSuccess;
}

cudaError_t cudaDriverGetVersion(int* version) { return cudaRuntimeGetVersion(version); }
