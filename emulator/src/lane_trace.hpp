/// The stream of one lane, and how events get into it.
#pragma once

#include <cstddef>
#include <cstdint>

#include "trace_event.hpp"

namespace gridstride::emulator {

class WarpTrace;
struct Fiber;

struct alignas(64) LaneTrace {
  // Four pages would put all 32 lanes' streams into the same cache sets.
  static constexpr std::size_t kEvents = 260;

  Event* write = nullptr;
  Event* end = nullptr;
  Place calls = 0;  // the chain of calls the lane is in, where a place has it
  Event* read = nullptr;
  Event* begin = nullptr;
  WarpTrace* warp = nullptr;
  const char* stack_low = nullptr;  // what the lane's own variables lie in
  std::size_t stack_bytes = 0;
  Fiber* waiting = nullptr;     // full, until the other lanes of the warp have come as far
  std::uint32_t uncounted = 0;  // calls beyond what the tree of calls holds
  bool has_ended = false;

  std::size_t held() const { return static_cast<std::size_t>(write - read); }
};

/// The lane that is running, where it is traced.
inline constinit thread_local LaneTrace* traced_lane = nullptr;

/// Lets other lanes go on until there is room again.
[[gnu::noinline]] void make_room(LaneTrace& lane);

[[gnu::always_inline]] inline void append(LaneTrace& lane, std::uint64_t what, const void* counter,
                                          Place waits = 0) {
  lane.write->place = reinterpret_cast<std::uintptr_t>(counter) | lane.calls | waits;
  lane.write->what = what;
  if (++lane.write == lane.end) [[unlikely]]
    make_room(lane);
}

[[gnu::always_inline]] inline void trace(LaneTrace& lane, EventKind kind, const volatile void* address,
                                         std::size_t bytes, const void* counter) {
  append(lane, Event::describe(kind, reinterpret_cast<std::uintptr_t>(address), bytes), counter);
}

/// It comes to where it waits for the lanes of a mask, or for its block.
void trace_wait(LaneTrace& lane, EventKind kind, std::uint32_t mask, const void* counter);

}  // namespace gridstride::emulator
