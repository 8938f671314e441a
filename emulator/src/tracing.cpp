/// How a running lane tells what it does: tracing.hpp's half and lane_trace.hpp's, before the block counts
/// it.
#include "gridstride/emulator/tracing.hpp"

#include "block_inline.hpp"
#include "block_trace.hpp"
#include "checked_access.hpp"

namespace gridstride::emulator {
namespace {

/// From here on, the program does what on a GPU one instruction does.
void stand_in(std::uint64_t what, const void* caller) {
  if (traced_lane == nullptr) return;
  append(*traced_lane, what, caller);
  traced_lane = nullptr;
}

/// The basic block goes on.
void stood_in(void* lane, const void* caller) {
  traced_lane = static_cast<LaneTrace*>(lane);
  if (traced_lane != nullptr) trace(*traced_lane, EventKind::Step, nullptr, 0, caller);
}

}  // namespace

void append_elsewhere(LaneTrace& lane, Place place, std::uint64_t what) {
  lane.warp->append(lane, place, what);
}

void trace_wait(LaneTrace& lane, EventKind kind, std::uint32_t mask, const void* counter) {
  append(lane, Event::describe(kind, mask, 0), counter, kWaits);
  if (lane.warp->has_waiting()) lane.warp->merge();
}

namespace detail {

void trace_thread_begins() {
  if (BlockTrace* trace = running_block->tracing()) {
    trace->start(running_block->current_rank(), *running_block->current_stack());
  }
}

void trace_thread_ends() {
  LaneTrace* lane = traced_lane;
  if (lane == nullptr) return;
  traced_lane = nullptr;
  lane->warp->end(*lane);
}

TracedAtomic::TracedAtomic(const volatile void* address, std::size_t bytes)
    : lane_(traced_lane), address_(nullptr) {
  if (traced_lane == nullptr) {
    address_ = begin_checked_update(const_cast<const void*>(address), bytes, __builtin_return_address(0));
    return;
  }
  stand_in(Event::describe(EventKind::Atomic, reinterpret_cast<std::uintptr_t>(address), bytes),
           __builtin_return_address(0));
}
TracedAtomic::~TracedAtomic() {
  stood_in(lane_, __builtin_return_address(0));
  if (address_ != nullptr) end_checked_update(address_);
}

TracedProduct::TracedProduct(std::uint32_t flops_of_warp) : lane_(traced_lane) {
  stand_in(Event::describe(EventKind::Product, flops_of_warp, 0), __builtin_return_address(0));
}
TracedProduct::~TracedProduct() { stood_in(lane_, __builtin_return_address(0)); }

}  // namespace detail
}  // namespace gridstride::emulator

void gridstride_half_multiply_add() {}
