/// The parts of Block on the path of every switch, in the header so that a switch is one function deep.
#pragma once

#include "block.hpp"
#include "block_trace.hpp"
#include "worker.hpp"

namespace gridstride::emulator {

/// The running thread's own fiber.
inline Fiber& Block::detach() {
  Fiber& self = worker_.current();
  if (!self.is_thread()) [[unlikely]]
    detach_from_loop(self);
  if (in_step_) [[unlikely]]
    fall_out_of_step();
  return self;
}

inline Fiber& Block::next() {
  if (!failed_) [[likely]] {
    if (Fiber* fiber = ready_.pop()) return *fiber;
  }
  return next_but_ready();
}

/// Leaves the running thread until it is ready again and its turn has come.
[[gnu::always_inline]] inline void Block::reschedule() {
  Fiber& self = worker_.current();
  Fiber& to = next();
  if (to.next != nullptr) __builtin_prefetch(to.next->context);  // the one after it, most likely
  traced_lane = nullptr;
  if (&to != &self) worker_.switch_to(to);
  if (tracing_ != nullptr) [[unlikely]]
    tracing_->resume(self.rank);
}

}  // namespace gridstride::emulator
