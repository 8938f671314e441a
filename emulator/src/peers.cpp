#include "gridstride/emulator/peers.hpp"

#include <cstdio>
#include <cstring>

#include "error.hpp"
#include "gridstride/emulator/api.hpp"

namespace gridstride::emulator {
namespace {

constexpr const char* kBusId = "0000:00:00.0";

bool exists(int device) { return device == 0; }

}  // namespace
}  // namespace gridstride::emulator

using namespace gridstride::emulator;

cudaError_t cudaDeviceCanAccessPeer(int* can_access, int device, int peer) {
  if (can_access == nullptr) return fail(cudaErrorInvalidValue);
  if (!exists(device) || !exists(peer)) return fail(cudaErrorInvalidDevice);
  *can_access = 0;  // a device is not its own peer
  return cudaSuccess;
}

cudaError_t cudaDeviceEnablePeerAccess(int, unsigned flags) {
  return fail(flags != 0 ? cudaErrorInvalidValue : cudaErrorInvalidDevice);
}

cudaError_t cudaDeviceDisablePeerAccess(int peer) {
  return fail(exists(peer) ? cudaErrorPeerAccessNotEnabled : cudaErrorInvalidDevice);
}

cudaError_t cudaDeviceGetP2PAttribute(int* value, cudaDeviceP2PAttr, int, int) {
  return fail(value == nullptr ? cudaErrorInvalidValue : cudaErrorInvalidDevice);
}

cudaError_t cudaChooseDevice(int* device, const cudaDeviceProp* wanted) {
  if (device == nullptr || wanted == nullptr) return fail(cudaErrorInvalidValue);
  *device = 0;
  return cudaSuccess;
}

cudaError_t cudaSetValidDevices(int* devices, int count) {
  if (devices == nullptr && count > 0) return fail(cudaErrorInvalidValue);
  for (int i = 0; i < count; ++i) {
    if (!exists(devices[i])) return fail(cudaErrorInvalidDevice);
  }
  return cudaSuccess;
}

cudaError_t cudaGetDeviceFlags(unsigned* flags) {
  if (flags == nullptr) return fail(cudaErrorInvalidValue);
  *flags = cudaDeviceScheduleAuto | cudaDeviceMapHost;
  return cudaSuccess;
}

cudaError_t cudaDeviceGetPCIBusId(char* text, int bytes, int device) {
  if (text == nullptr || bytes <= 0) return fail(cudaErrorInvalidValue);
  if (!exists(device)) return fail(cudaErrorInvalidDevice);
  std::snprintf(text, static_cast<std::size_t>(bytes), "%s", kBusId);
  return cudaSuccess;
}

cudaError_t cudaDeviceGetByPCIBusId(int* device, const char* text) {
  if (device == nullptr || text == nullptr) return fail(cudaErrorInvalidValue);
  if (std::strcmp(text, kBusId) != 0 && std::strcmp(text, "0000:00:00") != 0) {
    return fail(cudaErrorInvalidDevice);
  }
  *device = 0;
  return cudaSuccess;
}

cudaError_t cudaMemcpyPeer(void* target, int target_device, const void* source, int source_device,
                           std::size_t bytes) {
  if (!exists(target_device) || !exists(source_device)) return fail(cudaErrorInvalidDevice);
  return cudaMemcpy(target, source, bytes, cudaMemcpyDeviceToDevice);
}

cudaError_t cudaMemcpyPeerAsync(void* target, int target_device, const void* source, int source_device,
                                std::size_t bytes, cudaStream_t stream) {
  if (!exists(target_device) || !exists(source_device)) return fail(cudaErrorInvalidDevice);
  return cudaMemcpyAsync(target, source, bytes, cudaMemcpyDeviceToDevice, stream);
}
