/// Makes warp instructions out of the streams of 32 lanes, which ran one after the other.
///
/// The order is that of hardware without independent scheduling, by the rule of the smallest program counter:
/// of all lanes, those that stand at the smallest place go on, together; so a lane that has left a loop waits
/// behind it, and both sides of a branch meet where they join. This needs code that lies in memory as it
/// stands in the source, which the options of --profile ask the compiler for. It is a model: hardware
/// reconverges where its compiler has put a mark, mostly at the same points, and may run lanes that wait for
/// nothing ahead of others. Lanes come to a point at which they wait for each other when no other lane of the
/// warp can go on.
#pragma once

#include <array>
#include <cstdint>
#include <memory>

#include "lane_trace.hpp"

namespace gridstride::emulator {

class BlockTrace;

class WarpTrace {
 public:
  explicit WarpTrace(BlockTrace& block);
  WarpTrace(const WarpTrace&) = delete;
  WarpTrace& operator=(const WarpTrace&) = delete;

  void begin(unsigned lanes);
  void end(LaneTrace& lane);
  LaneTrace& lane(unsigned i) { return lanes_[i]; }
  BlockTrace& block() { return block_; }

  /// Counts all warp instructions that are complete, then lets lanes go on that have room again. A lane that
  /// has not ended and has nothing in its stream holds the others up, unless `all` is to be counted.
  void merge(bool all = false);
  bool has_waiting() const { return waiting_ != 0; }
  /// Room in a lane's stream for at least half of it; false where other lanes have to come along first.
  bool make_room(LaneTrace& lane);
  void wait(LaneTrace& lane, Fiber& fiber);

 private:
  bool step(bool all);
  std::uint32_t ready_waiters(Place& place) const;
  void wake();

  BlockTrace& block_;
  std::unique_ptr<Event[]> events_;
  std::array<LaneTrace, 32> lanes_;
  std::uint32_t open_ = 0;     // lanes that have events to come
  unsigned running_ = 0;       // lanes that have not ended
  std::uint32_t waiting_ = 0;  // lanes that have no room
};

}  // namespace gridstride::emulator
