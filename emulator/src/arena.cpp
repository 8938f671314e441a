#include "arena.hpp"

#include <sys/mman.h>

#include <algorithm>
#include <cstring>
#include <new>

#include "fiber.hpp"
#include "guarded.hpp"
#include "settings.hpp"

namespace gridstride::emulator {
namespace {

constexpr std::size_t kGuardBytes = 64 * 1024;  // beyond the end, so that running off it faults
constexpr std::size_t kMappedBytes = 256 * 1024;
constexpr int kPoisonByte = 0xFF;
static_assert(kMaxSharedBytes <= kMappedBytes);

/// Under AddressSanitizer objects are kept apart by poisoned bytes.
constexpr std::size_t kRedzoneBytes = GRIDSTRIDE_ASAN ? 32 : 0;

void forbid([[maybe_unused]] void* memory, [[maybe_unused]] std::size_t bytes) {
#if GRIDSTRIDE_ASAN
  __asan_poison_memory_region(memory, bytes);
#endif
}

void allow([[maybe_unused]] void* memory, [[maybe_unused]] std::size_t bytes) {
#if GRIDSTRIDE_ASAN
  __asan_unpoison_memory_region(memory, bytes);
#endif
}

}  // namespace

Arena::Arena() {
  void* mapping = mmap(nullptr, kMappedBytes + kGuardBytes, PROT_READ | PROT_WRITE,
                       MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
  if (mapping == MAP_FAILED) throw std::bad_alloc();
  memory_ = static_cast<char*>(mapping);
  mprotect(memory_ + kMappedBytes, kGuardBytes, PROT_NONE);
}

Arena::~Arena() {
  allow(memory_, kMappedBytes);
  munmap(memory_, kMappedBytes + kGuardBytes);
  for (const Object& object : guarded_) guarded::release(object.address, object.bytes);
}

void Arena::begin(std::size_t dynamic_bytes, std::size_t limit_bytes) {
  forbid(memory_, kMappedBytes);
  objects_.clear();
  used_ = dynamic_bytes;
  dynamic_bytes_ = dynamic_bytes;
  limit_ = limit_bytes;
  dynamic_ready_ = false;
}

void* Arena::object(const void* key, std::size_t bytes, std::size_t align) {
  for (const Object& object : objects_) {
    if (object.key == key) return object.address;
  }
  const std::size_t separated = used_ == 0 ? 0 : used_ + kRedzoneBytes;
  const std::size_t offset = (separated + align - 1) / align * align;
  const std::size_t redzones = kRedzoneBytes * (objects_.size() + 1);
  if (offset + bytes > limit_ + redzones || offset + bytes > kMappedBytes) return nullptr;
  used_ = offset + bytes;
  void* address = checking() ? guarded(key, bytes, align) : memory_ + offset;
  allow(address, bytes);
  std::memset(address, kPoisonByte, bytes);
  objects_.push_back({key, address, bytes});
  return address;
}

namespace {

/// In a checked run objects have pages of their own; the window lines them up, as well aligned as they are.
std::uint32_t window_bytes(std::size_t object_bytes) {
  constexpr std::size_t kAlignment = 1024;
  return static_cast<std::uint32_t>((object_bytes + kAlignment) / kAlignment * kAlignment);
}

}  // namespace

std::optional<std::uint32_t> Arena::window_offset(const void* address) const {
  const auto* wanted = static_cast<const char*>(address);
  if (!checking()) {
    const auto offset = static_cast<std::size_t>(wanted - memory_);
    if (offset >= kMappedBytes) return {};
    return static_cast<std::uint32_t>(offset);
  }
  std::uint32_t begin = 0;
  for (const Object& object : objects_) {
    const auto offset = static_cast<std::size_t>(wanted - static_cast<const char*>(object.address));
    if (offset <= object.bytes) return begin + static_cast<std::uint32_t>(offset);
    begin += window_bytes(object.bytes);
  }
  return {};
}

void* Arena::at_window_offset(std::uint32_t offset) const {
  if (!checking()) return offset < kMappedBytes ? memory_ + offset : nullptr;
  for (const Object& object : objects_) {
    if (offset < window_bytes(object.bytes)) return static_cast<char*>(object.address) + offset;
    offset -= window_bytes(object.bytes);
  }
  return nullptr;
}

void* Arena::guarded(const void* key, std::size_t bytes, std::size_t align) {
  for (const Object& known : guarded_) {
    if (known.key == key && known.bytes == bytes) return known.address;
  }
  void* address = guarded::allocate(bytes, std::max(align, guarded::kAlignment), false);
  if (address == nullptr) throw std::bad_alloc();
  guarded_.push_back({key, address, bytes});
  return address;
}

std::string Arena::describe(const void* address) const {
  constexpr std::ptrdiff_t kNear = 1 << 20;
  for (const Object& object : objects_) {
    const auto offset = static_cast<const char*>(address) - static_cast<const char*>(object.address);
    const auto bytes = static_cast<std::ptrdiff_t>(object.bytes);
    if (offset < -kNear || offset >= bytes + kNear || !checking()) continue;
    const std::string of = " a __shared__ object of " + std::to_string(bytes) + " bytes";
    if (offset < 0) return std::to_string(-offset) + " bytes before" + of;
    return offset < bytes ? "byte " + std::to_string(offset) + " of" + of
                          : std::to_string(offset - bytes) + " bytes beyond the end of" + of;
  }
  return {};
}

void* Arena::dynamic() {
  if (!dynamic_ready_) {
    dynamic_ready_ = true;
    dynamic_ =
        checking() && dynamic_bytes_ != 0 ? guarded(this, dynamic_bytes_, guarded::kAlignment) : memory_;
    if (checking()) objects_.push_back({this, dynamic_, dynamic_bytes_});
    allow(dynamic_, dynamic_bytes_);
    std::memset(dynamic_, kPoisonByte, dynamic_bytes_);
  }
  return dynamic_;
}

}  // namespace gridstride::emulator
