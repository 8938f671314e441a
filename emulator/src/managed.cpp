#include "gridstride/emulator/managed.hpp"

#include <string>

#include "error.hpp"
#include "memory.hpp"
#include "stream.hpp"

namespace gridstride::emulator {
namespace {

cudaMemLocation location_of(int device) {
  return {device == cudaCpuDeviceId ? cudaMemLocationTypeHost : cudaMemLocationTypeDevice, device};
}

cudaError_t check_hint(const char* call, const void* pointer, std::size_t bytes, cudaMemLocation location) {
  if (location.type == cudaMemLocationTypeInvalid) return fail(cudaErrorInvalidValue);
  if (location.type == cudaMemLocationTypeDevice && location.id != 0) return fail(cudaErrorInvalidDevice);
  const Memory& memory = Memory::instance();
  Allocation known;
  const auto* last = static_cast<const unsigned char*>(pointer) + (bytes == 0 ? 0 : bytes - 1);
  for (const void* end : {pointer, static_cast<const void*>(last)}) {
    if (!memory.find(end, known) || known.kind != MemoryKind::Managed) {
      return fail(cudaErrorInvalidValue, std::string(call) + ": " + memory.describe(end) +
                                             ", but hints are for memory from cudaMallocManaged");
    }
  }
  return cudaSuccess;
}

}  // namespace
}  // namespace gridstride::emulator

using namespace gridstride::emulator;

cudaError_t cudaMemPrefetchAsync(const void* pointer, std::size_t bytes, cudaMemLocation location, unsigned,
                                 cudaStream_t stream) {
  if (find_stream(stream) == nullptr) return fail(cudaErrorInvalidResourceHandle);
  return check_hint("cudaMemPrefetchAsync", pointer, bytes, location);
}

cudaError_t cudaMemPrefetchAsync(const void* pointer, std::size_t bytes, int device, cudaStream_t stream) {
  return cudaMemPrefetchAsync(pointer, bytes, location_of(device), 0, stream);
}

cudaError_t cudaMemAdvise(const void* pointer, std::size_t bytes, cudaMemoryAdvise,
                          cudaMemLocation location) {
  return check_hint("cudaMemAdvise", pointer, bytes, location);
}

cudaError_t cudaMemAdvise(const void* pointer, std::size_t bytes, cudaMemoryAdvise advice, int device) {
  return cudaMemAdvise(pointer, bytes, advice, location_of(device));
}
