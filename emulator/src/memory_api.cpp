#include <cstdio>

#include "error.hpp"
#include "gridstride/emulator/api.hpp"
#include "memory.hpp"

namespace gridstride::emulator {
namespace {

cudaError_t allocate(const char* call, void** pointer, std::size_t bytes, MemoryKind kind,
                     const std::shared_ptr<Stream>& stream = nullptr) {
  if (pointer == nullptr) return fail(cudaErrorInvalidValue);
  if (device_error() != cudaSuccess) return fail(device_error());
  *pointer = nullptr;
  if (bytes == 0) return cudaSuccess;
  *pointer = Memory::instance().allocate(bytes, kind, stream);
  if (*pointer != nullptr) return cudaSuccess;
  return fail(cudaErrorMemoryAllocation, std::string(call) + ": " + std::to_string(bytes) +
                                             " bytes wanted, " + std::to_string(available_bytes()) +
                                             " are available");
}

std::string address(const void* pointer) {
  char text[32];
  std::snprintf(text, sizeof text, "%p", pointer);
  return text;
}

/// Takes an allocation of the right kind out of the table.
cudaError_t remove(const char* call, void* pointer, bool host, Allocation& allocation) {
  Memory& memory = Memory::instance();
  Allocation found;
  const bool known = memory.find(pointer, found);
  const bool pinned = known && found.kind == MemoryKind::Pinned;
  const bool freeable = known && found.base == pointer && found.capacity != 0;
  if (freeable && pinned == host && memory.remove(pointer, allocation)) return cudaSuccess;
  std::string why;
  if (freeable) {
    why = pinned ? "is pinned host memory, cudaFreeHost frees it" : "is device memory, cudaFree frees it";
  } else if (known && found.capacity != 0) {
    why = "points into an allocation, not at its beginning " + address(found.base);
  } else {
    why = "was never allocated, or was freed already";
  }
  return fail(cudaErrorInvalidValue, std::string(call) + ": " + address(pointer) + " " + why);
}

}  // namespace
}  // namespace gridstride::emulator

using namespace gridstride::emulator;

cudaError_t cudaMalloc(void** pointer, std::size_t bytes) {
  return allocate("cudaMalloc", pointer, bytes, MemoryKind::Device);
}

cudaError_t cudaMallocHost(void** pointer, std::size_t bytes, unsigned) {
  return allocate("cudaMallocHost", pointer, bytes, MemoryKind::Pinned);
}

cudaError_t cudaHostAlloc(void** pointer, std::size_t bytes, unsigned) {
  return allocate("cudaHostAlloc", pointer, bytes, MemoryKind::Pinned);
}

cudaError_t cudaMallocManaged(void** pointer, std::size_t bytes, unsigned) {
  return allocate("cudaMallocManaged", pointer, bytes, MemoryKind::Managed);
}

cudaError_t cudaMallocAsync(void** pointer, std::size_t bytes, cudaStream_t stream) {
  const auto on = find_stream(stream);
  if (on == nullptr) return fail(cudaErrorInvalidResourceHandle);
  return allocate("cudaMallocAsync", pointer, bytes, MemoryKind::Device, on);
}

cudaError_t cudaMallocPitch(void** pointer, std::size_t* pitch_bytes, std::size_t width_bytes,
                            std::size_t height) {
  constexpr std::size_t kPitchAlignment = 512;
  *pitch_bytes = (width_bytes + kPitchAlignment - 1) / kPitchAlignment * kPitchAlignment;
  return allocate("cudaMallocPitch", pointer, *pitch_bytes * height, MemoryKind::Device);
}

cudaError_t cudaFree(void* pointer) {
  if (pointer == nullptr) return cudaSuccess;
  wait_for_device();  // kernels may still use it
  Allocation allocation;
  const cudaError_t error = remove("cudaFree", pointer, false, allocation);
  if (error != cudaSuccess) return error;
  Memory::instance().recycle(allocation, {});
  return device_error() != cudaSuccess ? fail(device_error()) : cudaSuccess;
}

cudaError_t cudaFreeHost(void* pointer) {
  if (pointer == nullptr) return cudaSuccess;
  wait_for_device();
  Allocation allocation;
  const cudaError_t error = remove("cudaFreeHost", pointer, true, allocation);
  if (error != cudaSuccess) return error;
  Memory::instance().recycle(allocation, {});
  return cudaSuccess;
}

cudaError_t cudaFreeAsync(void* pointer, cudaStream_t stream) {
  if (pointer == nullptr) return cudaSuccess;
  const auto on = find_stream(stream);
  if (on == nullptr) return fail(cudaErrorInvalidResourceHandle);
  Allocation allocation;
  const cudaError_t error = remove("cudaFreeAsync", pointer, false, allocation);
  if (error != cudaSuccess) return error;
  Memory::instance().recycle(allocation, on->latest());
  return cudaSuccess;
}

