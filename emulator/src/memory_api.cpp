#include <algorithm>
#include <cstdio>

#include "capture.hpp"
#include "error.hpp"
#include "gpus.hpp"
#include "gridstride/emulator/api.hpp"
#include "memory.hpp"
#include "pools.hpp"
#include "settings.hpp"

namespace gridstride::emulator {
namespace {

cudaError_t allocate(const char* call, void** pointer, std::size_t bytes, MemoryKind kind,
                     const std::shared_ptr<Stream>& stream = nullptr) {
  if (pointer == nullptr) return fail(cudaErrorInvalidValue);
  if (device_error() != cudaSuccess) return fail(device_error());
  if (stream == nullptr) {
    if (const cudaError_t error = refuse_unsafe_call(); error != cudaSuccess) return error;
  }
  *pointer = nullptr;
  if (bytes == 0) return cudaSuccess;
  *pointer = Memory::instance().allocate(bytes, kind, stream);
  if (*pointer != nullptr) return cudaSuccess;
  return fail(cudaErrorMemoryAllocation, std::string(call) + ": " + std::to_string(bytes) +
                                             " bytes wanted, " + std::to_string(available_bytes()) +
                                             " are available");
}

/// Memory that a graph's nodes use, at the same place in every launch; it lives as long as they do.
class GraphMemory final : public Operation {
 public:
  explicit GraphMemory(void* pointer) : Operation(cudaGraphNodeTypeMemAlloc), pointer_(pointer) {}
  ~GraphMemory() override {
    Allocation allocation;
    Memory& memory = Memory::instance();
    if (memory.remove(pointer_, allocation)) memory.recycle(allocation, {});
  }
  GraphMemory(const GraphMemory&) = delete;
  GraphMemory& operator=(const GraphMemory&) = delete;
  void run() const override {}

 private:
  void* pointer_;
};

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
    why = memory.was_freed(pointer) ? "was freed already"
          : checking()              ? "was never allocated"
                                    : "was never allocated, or was freed already";
  }
  const std::string history = known || memory.was_freed(pointer) ? memory.history(pointer) : "";
  return fail(cudaErrorInvalidValue, std::string(call) + ": " + address(pointer) + " " + why, history);
}

}  // namespace

cudaError_t allocate_from(std::shared_ptr<Pool> pool, void** pointer, std::size_t bytes,
                          cudaStream_t stream) {
  const auto on = find_stream(stream);
  if (on == nullptr) return fail(cudaErrorInvalidResourceHandle);
  if (const cudaError_t error = refuse_implicit(on); error != cudaSuccess) return error;
  if (!pool->take(bytes)) {
    return fail(cudaErrorMemoryAllocation,
                "cudaMallocAsync: " + std::to_string(bytes) + " bytes more are beyond the pool's maxSize");
  }
  const cudaError_t error = allocate("cudaMallocAsync", pointer, bytes, MemoryKind::Device, on);
  if (error != cudaSuccess || bytes == 0) {
    pool->give_back(bytes);
    return error;
  }
  Memory::instance().own(*pointer, std::move(pool));
  return is_capturing(on) ? enqueue(on, std::make_shared<const GraphMemory>(*pointer)) : cudaSuccess;
}

}  // namespace gridstride::emulator

using namespace gridstride::emulator;

cudaError_t cudaMalloc(void** pointer, std::size_t bytes) {
  return allocate("cudaMalloc", pointer, bytes, MemoryKind::Device);
}

cudaError_t cudaMallocHost(void** pointer, std::size_t bytes, unsigned) {
  return cudaMallocHost(pointer, bytes);
}

cudaError_t cudaMallocHost(void** pointer, std::size_t bytes) {
  return allocate("cudaMallocHost", pointer, bytes, MemoryKind::Pinned);
}

cudaError_t cudaHostAlloc(void** pointer, std::size_t bytes, unsigned) {
  return allocate("cudaHostAlloc", pointer, bytes, MemoryKind::Pinned);
}

cudaError_t cudaMallocManaged(void** pointer, std::size_t bytes, unsigned) {
  return allocate("cudaMallocManaged", pointer, bytes, MemoryKind::Managed);
}

cudaError_t cudaMallocAsync(void** pointer, std::size_t bytes, cudaStream_t stream) {
  return allocate_from(current_pool(), pointer, bytes, stream);
}

cudaError_t cudaMallocPitch(void** pointer, std::size_t* pitch_bytes, std::size_t width_bytes,
                            std::size_t height) {
  constexpr std::size_t kPitchAlignment = 512;
  *pitch_bytes = (width_bytes + kPitchAlignment - 1) / kPitchAlignment * kPitchAlignment;
  return allocate("cudaMallocPitch", pointer, *pitch_bytes * height, MemoryKind::Device);
}

cudaError_t cudaMalloc3D(cudaPitchedPtr* pointer, cudaExtent extent) {
  if (pointer == nullptr) return fail(cudaErrorInvalidValue);
  *pointer = {nullptr, 0, extent.width, extent.height};
  return cudaMallocPitch(&pointer->ptr, &pointer->pitch, extent.width, extent.height * extent.depth);
}

cudaError_t cudaFree(void* pointer) {
  if (pointer == nullptr) return cudaSuccess;
  if (const cudaError_t error = refuse_unsafe_call(); error != cudaSuccess) return error;
  wait_for_device();  // kernels may still use it
  Allocation allocation;
  const cudaError_t error = remove("cudaFree", pointer, false, allocation);
  if (error != cudaSuccess) return error;
  Memory::instance().recycle(allocation, {});
  return outcome();
}

cudaError_t cudaFreeHost(void* pointer) {
  if (pointer == nullptr) return cudaSuccess;
  if (const cudaError_t error = refuse_unsafe_call(); error != cudaSuccess) return error;
  wait_for_device();
  Allocation allocation;
  const cudaError_t error = remove("cudaFreeHost", pointer, true, allocation);
  if (error != cudaSuccess) return error;
  Memory::instance().recycle(allocation, {});
  return outcome();
}

cudaError_t cudaFreeAsync(void* pointer, cudaStream_t stream) {
  if (pointer == nullptr) return cudaSuccess;
  const auto on = find_stream(stream);
  if (on == nullptr) return fail(cudaErrorInvalidResourceHandle);
  if (is_capturing(on)) return enqueue(on, call([] {}, cudaGraphNodeTypeMemFree));
  if (const cudaError_t error = refuse_implicit(on); error != cudaSuccess) return error;
  Allocation allocation;
  const cudaError_t error = remove("cudaFreeAsync", pointer, false, allocation);
  if (error != cudaSuccess) return error;
  Memory::instance().recycle(allocation, on->latest());
  return outcome();
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
  if (outcome() != cudaSuccess) return device_error();
  const Memory& memory = Memory::instance();
  if (free_bytes == nullptr || total_bytes == nullptr) return fail(cudaErrorInvalidValue);
  *total_bytes = device_bytes();
  const std::size_t left = device_bytes() - std::min(device_bytes(), memory.live_bytes());
  *free_bytes = std::min(left, available_bytes() + memory.cached_bytes());
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
