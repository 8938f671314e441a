/// The allocation table and the caching pool behind cudaMalloc and its relatives.
#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <mutex>
#include <string>
#include <vector>

#include "call_chain.hpp"
#include "gridstride/emulator/api_types.hpp"
#include "stream.hpp"

namespace gridstride::emulator {

struct Pool;

enum class MemoryKind { Device, Pinned, Managed, Registered, Symbol };

struct Allocation {
  void* base = nullptr;
  std::size_t bytes = 0;
  std::size_t capacity = 0;  // what the pool takes back
  MemoryKind kind = MemoryKind::Device;
  std::shared_ptr<Pool> pool;                         // of which it is a part; null for cudaMalloc's
  std::shared_ptr<const CallChain> allocated, freed;  // by whom; in a run that is checked

  bool on_device() const { return kind != MemoryKind::Pinned && kind != MemoryKind::Registered; }
  bool on_host() const { return kind != MemoryKind::Device && kind != MemoryKind::Symbol; }
};

/// Memory of which copies and kernels may know. All of it is the host's; the kinds keep CUDA's rules.
class Memory {
 public:
  static Memory& instance();

  /// Null when there is not enough. `stream` may reuse at once what was freed on it.
  void* allocate(std::size_t bytes, MemoryKind kind, const std::shared_ptr<Stream>& stream = nullptr);
  /// The allocation that begins at `pointer` counts as the pool's until it is removed.
  void own(void* pointer, std::shared_ptr<Pool> pool);
  /// Takes the allocation that begins at `pointer` out of the table; false when there is none.
  bool remove(const void* pointer, Allocation& allocation);
  /// Gives removed memory back for use after `moment`.
  void recycle(const Allocation& allocation, Moment moment);

  void add_foreign(void* pointer, std::size_t bytes, MemoryKind kind);
  /// The allocation that holds the address; false when it is plain host memory.
  bool find(const void* address, Allocation& allocation) const;
  /// Says what an address is, for an error.
  std::string describe(const void* address) const;
  /// Of an access that is sure to be wrong, for nothing else is there: where it lies. Empty of all others.
  std::string trespass(const void* address, std::size_t bytes) const;
  /// The lines that allocated and freed what is at or near an address, in a run that is checked.
  std::string history(const void* address) const;
  /// Did an allocation that began here end, in a run that is checked?
  bool was_freed(const void* pointer) const;
  /// Allocations whose end was written over, in a run that is checked.
  std::vector<Allocation> damaged() const;
  std::vector<Allocation> live() const;
  /// What nobody frees from now on is no leak: the device was reset.
  void forgive_leaks();
  /// Returns cached memory to the system until at most this much is cached.
  void trim(std::size_t bytes_to_keep);

  std::size_t live_bytes() const;
  std::size_t cached_bytes() const;

 private:
  struct Free {
    void* base;
    Moment moment;  // from when on it may be used
  };

  const Allocation* near(std::uintptr_t address, bool& freed) const;
  void release(std::multimap<std::size_t, Free>::iterator free);
  void discard(const Allocation& allocation);
  void trim_locked(std::size_t bytes_to_keep);

  mutable std::mutex mutex_;
  std::map<std::uintptr_t, Allocation> live_;
  std::multimap<std::size_t, Free> free_;       // by capacity
  std::map<std::uintptr_t, Allocation> freed_;  // in a run that is checked: they never come back
  std::size_t live_bytes_ = 0;
  std::size_t cached_bytes_ = 0;
};

/// The machine's memory.
std::size_t physical_bytes();
std::size_t available_bytes();

}  // namespace gridstride::emulator