cudaError_t cudaHostRegister(void* pointer, std::size_t bytes, unsigned) {
  if (pointer == nullptr || bytes == 0) return fail(cudaErrorInvalidValue);
  Allocation known;
  if (Memory::instance().find(pointer, known)) return fail(cudaErrorHostMemoryAlreadyRegistered);
  Memory::instance().add_foreign(pointer, bytes, MemoryKind::Registered);
  return cudaSuccess;
}

cudaError_t cudaHostUnregister(void* pointer) {
  Allocation known;
  Memory& memory = Memory::instance();
  if (!memory.find(pointer, known) || known.kind != MemoryKind::Registered ||
      !memory.remove(pointer, known)) {
    return fail(cudaErrorHostMemoryNotRegistered);
  }
  return cudaSuccess;
}

cudaError_t cudaHostGetDevicePointer(void** device, void* host, unsigned) {
  Allocation known;
  if (device == nullptr || !Memory::instance().find(host, known) || !known.on_host()) {
    return fail(cudaErrorInvalidValue);
  }
  *device = host;
  return cudaSuccess;
}

cudaError_t cudaMemGetInfo(std::size_t* free_bytes, std::size_t* total_bytes) {
  *total_bytes = physical_bytes();
  *free_bytes = std::min(physical_bytes(), available_bytes() + Memory::instance().cached_bytes());
  return cudaSuccess;
}

cudaError_t cudaPointerGetAttributes(cudaPointerAttributes* attributes, const void* pointer) {
  if (attributes == nullptr) return fail(cudaErrorInvalidValue);
  auto* address = const_cast<void*>(pointer);
  Allocation known;
  *attributes = {};
  if (!Memory::instance().find(pointer, known)) {
    attributes->type = cudaMemoryTypeUnregistered;
    attributes->device = -2;  // cudaInvalidDeviceId
    return cudaSuccess;
  }
  attributes->type = known.kind == MemoryKind::Managed ? cudaMemoryTypeManaged
                     : known.on_device()               ? cudaMemoryTypeDevice
                                                       : cudaMemoryTypeHost;
  attributes->devicePointer = address;
  attributes->hostPointer = known.on_host() ? address : nullptr;
  return cudaSuccess;
}

// There is one pool, the device's default one; a handle to it is all that a program can do with it.
cudaError_t cudaDeviceGetDefaultMemPool(cudaMemPool_t* pool, int device) {
  if (pool == nullptr) return fail(cudaErrorInvalidValue);
  if (device != 0) return fail(cudaErrorInvalidDevice);
  *pool = reinterpret_cast<cudaMemPool_t>(&Memory::instance());
  return cudaSuccess;
}

cudaError_t cudaDeviceGetMemPool(cudaMemPool_t* pool, int device) {
  return cudaDeviceGetDefaultMemPool(pool, device);
}

cudaError_t cudaMemPoolSetAttribute(cudaMemPool_t pool, cudaMemPoolAttr, void* value) {
  const bool ours = pool == reinterpret_cast<cudaMemPool_t>(&Memory::instance());
  return ours && value != nullptr ? cudaSuccess : fail(cudaErrorInvalidValue);
}

cudaError_t cudaMemPoolGetAttribute(cudaMemPool_t pool, cudaMemPoolAttr attribute, void* value) {
  const Memory& memory = Memory::instance();
  if (pool != reinterpret_cast<cudaMemPool_t>(const_cast<Memory*>(&memory)) || value == nullptr) {
    return fail(cudaErrorInvalidValue);
  }
  switch (attribute) {
    case cudaMemPoolReuseFollowEventDependencies:
    case cudaMemPoolReuseAllowOpportunistic:
    case cudaMemPoolReuseAllowInternalDependencies:
      *static_cast<int*>(value) = 1;
      break;
    case cudaMemPoolAttrReservedMemCurrent:
    case cudaMemPoolAttrReservedMemHigh:
      *static_cast<std::uint64_t*>(value) = memory.live_bytes() + memory.cached_bytes();
      break;
    case cudaMemPoolAttrUsedMemCurrent:
    case cudaMemPoolAttrUsedMemHigh:
      *static_cast<std::uint64_t*>(value) = memory.live_bytes();
      break;
    case cudaMemPoolAttrReleaseThreshold:
      *static_cast<std::uint64_t*>(value) = ~std::uint64_t{0};
      break;
  }
  return cudaSuccess;
}

cudaError_t cudaMemPoolTrimTo(cudaMemPool_t pool, std::size_t bytes_to_keep) {
  if (pool != reinterpret_cast<cudaMemPool_t>(&Memory::instance())) {
    return fail(cudaErrorInvalidValue);
  }
  Memory::instance().trim(bytes_to_keep);
  return cudaSuccess;
}
