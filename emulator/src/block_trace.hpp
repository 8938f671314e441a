/// A block being traced: its lanes' streams, and what their warp instructions ask of the block's memory.
#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <vector>

#include "access_counts.hpp"
#include "trace_counts.hpp"
#include "warp_trace.hpp"

namespace gridstride::emulator {

class Block;

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

  // For warps.
  CallTree& calls() { return worker_.calls(); }
  /// The next events of these lanes are one warp instruction, where they are of one form; takes them.
  void count(std::array<LaneTrace, 32>& lanes, std::uint32_t group, std::uint32_t open);
  void wait(LaneTrace& lane);
  void wake(Fiber& fiber);

 private:
  void count_accesses(std::array<LaneTrace, 32>& lanes, std::uint32_t group, std::uint32_t open);

  Block& block_;
  WorkerTrace& worker_;
  std::vector<std::unique_ptr<WarpTrace>> warps_;
  unsigned used_ = 0;
};

}  // namespace gridstride::emulator
