#include "warp_trace.hpp"

#include <algorithm>
#include <bit>
#include <cstring>
#include <utility>

#include "block_trace.hpp"
#include "collective.hpp"

namespace gridstride::emulator {

WarpTrace::WarpTrace(BlockTrace& block)
    : block_(block), events_(std::make_unique_for_overwrite<Event[]>(32 * (kRows + LaneTrace::kEvents))) {
  places_[kRows] = kNowhere;
}

void WarpTrace::begin(unsigned lanes) {
  for (unsigned i = 0; i < 32; ++i) {
    LaneTrace& lane = lanes_[i];
    lane = {};
    // Rows may come to stand before the stream.
    lane.begin = lane.read = lane.write = events_.get() + i * (kRows + LaneTrace::kEvents) + kRows;
    lane.end = lane.begin + LaneTrace::kEvents;
    lane.warp = this;
  }
  open_ = lanes >= 32 ? ~0u : (1u << lanes) - 1;
  running_ = std::min(lanes, 32u);
  waiting_ = 0;
  work = 0;
  meet();
}

/// From here on all lanes go together, until one parts.
void WarpTrace::meet() {
  std::fill(places_.begin(), places_.end() - 1, kNobody);
  counted_ = 0;
  apart_ = 0;
  all_apart_ = false;
  for (unsigned i = 0; i < 32; ++i) {
    lanes_[i].at = places_.data();
    lanes_[i].what = &what_[0][i];
  }
}

void WarpTrace::part(LaneTrace& lane) {
  const unsigned i = number_of(lane);
  rows_[i] = rows_of(i);
  apart_ |= 1u << i;
  lane.at = &nowhere_;
}

void WarpTrace::end(LaneTrace& lane) {
  forget_end(lane);
  lane.has_ended = true;
  if (--running_ == 0 || waiting_ != 0) merge();
}

/// What a lane entered last is where all lanes end: those that return early do not wait there for the others.
void WarpTrace::forget_end(LaneTrace& lane) {
  const unsigned i = number_of(lane);
  if (is_apart(i)) {
    if (lane.held() == 0 || lane.write[-1].kind() != EventKind::Step) return;
    --lane.write;
    if (all_apart_ || lane.held() > 0) return;
    apart_ &= ~(1u << i);  // it parted for nothing else
    lane.at = places_.data() + rows_[i];
  } else if (rows_of(i) > counted_) {
    const std::uint64_t last = lane.what[-std::ptrdiff_t{LaneTrace::kLanes}];
    if (Event{0, last}.kind() != EventKind::Step) return;
    --lane.at;
    const std::size_t row = rows_of(i);
    bool is_only = true;
    for_each_lane(open_, [&](unsigned other) { is_only &= rows_of(other) <= row; });
    if (is_only) places_[row] = kNobody;
  }
}

void WarpTrace::append(LaneTrace& lane, Place place, std::uint64_t what) {
  const unsigned i = number_of(lane);
  for (;;) {
    if (is_apart(i)) {
      if (lane.write != lane.end) {
        *lane.write++ = {place, what};
        return;
      }
      merge();
      if (is_apart(i) && !make_room(lane)) block_.wait(lane);
    } else if (rows_of(i) == kRows) {
      merge();
      if (!is_apart(i) && rows_of(i) == kRows) block_.wait(lane);
    } else {
      if (*lane.at == kNobody) *lane.at = place;
      if (*lane.at == place) {
        *lane.what = what;
        ++lane.at;
        lane.what += LaneTrace::kLanes;
        return;
      }
      part(lane);
    }
  }
}

void WarpTrace::merge(bool all) {
  if (!all && is_held_up()) return;
  if (merge_rows(all)) merge_streams(all);
  if (waiting_ != 0) wake();
}

/// Whether the lane for which the others waited the last time has not moved since.
bool WarpTrace::is_held_up() const {
  const LaneTrace& lane = lanes_[last_];
  if (lane.has_ended || (open_ >> last_ & 1) == 0) return false;
  return all_apart_ ? lane.held() == 0 : !is_apart(last_) && rows_of(last_) == counted_;
}

/// What all lanes have gone through together; true when they go different ways from there.
bool WarpTrace::merge_rows(bool all) {
  std::array<std::size_t, 32> rows;
  std::size_t complete = kRows, longest = 0;
  for_each_lane(open_, [&](unsigned i) {
    rows[i] = rows_of(i);
    longest = std::max(longest, rows[i]);
    if (!is_apart(i) && (lanes_[i].has_ended || all)) return;
    if (rows[i] <= complete) last_ = i;  // of several the one that most likely runs last
    complete = std::min(complete, rows[i]);
  });
  complete = std::min(complete, longest);
  while (counted_ < complete) {  // the lanes are the same up to where the next one ends
    std::uint32_t here = 0;
    std::size_t end = complete;
    for_each_lane(open_, [&](unsigned i) {
      if (rows[i] <= counted_) return;
      here |= 1u << i;
      end = std::min(end, rows[i]);
    });
    for (; counted_ < end; ++counted_) {
      block_.count(*this, places_[counted_], what_[counted_].data(), here, here);
    }
  }
  if (apart_ == 0) {
    if (counted_ == longest && counted_ > 0) meet();
    return false;
  }
  std::size_t first_parting = kRows;
  for_each_lane(apart_, [&](unsigned i) { first_parting = std::min(first_parting, rows_[i]); });
  return counted_ >= first_parting;
}

/// All lanes go on in their own streams, which begin with what is left of the rows; until no stream holds
/// anything.
void WarpTrace::merge_streams(bool all) {
  all_apart_ = true;
  for_each_lane(open_, [&](unsigned i) {
    LaneTrace& lane = lanes_[i];
    for (std::size_t row = rows_of(i); row-- > counted_;) *--lane.read = {places_[row], what_[row][i]};
    if (!is_apart(i)) part(lane);
    rows_[i] = counted_;
  });
  while (step(all)) {}
  std::uint32_t busy = 0;
  for_each_lane(open_, [&](unsigned i) { busy += lanes_[i].held() > 0; });
  if (busy == 0) {
    for (LaneTrace& lane : lanes_) lane.read = lane.write = lane.begin;
    meet();
  }
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
        last_ = i;
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
  std::array<std::uint64_t, 32> what;
  for_each_lane(group, [&](unsigned i) { what[i] = lanes_[i].read++->what; });
  block_.count(*this, least, what.data(), group, open_);
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
  const std::size_t held = lane.held();
  std::memmove(lane.begin, lane.read, held * sizeof(Event));  // the two may overlap, either way
  lane.write = lane.begin + held;
  lane.read = lane.begin;
  return true;
}

void WarpTrace::wait(LaneTrace& lane, Fiber& fiber) {
  lane.waiting = &fiber;
  waiting_ |= 1u << number_of(lane);
}

void WarpTrace::wake() {
  for_each_lane(waiting_, [&](unsigned i) {
    if (is_apart(i) ? !make_room(lanes_[i]) : rows_of(i) == kRows) return;
    waiting_ &= ~(1u << i);
    block_.wake(*std::exchange(lanes_[i].waiting, nullptr));
  });
}

}  // namespace gridstride::emulator
