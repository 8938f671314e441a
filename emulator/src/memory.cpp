#include "memory.hpp"

#include <unistd.h>

#include <algorithm>
#include <bit>
#include <cstdio>
#include <cstdlib>
#include <fstream>

#include "fiber.hpp"
#include "gpus.hpp"
#include "pools.hpp"

namespace gridstride::emulator {
namespace {

constexpr std::size_t kAlignment =
    256;  // as cudaMalloc's: a warp's first sector starts at an allocation's start
constexpr std::size_t kCachedAtLeast = std::size_t{64} << 20;

// AddressSanitizer sees overruns and use after free only if every allocation is malloc's, of its exact size.
constexpr bool kPooled = !GRIDSTRIDE_ASAN;

/// Eight sizes for each power of two, so that a freed block fits the next request of nearly the same size.
std::size_t capacity_for(std::size_t bytes) {
  if (!kPooled) return bytes;
  const std::size_t step = std::max(kAlignment, std::bit_floor(bytes) / 8);
  return (bytes + step - 1) / step * step;
}

}  // namespace

Memory& Memory::instance() {
  static auto* memory = new Memory;  // destructors of the program's statics may still free
  return *memory;
}

void* Memory::allocate(std::size_t bytes, MemoryKind kind, const std::shared_ptr<Stream>& stream) {
  const std::size_t capacity = capacity_for(bytes);
  const std::scoped_lock lock(mutex_);
  void* base = nullptr;
  const auto [first, last] = free_.equal_range(capacity);
  for (auto free = first; free != last; ++free) {
    const Moment& moment = free->second.moment;
    if (!moment.reached() && (stream == nullptr || moment.stream != stream)) continue;
    base = free->second.base;
    cached_bytes_ -= capacity;
    free_.erase(free);
    break;
  }
  if (base == nullptr) {
    const std::size_t total = std::min(physical_bytes(), device_bytes());
    if (bytes > total - std::min(total, live_bytes_)) return nullptr;
    if (posix_memalign(&base, kAlignment, capacity) != 0) return nullptr;
  }
  live_.emplace(reinterpret_cast<std::uintptr_t>(base), Allocation{base, bytes, capacity, kind, nullptr});
  live_bytes_ += capacity;
  return base;
}

bool Memory::remove(const void* pointer, Allocation& allocation) {
  const std::scoped_lock lock(mutex_);
  const auto found = live_.find(reinterpret_cast<std::uintptr_t>(pointer));
  if (found == live_.end()) return false;
  allocation = found->second;
  if (allocation.pool != nullptr) allocation.pool->give_back(allocation.bytes);
  live_bytes_ -= allocation.capacity;
  live_.erase(found);
  return true;
}

void Memory::own(void* pointer, std::shared_ptr<Pool> pool) {
  const std::scoped_lock lock(mutex_);
  const auto found = live_.find(reinterpret_cast<std::uintptr_t>(pointer));
  if (found != live_.end()) found->second.pool = std::move(pool);
}

void Memory::recycle(const Allocation& allocation, Moment moment) {
  if (allocation.capacity == 0) return;  // registered: not ours
  if (!kPooled) {
    if (moment.reached()) {
      std::free(allocation.base);
    } else {
      submit(moment.stream, call([base = allocation.base] { std::free(base); }));
    }
    return;
  }
  const std::scoped_lock lock(mutex_);
  free_.emplace(allocation.capacity, Free{allocation.base, std::move(moment)});
  cached_bytes_ += allocation.capacity;
  trim_locked(std::max(kCachedAtLeast, live_bytes_ / 2));
}

void Memory::release(std::multimap<std::size_t, Free>::iterator free) {
  cached_bytes_ -= free->first;
  std::free(free->second.base);
  free_.erase(free);
}

void Memory::trim(std::size_t bytes_to_keep) {
  const std::scoped_lock lock(mutex_);
  trim_locked(bytes_to_keep);
}

void Memory::trim_locked(std::size_t bytes_to_keep) {
  for (auto free = free_.end(); cached_bytes_ > bytes_to_keep && free != free_.begin();) {
    const auto candidate = std::prev(free);  // the largest first
    if (candidate->second.moment.reached()) {
      release(candidate);
    } else {
      free = candidate;
    }
  }
}

void Memory::add_foreign(void* pointer, std::size_t bytes, MemoryKind kind) {
  const std::scoped_lock lock(mutex_);
  live_.emplace(reinterpret_cast<std::uintptr_t>(pointer), Allocation{pointer, bytes, 0, kind, nullptr});
}

bool Memory::find(const void* address, Allocation& allocation) const {
  const auto wanted = reinterpret_cast<std::uintptr_t>(address);
  const std::scoped_lock lock(mutex_);
  auto found = live_.upper_bound(wanted);
  if (found == live_.begin()) return false;
  --found;
  if (wanted >= found->first + std::max<std::size_t>(found->second.bytes, 1)) return false;
  allocation = found->second;
  return true;
}

std::string Memory::describe(const void* address) const {
  char text[32];
  std::snprintf(text, sizeof text, "%p", address);
  Allocation allocation;
  if (find(address, allocation)) {
    const auto offset = static_cast<const char*>(address) - static_cast<const char*>(allocation.base);
    return std::string(text) + " (byte " + std::to_string(offset) + " of " +
           std::to_string(allocation.bytes) + (allocation.on_host() ? " on the host" : " on the device") +
           ")";
  }
  const auto wanted = reinterpret_cast<std::uintptr_t>(address);
  const std::scoped_lock lock(mutex_);
  for (const auto& [capacity, free] : free_) {
    const auto base = reinterpret_cast<std::uintptr_t>(free.base);
    if (wanted >= base && wanted < base + capacity) {
      return std::string(text) + " (device memory that was freed)";
    }
  }
  return std::string(text) + " (host memory)";
}

std::size_t Memory::live_bytes() const {
  const std::scoped_lock lock(mutex_);
  return live_bytes_;
}

std::size_t Memory::cached_bytes() const {
  const std::scoped_lock lock(mutex_);
  return cached_bytes_;
}

std::size_t physical_bytes() {
  static const std::size_t bytes =
      static_cast<std::size_t>(sysconf(_SC_PHYS_PAGES)) * static_cast<std::size_t>(sysconf(_SC_PAGESIZE));
  return bytes;
}

std::size_t available_bytes() {
  std::ifstream file("/proc/meminfo");
  std::string name;
  std::size_t kib = 0;
  while (file >> name >> kib) {
    if (name == "MemAvailable:") return kib * 1024;
    file.ignore(64, '\n');
  }
  return physical_bytes();
}

}  // namespace gridstride::emulator
