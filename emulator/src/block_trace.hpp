/// A block being traced: its lanes' streams, and what their warp instructions ask of the block's memory.
#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <span>
#include <vector>

#include "access_counts.hpp"
#include "cache_model.hpp"
#include "trace_counts.hpp"
#include "warp_trace.hpp"

namespace gridstride::emulator {

class Block;
class Stack;

class BlockTrace {
 public:
  BlockTrace(Block& block, WorkerTrace& worker) : block_(block), worker_(worker) {}

  void begin(unsigned threads);
  /// All threads have ended.
  void end();
  /// Counts what can be counted: streams are short again, and still in the cache.
  void merge();
  /// Nothing else can run: lanes without room go on, whatever the others have done.
  bool make_way();

  LaneTrace& lane(unsigned rank) { return warps_[rank / 32]->lane(rank % 32); }
  void resume(unsigned rank) { traced_lane = &lane(rank); }
  /// The thread begins on the running fiber.
  void start(unsigned rank, const Stack& stack);

  // For warps.
  CallTree& calls() { return worker_.calls(); }
  /// A warp instruction at `place` of these lanes, of which `what` tells, by lane, what they do there. `open`
  /// are the lanes that have not ended.
  void count(WarpTrace& warp, Place place, const std::uint64_t* what, std::uint32_t lanes,
             std::uint32_t open);
  void wait(LaneTrace& lane);
  void wake(Fiber& fiber);

 private:
  using Space = Pattern::Space;
  void arrive(WarpTrace& warp, Place place);
  void tell_imbalance();
  L1Cache& l1_of_block();
  void count_accesses(const WarpTrace& warp, PlaceCounts& at, const std::uint64_t* what, std::uint32_t lanes,
                      std::uint32_t open);
  void sample(const WarpTrace& warp, PlaceCounts& at, EventKind kind, Space space,
              std::span<const Access> accesses, unsigned cost, unsigned ideal);
  bool is_as_before(const Pattern& pattern, const std::uint64_t* what, std::uint32_t lanes) const;
  Space space_of(std::uint64_t low, std::uint64_t high) const;

  Block& block_;
  WorkerTrace& worker_;
  std::vector<std::unique_ptr<WarpTrace>> warps_;
  unsigned used_ = 0;
  L1Cache l1_;
  // The barrier that warps arrive at: which it is, and what they did on the way to it.
  struct Arrivals {
    Place place = 0;
    std::uint64_t warps = 0, work = 0, most = 0;
  };
  Arrivals arrivals_;
  std::size_t samples_ = 0;                         // that this block gives of an instruction
  std::uint64_t stacks_low_ = 0, stacks_high_ = 0;  // around the stacks that threads ran on
};

}  // namespace gridstride::emulator
