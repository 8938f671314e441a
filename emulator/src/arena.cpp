#include "arena.hpp"

#include <sys/mman.h>

#include <algorithm>
#include <cstdint>
#include <cstring>
#include <new>

#include "fiber.hpp"
#include "guarded.hpp"
#include "settings.hpp"
#include "shared_variable.hpp"

namespace gridstride::emulator {
namespace {

constexpr std::size_t kGuardBytes = 64 * 1024;  // beyond the end, so that running off it faults
constexpr int kPoisonByte = 0xFF;

/// In a run that is checked: a NaN of every floating-point type too, but of bytes that nothing else is likely
/// to repeat.
constexpr unsigned char poison(std::size_t i) { return i % 2 == 0 ? 0xFB : 0x7F; }

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
  static_assert(kMaxSharedBytes <= kMappedBytes);
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

void Arena::begin(std::size_t dynamic_bytes, std::size_t limit_bytes, bool noting) {
  forbid(memory_, kMappedBytes);
  objects_.clear();
  used_ = dynamic_bytes;
  dynamic_bytes_ = dynamic_bytes;
  limit_ = limit_bytes;
  window_end_ = 0;
  dynamic_ready_ = false;
  lowest_ = highest_ = 0;
  noting_ = noting && !checking();
  if (noting_ && notes_ == nullptr) notes_ = std::make_unique<unsigned char[]>(kMappedBytes);
}

void* Arena::object(const void* key, std::size_t bytes, std::size_t align, const char* signature) {
  for (const Object& object : objects_) {
    if (object.key == key) return object.address;
  }
  const std::size_t separated = used_ == 0 ? 0 : used_ + kRedzoneBytes;
  const std::size_t offset = (separated + align - 1) / align * align;
  const std::size_t redzones = kRedzoneBytes * (objects_.size() + 1);
  if (offset + bytes > limit_ + redzones || offset + bytes > kMappedBytes) return nullptr;
  used_ = offset + bytes;
  begin_object(checking() ? guarded(key, bytes, align, signature)
                          : Object{key, memory_ + offset, bytes, signature, notes_of(offset)});
  return objects_.back().address;
}

unsigned char* Arena::notes_of(std::size_t offset) const { return noting_ ? notes_.get() + offset : nullptr; }

/// Poisons an object, gives it a place in the window, and begins to note who writes it. Addresses in the
/// window are aligned as the objects are, for swizzled layouts follow the address's bits.
void Arena::begin_object(Object object) {
  constexpr std::uint32_t kWidestPattern = 1024;
  const auto bits = static_cast<std::uint32_t>(reinterpret_cast<std::uintptr_t>(object.address));
  object.window = window_end_ + (bits - window_end_) % kWidestPattern;
  window_end_ = object.window + static_cast<std::uint32_t>(object.bytes);
  allow(object.address, object.bytes);
  objects_.push_back(object);
  const bool is_own = !SharedVariable::is_programs(object.signature);  // and begins with all bits set
  if (is_own && object.written != nullptr) std::memset(object.written, 1, object.bytes);
  if (is_own || object.written == nullptr) {
    std::memset(object.address, kPoisonByte, object.bytes);
    return;
  }
  for (std::size_t i = 0; i < object.bytes; ++i) static_cast<unsigned char*>(object.address)[i] = poison(i);
  std::memset(object.written, 0, object.bytes);
  const auto begin = reinterpret_cast<std::uintptr_t>(object.address);
  lowest_ = highest_ == 0 ? begin : std::min(lowest_, begin);
  highest_ = std::max(highest_, begin + object.bytes);
}

std::optional<std::uint32_t> Arena::window_offset(const void* address) const {
  const auto* wanted = static_cast<const char*>(address);
  if (!checking()) {
    const auto offset = static_cast<std::size_t>(wanted - memory_);
    if (offset < kMappedBytes) return static_cast<std::uint32_t>(offset);
    return {};
  }
  for (const Object& object : objects_) {
    const auto offset = static_cast<std::size_t>(wanted - static_cast<const char*>(object.address));
    if (offset <= object.bytes) return object.window + static_cast<std::uint32_t>(offset);
  }
  return {};
}

void* Arena::at_window_offset(std::uint32_t offset) const {
  if (!checking()) return offset < kMappedBytes ? memory_ + offset : nullptr;
  for (const Object& object : objects_) {
    const std::uint32_t within = offset - object.window;
    if (within < object.bytes) return static_cast<char*>(object.address) + within;
  }
  return nullptr;
}

Arena::Object Arena::guarded(const void* key, std::size_t bytes, std::size_t align, const char* signature) {
  for (const Object& known : guarded_) {
    if (known.key == key && known.bytes == bytes) return known;
  }
  void* address = guarded::allocate(bytes, std::max(align, guarded::kAlignment), false);
  if (address == nullptr) throw std::bad_alloc();
  written_.push_back(std::make_unique<unsigned char[]>(bytes));
  guarded_.push_back({key, address, bytes, signature, written_.back().get()});
  return guarded_.back();
}

void* Arena::dynamic(std::size_t align) {
  if (!dynamic_ready_) {
    dynamic_ready_ = true;
    dynamic_ = memory_;
    if (checking() && dynamic_bytes_ != 0) {
      begin_object(guarded(this, dynamic_bytes_, std::max(align, guarded::kAlignment), ""));
      dynamic_ = objects_.back().address;
    } else if (noting_ && dynamic_bytes_ != 0) {
      begin_object({this, memory_, dynamic_bytes_, "", notes_of(0)});
    } else {
      allow(dynamic_, dynamic_bytes_);
      std::memset(dynamic_, kPoisonByte, dynamic_bytes_);
    }
  }
  return dynamic_;
}

/// Where an address lies as seen from the beginning of an object.
std::string Arena::seen_from(const Object& object, std::ptrdiff_t offset) {
  const auto bytes = static_cast<std::ptrdiff_t>(object.bytes);
  const SharedVariable variable(object.signature, object.bytes);
  const std::string element = variable.element(offset);
  std::string where = element.empty() ? "" : element + (offset < 0 || offset >= bytes ? ", " : " of ");
  if (offset < 0) {
    where += std::to_string(-offset) + " bytes before ";
  } else if (offset >= bytes) {
    where += (offset == bytes ? "right behind" : std::to_string(offset - bytes) + " bytes beyond") +
             std::string(" the end of ");
  } else if (element.empty()) {
    where += "byte " + std::to_string(offset) + " of ";
  }
  return where + variable.declaration();
}

std::string Arena::trespass(const void* address, std::size_t bytes) const {
  if (!noting_) return {};
  const auto* wanted = static_cast<const char*>(address);
  const Object* below = nullptr;
  for (const Object& object : objects_) {
    if (object.address <= address && (below == nullptr || object.address > below->address)) below = &object;
  }
  if (below == nullptr) return "shared memory that holds no variable";
  const auto offset = wanted - static_cast<const char*>(below->address);
  const std::size_t end = static_cast<std::size_t>(offset) + bytes;
  if (end <= below->bytes) return {};
  const bool is_across = static_cast<std::size_t>(offset) < below->bytes;
  return seen_from(*below, offset) + (is_across ? ", across its end" : "");
}

std::string Arena::describe(const void* address) const {
  constexpr std::ptrdiff_t kNear = 1 << 20;
  for (const Object& object : objects_) {
    const auto offset = static_cast<const char*>(address) - static_cast<const char*>(object.address);
    const auto bytes = static_cast<std::ptrdiff_t>(object.bytes);
    if (offset < 0 || offset >= bytes) {  // beside it, which is sure where it has pages of its own
      if (offset < -kNear || offset >= bytes + kNear || !checking()) continue;
    }
    return seen_from(object, offset);
  }
  const auto offset = static_cast<const char*>(address) - memory_;
  if (offset >= 0 && static_cast<std::size_t>(offset) < dynamic_bytes_) {
    return "byte " + std::to_string(offset) + " of " + SharedVariable({}, dynamic_bytes_).declaration();
  }
  return {};
}

std::string Arena::element(const void* address) const {
  const Object* object = holding(address);
  if (object == nullptr) return {};
  const auto offset = static_cast<const char*>(address) - static_cast<const char*>(object->address);
  return SharedVariable(object->signature, object->bytes).element(offset);
}

const Arena::Object* Arena::holding(const void* address) const {
  const auto place = reinterpret_cast<std::uintptr_t>(address);
  for (const Object& object : objects_) {
    if (place - reinterpret_cast<std::uintptr_t>(object.address) < object.bytes) return &object;
  }
  return nullptr;
}

void Arena::mark_written(const void* address, std::size_t bytes) {
  const Object* object = holding(address);
  if (object == nullptr) return;
  const auto offset =
      static_cast<std::size_t>(static_cast<const char*>(address) - static_cast<const char*>(object->address));
  std::memset(object->written + offset, 1, std::min(bytes, object->bytes - offset));
}

/// Code that is not instrumented, such as the C library's memcpy, writes without a note. So what has no note
/// but is not as it was in the beginning, here or close by, puts the whole object beyond suspicion.
bool Arena::is_unwritten(const void* address, std::size_t bytes) {
  constexpr std::size_t kCloseBy = 16;
  const Object* object = holding(address);
  if (object == nullptr) return false;
  const auto* memory = static_cast<const unsigned char*>(object->address);
  const auto begin = static_cast<std::size_t>(static_cast<const unsigned char*>(address) - memory);
  const std::size_t end = std::min(begin + bytes, object->bytes);
  if (std::any_of(object->written + begin, object->written + end, [](unsigned char w) { return w != 0; })) {
    return false;
  }
  const std::size_t last = std::min(end + kCloseBy, object->bytes);
  for (std::size_t i = begin - std::min(begin, kCloseBy); i < last; ++i) {
    if (object->written[i] != 0 || memory[i] == poison(i)) continue;
    std::memset(object->written, 1, object->bytes);
    return false;
  }
  return true;
}

}  // namespace gridstride::emulator
