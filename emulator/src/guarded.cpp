#include "guarded.hpp"

#include <sys/mman.h>
#include <unistd.h>

#include <algorithm>
#include <cstdint>
#include <cstring>

#include "settings.hpp"

namespace gridstride::emulator::guarded {
namespace {

constexpr std::size_t kGuardBytes = std::size_t{4} << 20;
constexpr unsigned char kPoison = 0xFF;
constexpr unsigned char kCanary = 0xC5;

std::size_t page() {
  static const auto bytes = static_cast<std::size_t>(sysconf(_SC_PAGESIZE));
  return bytes;
}

std::size_t rounded(std::size_t bytes, std::size_t unit) { return (bytes + unit - 1) / unit * unit; }

/// The pages that hold an allocation.
struct Pages {
  char* first;
  std::size_t bytes;
};

Pages pages_of(const void* memory, std::size_t bytes) {
  const auto begin = reinterpret_cast<std::uintptr_t>(memory);
  const std::uintptr_t first = begin / page() * page();
  return {reinterpret_cast<char*>(first), rounded(begin + bytes, page()) - first};
}

/// -1 where there are no protection keys.
int device_key() {
#if defined(__x86_64__)
  static const int key = pkey_alloc(0, PKEY_DISABLE_ACCESS);
  return key;
#else
  return -1;
#endif
}

}  // namespace

void* allocate(std::size_t bytes, std::size_t alignment, bool device_only) {
  const std::size_t size = rounded(rounded(bytes, alignment), page());
  void* mapping =
      mmap(nullptr, size + 2 * kGuardBytes, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
  if (mapping == MAP_FAILED) return nullptr;
  char* first = static_cast<char*>(mapping) + kGuardBytes;
  if (mprotect(first, size, PROT_READ | PROT_WRITE) != 0) {
    munmap(mapping, size + 2 * kGuardBytes);
    return nullptr;
  }
  char* memory = first + size - rounded(bytes, alignment);
  std::memset(first, kCanary, static_cast<std::size_t>(memory - first));
  std::memset(memory, kPoison, bytes);
  std::memset(memory + bytes, kCanary, rounded(bytes, alignment) - bytes);
  if (device_only && keeps_host_out()) pkey_mprotect(first, size, PROT_READ | PROT_WRITE, device_key());
  return memory;
}

void release(void* memory, std::size_t bytes) {
  const auto [first, size] = pages_of(memory, bytes);
  // A fresh mapping gives the memory back to the system and keeps the addresses from being used again.
  mmap(first, size, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE | MAP_FIXED, -1, 0);
}

bool end_is_damaged(const void* memory, std::size_t bytes) {
  const auto [first, size] = pages_of(memory, bytes);
  const auto* end = reinterpret_cast<const unsigned char*>(first + size);
  const auto* behind = static_cast<const unsigned char*>(memory) + bytes;
  return std::any_of(behind, end, [](unsigned char c) { return c != kCanary; });
}

bool keeps_host_out() { return device_key() >= 0; }

DeviceAccess::DeviceAccess() {
#if defined(__x86_64__)
  if (!checking() || !keeps_host_out()) return;
  rights_before_ = pkey_get(device_key());
  pkey_set(device_key(), 0);
#endif
}

DeviceAccess::~DeviceAccess() {
#if defined(__x86_64__)
  if (checking() && keeps_host_out()) pkey_set(device_key(), static_cast<unsigned>(rights_before_));
#endif
}

void enter_device() {
#if defined(__x86_64__)
  if (keeps_host_out()) pkey_set(device_key(), 0);
#endif
}

}  // namespace gridstride::emulator::guarded
