/// A block's shared memory: the launch's dynamic part first, then the `__shared__` variables as met.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace gridstride::emulator {

class Arena {
 public:
  Arena();
  ~Arena();
  Arena(const Arena&) = delete;
  Arena& operator=(const Arena&) = delete;

  /// Starts a block: all earlier objects are gone.
  void begin(std::size_t dynamic_bytes, std::size_t limit_bytes);
  /// The object named by `key`; null when it would go beyond the limit.
  void* object(const void* key, std::size_t bytes, std::size_t align);
  void* dynamic();
  /// Where the address lies in the block's shared memory as PTX counts it; nothing when it lies elsewhere.
  std::optional<std::uint32_t> window_offset(const void* address) const;
  /// And back; null when there is nothing.
  void* at_window_offset(std::uint32_t offset) const;
  std::size_t used_bytes() const { return used_; }
  /// Where an address is as seen from the objects; empty when it is near none.
  std::string describe(const void* address) const;

 private:
  struct Object {
    const void* key;
    void* address;
    std::size_t bytes;
  };
  /// Memory with guard pages for an object, in a run that is checked. Later blocks get the same again.
  void* guarded(const void* key, std::size_t bytes, std::size_t align);

  char* memory_;
  std::size_t used_ = 0;
  std::size_t dynamic_bytes_ = 0;
  std::size_t limit_ = 0;
  bool dynamic_ready_ = false;
  std::vector<Object> objects_;
  void* dynamic_ = nullptr;
  std::vector<Object> guarded_;
};

}  // namespace gridstride::emulator
