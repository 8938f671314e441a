/// What the threads of a block know of each other, and whether their accesses race.
///
/// Happens-before, as FastTrack keeps it, with the GPU's synchronization in the place of locks: a barrier is
/// one number for the block, __syncwarp a row of numbers for each lane, and what comes by flags is a view.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <vector>

#include "race_launch.hpp"

namespace gridstride::emulator {

class Block;

/// How an access takes part in synchronization.
enum class Strength { Plain, Volatile };
/// A copy's way: at once, or begun, or waited for.
enum class Progress { AtOnce, Begun, Over };

class BlockRaces {
 public:
  explicit BlockRaces(Block& block) : block_(block) {}

  void begin(LaunchRaces& launch, std::uint64_t number, unsigned threads);
  void end();

  // By the running thread. `counter` is where the instrumentation's call returns to.
  void read(const void* address, std::size_t bytes, const void* counter, Strength strength);
  void write(const void* address, std::size_t bytes, const void* counter, Strength strength);
  /// An atomic access with an order of the compiler's (__ATOMIC_...); updates see what they replace.
  void before_atomic(const void* address, std::size_t bytes, const void* counter, int order, bool reads,
                     bool writes);
  void after_atomic(const void* address, int order, bool reads, bool writes);
  void fence(bool within_block);
  /// A read of shared memory that nobody has written.
  void unwritten(const void* address, std::size_t bytes, const void* counter);
  void copy(void* to, const void* from, std::size_t bytes, const void* counter, Progress progress);
  /// Everything that the thread knows is known to whoever calls `meet` with this key later.
  void leave(const void* key);
  void meet(const void* key);

  // By the block.
  void barrier();
  void warp_sync(unsigned warp, std::uint32_t lanes);

 private:
  struct Warp {
    std::uint32_t since = 0;  // the barrier after which it was written
    std::array<std::array<std::uint32_t, 32>, 32> known;
  };
  struct Thread {
    ViewPtr learnt;                 // by what it saw and fenced
    ViewPtr seen, seen_within;      // and did not fence yet
    ViewPtr fenced, fenced_within;  // what its next flag tells
  };
  struct CachedPage {
    std::uintptr_t number = 0;
    ShadowPage* page = nullptr;
  };

  bool is_thread() const;
  void access(Stamp mine, const void* address, std::size_t bytes, Progress progress = Progress::AtOnce);
  void check_bounds(const Stamp& mine, const void* address, std::size_t bytes);
  ShadowPage* page(std::uintptr_t address);
  PageKind kind_of(std::uintptr_t place) const;
  void look(Cell& cell, const Stamp& mine, bool is_shared, std::uintptr_t address, std::size_t bytes,
            Progress progress);
  void tell(const Stamp& old, const Stamp& mine, std::uintptr_t address, std::size_t bytes);
  std::string place(std::uintptr_t address, std::size_t bytes) const;
  bool is_ordered(const Stamp& old, unsigned rank) const;
  Stamp stamp(AccessKind kind, const void* counter) const;
  ViewPtr knowledge(unsigned rank) const;
  void release(unsigned rank, std::uintptr_t address, bool everything);
  void acquire(unsigned rank, std::uintptr_t address, bool at_once);
  void settle();
  static void unite(std::vector<Thread*>& threads);
  void tick(unsigned rank) { times_[rank] = ++clock_; }

  Block& block_;
  LaunchRaces* launch_ = nullptr;
  std::uint32_t number_ = 0;
  std::uint32_t clock_ = 1;
  std::uint32_t barrier_ = 1;         // the time of the last one
  std::vector<std::uint32_t> times_;  // by thread
  std::vector<std::unique_ptr<Warp>> warps_;
  bool has_views_ = false;
  std::vector<Thread> threads_;
  Thread common_;  // what all threads know since the barrier
  std::array<CachedPage, 64> pages_{};
  struct Extent {
    std::uintptr_t begin = 0, bytes = 0;
  };
  std::array<Extent, 4> known_extents_{};  // allocations that were accessed
  unsigned next_extent_ = 0;
  std::uint64_t accesses_ = 0;
  std::uintptr_t own_end_ = 0, own_bytes_ = 0;  // around the worker's own variables
  std::uintptr_t polled_ = 0;  // what the thread of `polling_` has just loaded, by a volatile access
  unsigned polling_ = 0;

  friend void settle_races();
};

/// What was decided of the calling worker's last write is told.
void settle_races();

}  // namespace gridstride::emulator
