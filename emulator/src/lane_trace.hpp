/// The stream of one lane, and how events get into it.
///
/// Most of the time the lanes of a warp go the same way. So they share one list of places, which the first to
/// come along writes; the others find their places there and add only what they did, in a column of their
/// own (see WarpTrace). A lane that goes another way goes on in a stream of whole events.
#pragma once

#include <cstddef>
#include <cstdint>

#include "trace_event.hpp"

namespace gridstride::emulator {

class WarpTrace;
struct Fiber;

struct alignas(64) LaneTrace {
  static constexpr std::size_t kEvents = 260;  // of a lane that goes its own way
  static constexpr std::size_t kLanes = 32;

  Place* at = nullptr;            // the place at which the lane is expected next
  std::uint64_t* what = nullptr;  // where it tells what it does there
  Place calls = 0;                // the chain of calls the lane is in, where a place has it

  Event* write = nullptr;  // its own stream
  Event* read = nullptr;
  Event* begin = nullptr;
  Event* end = nullptr;
  WarpTrace* warp = nullptr;
  const char* stack_low = nullptr;  // what the lane's own variables lie in
  std::size_t stack_bytes = 0;
  Fiber* waiting = nullptr;     // has no room, until the other lanes of the warp have come as far
  std::uint32_t uncounted = 0;  // calls beyond what the tree of calls holds
  bool has_ended = false;

  std::size_t held() const { return static_cast<std::size_t>(write - read); }
};

/// The lane that is running, where it is traced.
inline constinit thread_local LaneTrace* traced_lane = nullptr;

/// At a place that is not the one expected.
[[gnu::noinline]] void append_elsewhere(LaneTrace& lane, Place place, std::uint64_t what);

[[gnu::always_inline]] inline void append(LaneTrace& lane, std::uint64_t what, const void* counter,
                                          Place waits = 0) {
  const Place place = reinterpret_cast<std::uintptr_t>(counter) | lane.calls | waits;
  if (*lane.at != place) [[unlikely]] {
    append_elsewhere(lane, place, what);
    return;
  }
  *lane.what = what;
  ++lane.at;
  lane.what += LaneTrace::kLanes;
}

[[gnu::always_inline]] inline void trace(LaneTrace& lane, EventKind kind, const volatile void* address,
                                         std::size_t bytes, const void* counter) {
  append(lane, Event::describe(kind, reinterpret_cast<std::uintptr_t>(address), bytes), counter);
}

/// It comes to where it waits for the lanes of a mask, or for its block.
void trace_wait(LaneTrace& lane, EventKind kind, std::uint32_t mask, const void* counter);

}  // namespace gridstride::emulator
