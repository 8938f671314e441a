#include "memory.hpp"

#include <unistd.h>

#include <algorithm>
#include <bit>
#include <cstdio>
#include <cstdlib>
#include <fstream>

#include "fiber.hpp"
#include "gpus.hpp"
#include "guarded.hpp"
#include "last_words.hpp"
#include "pools.hpp"
#include "settings.hpp"
#include "signals.hpp"

namespace gridstride::emulator {
namespace {

constexpr std::size_t kAlignment =
    256;  // as cudaMalloc's: a warp's first sector starts at an allocation's start
constexpr std::size_t kHeadBytes = 8;  // of malloc's own, before it
constexpr std::size_t kCachedAtLeast = std::size_t{64} << 20;

// AddressSanitizer sees overruns and use after free only if every allocation is malloc's, of its exact size.
constexpr bool kMallocs = GRIDSTRIDE_ASAN;

bool pooled() { return !kMallocs && !checking(); }

/// Eight sizes for each power of two, so that a freed block fits the next request of nearly the same size.
std::size_t capacity_for(std::size_t bytes) {
  if (!pooled()) return bytes;
  const std::size_t step = std::max(kAlignment, std::bit_floor(bytes) / 8);
  return (bytes + step - 1) / step * step;
}

/// A GPU maps its memory in pages of 2 MiB, so that what strays a little beyond an allocation's end goes on
/// as if nothing were wrong: programs that everybody takes for right do, and only a checked run should stop
/// them. Of a large allocation the room that nobody touches costs addresses, not memory.
std::size_t with_room_behind(std::size_t capacity) {
  if (kMallocs) return capacity;
  return capacity + std::clamp(capacity, std::size_t{4} << 10, std::size_t{2} << 20);
}

/// The nearest of `allocations`, whose end is preferred; null when none is near.
const Allocation* beside(std::uintptr_t wanted, const std::map<std::uintptr_t, Allocation>& allocations) {
  constexpr std::uintptr_t kNear = std::uintptr_t{4} << 20;
  const auto above = allocations.upper_bound(wanted);
  if (above != allocations.begin()) {
    const auto& [base, a] = *std::prev(above);
    if (wanted < base + a.bytes + kNear) return &a;
  }
  return above != allocations.end() && above->first - wanted < kNear ? &above->second : nullptr;
}

/// Where an address lies as seen from an allocation.
std::string seen_from(const Allocation& a, std::uintptr_t wanted) {
  const std::string of = " an allocation of " + std::to_string(a.bytes) + " bytes";
  const auto base = reinterpret_cast<std::uintptr_t>(a.base);
  if (wanted < base) return std::to_string(base - wanted) + " bytes before" + of;
  if (wanted < base + a.bytes) return "byte " + std::to_string(wanted - base) + " of" + of;
  const std::uintptr_t beyond = wanted - base - a.bytes;
  return (beyond == 0 ? "right behind" : std::to_string(beyond) + " bytes beyond") + " the end of" + of;
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
    if (checking() && !kMallocs) {
      signals::install();
      base = guarded::allocate(bytes, guarded::kAlignment, kind == MemoryKind::Device);
      if (base == nullptr) return nullptr;
    } else if (posix_memalign(&base, kAlignment, with_room_behind(capacity)) != 0) {
      return nullptr;
    }
  }
  Allocation made{base, bytes, capacity, kind, nullptr, nullptr, nullptr};
  if (checking()) {
    made.allocated = std::make_shared<const CallChain>(call_chain());
    expect_last_words();
  }
  live_.emplace(reinterpret_cast<std::uintptr_t>(base), std::move(made));
  live_bytes_ += capacity;
  return base;
}

bool Memory::remove(const void* pointer, Allocation& allocation) {
  const std::scoped_lock lock(mutex_);
  const auto found = live_.find(reinterpret_cast<std::uintptr_t>(pointer));
  if (found == live_.end()) return false;
  allocation = found->second;
  if (allocation.pool != nullptr) allocation.pool->give_back(allocation.bytes);
  if (checking()) allocation.freed = std::make_shared<const CallChain>(call_chain());
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
  if (!pooled()) {
    if (moment.reached()) {
      discard(allocation);
    } else {
      // Owned by the operation, for one that the end of the process overtakes is never run.
      const auto give_back = [this, allocation](void*) { discard(allocation); };
      submit(moment.stream, call([owned = std::shared_ptr<void>(allocation.base, give_back)] {}));
    }
    return;
  }
  const std::scoped_lock lock(mutex_);
  free_.emplace(allocation.capacity, Free{allocation.base, std::move(moment)});
  cached_bytes_ += allocation.capacity;
  trim_locked(std::max(kCachedAtLeast, live_bytes_ / 2));
}

/// Gives memory back that will not be used again.
void Memory::discard(const Allocation& allocation) {
  if (kMallocs) {
    std::free(allocation.base);
    return;
  }
  guarded::release(allocation.base, allocation.bytes);
  const std::scoped_lock lock(mutex_);
  freed_[reinterpret_cast<std::uintptr_t>(allocation.base)] = allocation;
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
  live_.emplace(reinterpret_cast<std::uintptr_t>(pointer),
                Allocation{pointer, bytes, 0, kind, nullptr, nullptr, nullptr});
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
  bool freed = false;
  if (const Allocation* a = near(wanted, freed)) {
    return std::string(text) + " (" + seen_from(*a, wanted) + (freed ? " that was freed)" : ")");
  }
  return std::string(text) + (wanted < 4096 ? " (a null pointer)" : " (host memory)");
}

std::string Memory::trespass(const void* address, std::size_t bytes) const {
  const auto wanted = reinterpret_cast<std::uintptr_t>(address);
  const std::scoped_lock lock(mutex_);
  const auto above = live_.upper_bound(wanted);
  if (above != live_.begin()) {
    const Allocation& below = std::prev(above)->second;
    if (wanted + bytes <= reinterpret_cast<std::uintptr_t>(below.base) + below.bytes) return {};
  }
  if (above != live_.end() && above->second.capacity != 0 && above->first - wanted <= kHeadBytes) {
    return seen_from(above->second, wanted);
  }
  if (above != live_.begin()) {
    const Allocation& below = std::prev(above)->second;
    const auto base = reinterpret_cast<std::uintptr_t>(below.base);
    if (below.capacity != 0 && wanted < base + with_room_behind(below.capacity)) {
      return "element " + std::to_string((wanted - base) / bytes) + ", of " + std::to_string(bytes) +
             " bytes each, " + seen_from(below, wanted);
    }
  }
  for (const auto& [capacity, free] : free_) {
    const auto base = reinterpret_cast<std::uintptr_t>(free.base);
    if (wanted - base < capacity && free.moment.reached()) return "device memory that was freed";
  }
  return {};
}

/// The allocation that an address is in or beside, in a run that is checked.
const Allocation* Memory::near(std::uintptr_t address, bool& freed) const {
  const auto within = [address](const Allocation* a) {
    return a != nullptr && address - reinterpret_cast<std::uintptr_t>(a->base) < a->bytes;
  };
  const Allocation* dead = beside(address, freed_);
  const Allocation* alive = beside(address, live_);
  freed = dead != nullptr && !within(alive) && (within(dead) || alive == nullptr);
  return freed ? dead : alive;
}

std::string Memory::history(const void* address) const {
  if (!checking()) return {};
  Allocation found;
  {
    const std::scoped_lock lock(mutex_);
    bool freed = false;
    const Allocation* a = near(reinterpret_cast<std::uintptr_t>(address), freed);
    if (a == nullptr) return {};
    found = *a;
  }
  std::string lines;
  if (found.allocated != nullptr) lines += lines_of("allocated", *found.allocated);
  if (found.freed != nullptr) lines += lines_of("freed", *found.freed);
  return lines;
}

bool Memory::was_freed(const void* pointer) const {
  const std::scoped_lock lock(mutex_);
  return freed_.contains(reinterpret_cast<std::uintptr_t>(pointer));
}

void Memory::forgive_leaks() {
  const std::scoped_lock lock(mutex_);
  for (auto& [base, allocation] : live_) allocation.allocated = nullptr;
}

std::vector<Allocation> Memory::live() const {
  const std::scoped_lock lock(mutex_);
  std::vector<Allocation> all;
  for (const auto& [base, allocation] : live_) {
    if (allocation.capacity != 0) all.push_back(allocation);
  }
  return all;
}

std::vector<Allocation> Memory::damaged() const {
  std::vector<Allocation> all = live();
  std::erase_if(all, [](const Allocation& a) { return !guarded::end_is_damaged(a.base, a.bytes); });
  return all;
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
