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
  const LaneTrace& lane(unsigned i) const { return lanes_[i]; }
  BlockTrace& block() { return block_; }

  /// See append_elsewhere().
  void append(LaneTrace& lane, Place place, std::uint64_t what);
  /// Counts all warp instructions that are complete, then lets lanes go on that have room again. A lane that
  /// has not ended and has told of nothing yet holds the others up, unless `all` is to be counted.
  void merge(bool all = false);
  bool has_waiting() const { return waiting_ != 0; }
  /// Instructions and basic blocks that were counted since the block's last barrier.
  std::uint64_t work = 0;
  void wait(LaneTrace& lane, Fiber& fiber);

 private:
  static constexpr std::size_t kRows = 64;  // so few that they stay in the nearest cache
  static constexpr Place kNobody = 0;       // came to this row yet
  static constexpr Place kNowhere = ~Place{0};

  unsigned number_of(const LaneTrace& lane) const { return static_cast<unsigned>(&lane - lanes_.data()); }
  bool is_apart(unsigned lane) const { return apart_ >> lane & 1; }
  std::size_t rows_of(unsigned lane) const {
    return is_apart(lane) ? rows_[lane] : static_cast<std::size_t>(lanes_[lane].at - places_.data());
  }
  void forget_end(LaneTrace& lane);
  void meet();
  void part(LaneTrace& lane);
  bool is_held_up() const;
  bool merge_rows(bool all);
  void merge_streams(bool all);
  bool step(bool all);
  std::uint32_t ready_waiters(Place& place) const;
  bool make_room(LaneTrace& lane);
  void wake();

  BlockTrace& block_;
  std::unique_ptr<Event[]> events_;
  std::array<LaneTrace, 32> lanes_;
  std::uint32_t open_ = 0;     // lanes that have events to come
  unsigned running_ = 0;       // lanes that have not ended
  unsigned last_ = 0;          // the lane that held up the others when they were merged last
  std::uint32_t waiting_ = 0;  // lanes that have no room

  // Lanes that go together.
  std::array<Place, kRows + 1> places_{};
  alignas(64) std::array<std::array<std::uint64_t, 32>, kRows> what_;
  std::size_t counted_ = 0;           // rows
  std::uint32_t apart_ = 0;           // lanes that have gone another way
  bool all_apart_ = false;            // all go on in streams of their own
  std::array<std::size_t, 32> rows_;  // after so many rows
  Place nowhere_ = kNowhere;          // where those are expected
};

}  // namespace gridstride::emulator
