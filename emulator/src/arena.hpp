/// A block's shared memory: the launch's dynamic part first, then the `__shared__` variables as met.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace gridstride::emulator {

class Arena {
 public:
  Arena();
  ~Arena();
  Arena(const Arena&) = delete;
  Arena& operator=(const Arena&) = delete;

  /// Starts a block: all earlier objects are gone. Who writes is noted in a run that is checked, or if
  /// `noting`.
  void begin(std::size_t dynamic_bytes, std::size_t limit_bytes, bool noting);
  /// The object named by `key`; null when it would go beyond the limit. `signature`: see SharedVariable.
  void* object(const void* key, std::size_t bytes, std::size_t align, const char* signature);
  void* dynamic(std::size_t align);
  /// Where the address lies in the block's shared memory as PTX counts it; nothing when it lies elsewhere.
  std::optional<std::uint32_t> window_offset(const void* address) const;
  /// Where all shared memory lies, in a run that is not checked.
  std::pair<std::uintptr_t, std::uintptr_t> bounds() const {
    const auto begin = reinterpret_cast<std::uintptr_t>(memory_);
    return {begin, begin + kMappedBytes};
  }
  /// And back; null when there is nothing.
  void* at_window_offset(std::uint32_t offset) const;
  std::size_t used_bytes() const { return used_; }
  /// Where an address is as seen from the objects; empty when it is near none.
  std::string describe(const void* address) const;
  /// Of an access to this memory that leaves its object, or is in none: where it lies. Only where who writes
  /// is noted; empty of all others.
  std::string trespass(const void* address, std::size_t bytes) const;
  /// "tile[2][0]": what the variable's declaration calls an address; empty where there is none.
  std::string element(const void* address) const;

  /// Instrumented code is about to write, or to read. Where who writes is noted, a read is wrong where none
  /// of its bytes was ever written: one of which a part was written may be a copy, padding included.
  void note_write(const void* address, std::size_t bytes) {
    if (may_hold(address)) mark_written(address, bytes);
  }
  bool reads_unwritten(const void* address, std::size_t bytes) {
    return may_hold(address) && is_unwritten(address, bytes);
  }

 private:
  struct Object {
    const void* key;
    void* address;
    std::size_t bytes;
    const char* signature;
    unsigned char* written = nullptr;  // for every byte, whether anybody wrote it; where that is noted
    std::uint32_t window = 0;          // in such a run, where objects have pages of their own
  };
  /// Memory with guard pages for an object, in a run that is checked. Later blocks get the same again.
  Object guarded(const void* key, std::size_t bytes, std::size_t align, const char* signature);
  void begin_object(Object object);
  unsigned char* notes_of(std::size_t offset) const;
  bool may_hold(const void* address) const {
    const auto place = reinterpret_cast<std::uintptr_t>(address);
    return place >= lowest_ && place < highest_;
  }
  const Object* holding(const void* address) const;
  static std::string seen_from(const Object& object, std::ptrdiff_t offset);
  void mark_written(const void* address, std::size_t bytes);
  bool is_unwritten(const void* address, std::size_t bytes);

  static constexpr std::size_t kMappedBytes = 256 * 1024;
  char* memory_;
  std::size_t used_ = 0;
  std::size_t dynamic_bytes_ = 0;
  std::size_t limit_ = 0;
  std::uint32_t window_end_ = 0;
  bool dynamic_ready_ = false;
  bool noting_ = false;
  std::vector<Object> objects_;
  void* dynamic_ = nullptr;
  std::vector<Object> guarded_;
  std::vector<std::unique_ptr<unsigned char[]>> written_;
  std::unique_ptr<unsigned char[]> notes_;   // of memory_
  std::uintptr_t lowest_ = 0, highest_ = 0;  // around all objects whose bytes' writing is noted
};

}  // namespace gridstride::emulator
