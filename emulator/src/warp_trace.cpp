#include "warp_trace.hpp"

#include <algorithm>
#include <bit>
#include <utility>

#include "block_trace.hpp"
#include "collective.hpp"

namespace gridstride::emulator {

WarpTrace::WarpTrace(BlockTrace& block)
    : block_(block), events_(std::make_unique_for_overwrite<Event[]>(32 * LaneTrace::kEvents)) {}

void WarpTrace::begin(unsigned lanes) {
  for (unsigned i = 0; i < 32; ++i) {
    LaneTrace& lane = lanes_[i];
    lane = {};
    lane.begin = lane.read = lane.write = events_.get() + i * LaneTrace::kEvents;
    lane.end = lane.begin + LaneTrace::kEvents;
    lane.warp = this;
  }
  open_ = lanes >= 32 ? ~0u : (1u << lanes) - 1;
  running_ = std::min(lanes, 32u);
  waiting_ = 0;
}

void WarpTrace::end(LaneTrace& lane) {
  // What it entered last is where all lanes end: those that return early do not wait there for the others.
  if (lane.read != lane.write && lane.write[-1].kind() == EventKind::Step) --lane.write;
  lane.has_ended = true;
  if (--running_ == 0 || waiting_ != 0) merge();
}

void WarpTrace::merge(bool all) {
  while (step(all)) {}
  if (waiting_ != 0) wake();
}

/// One warp instruction; false where there is none yet.
inline bool WarpTrace::step(bool all) {
  const CallTree& calls = block_.calls();
  Place least = ~Place{0};
  std::uint32_t group = 0;
  for (std::uint32_t left = open_; left != 0; left &= left - 1) {
    const auto i = static_cast<unsigned>(std::countr_zero(left));
    const LaneTrace& lane = lanes_[i];
    if (lane.read == lane.write) {
      if (lane.has_ended) {
        open_ &= ~(1u << i);
      } else if (!all) {
        return false;
      }
      continue;
    }
    const Place place = lane.read->place;
    if (place == least) {
      group |= 1u << i;
    } else if (group == 0 || calls.before(place, least)) {
      least = place;
      group = 1u << i;
    }
  }
  if (group == 0) return false;
  if ((least & kWaits) != 0 && group != open_) group = ready_waiters(least);
  block_.count(lanes_, group, open_);
  return true;
}

/// All lanes wait, for different things. Those go on that are all there; failing that, the first ones.
std::uint32_t WarpTrace::ready_waiters(Place& place) const {
  const CallTree& calls = block_.calls();
  std::uint32_t first = 0, ready = 0;
  Place first_place = 0, ready_place = 0;
  for (std::uint32_t left = open_; left != 0;) {
    const auto i = static_cast<unsigned>(std::countr_zero(left));
    left &= ~(1u << i);
    if (lanes_[i].read == lanes_[i].write) continue;
    const Event& event = *lanes_[i].read;
    std::uint32_t together = 0;
    for_each_lane(open_, [&](unsigned other) {
      const LaneTrace& lane = lanes_[other];
      if (lane.read == lane.write || lane.read->place != event.place) return;
      if (lane.read->what == event.what) together |= 1u << other;
    });
    left &= ~together;
    const std::uint32_t wanted =
        event.kind() == EventKind::BlockBarrier ? ~0u : static_cast<std::uint32_t>(event.address());
    if (first == 0 || calls.before(event.place, first_place)) first = together, first_place = event.place;
    if ((wanted & open_ & ~together) != 0) continue;
    if (ready == 0 || calls.before(event.place, ready_place)) ready = together, ready_place = event.place;
  }
  place = ready != 0 ? ready_place : first_place;
  return ready != 0 ? ready : first;
}

bool WarpTrace::make_room(LaneTrace& lane) {
  if (lane.held() > LaneTrace::kEvents / 2) return false;
  std::copy(lane.read, lane.write, lane.begin);
  lane.write -= lane.read - lane.begin;
  lane.read = lane.begin;
  return true;
}

void WarpTrace::wait(LaneTrace& lane, Fiber& fiber) {
  lane.waiting = &fiber;
  waiting_ |= 1u << (&lane - lanes_.data());
}

void WarpTrace::wake() {
  for_each_lane(waiting_, [&](unsigned i) {
    if (!make_room(lanes_[i])) return;
    waiting_ &= ~(1u << i);
    block_.wake(*std::exchange(lanes_[i].waiting, nullptr));
  });
}

}  // namespace gridstride::emulator
