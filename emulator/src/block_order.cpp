/// In what order a block's threads start, and go on when they have waited for each other: the schedule's.
#include <algorithm>
#include <numeric>
#include <utility>
#include <vector>

#include "block.hpp"

namespace gridstride::emulator {

/// Forward is the identity; reversed and random shuffle warps, and lanes within their warp.
void Block::choose_order() {
  order_.clear();
  const Schedule& schedule = grid_->schedule();
  in_lockstep_ = schedule.lockstep;
  if (schedule.order == Order::Forward) return;
  order_.resize(threads_);
  std::iota(order_.begin(), order_.end(), std::uint16_t{0});
  if (schedule.order == Order::Reversed) {
    std::reverse(order_.begin(), order_.end());
    return;
  }
  random_ = mix(schedule.seed, number_);
  struct Place {
    std::uint64_t warp, lane;
    std::uint16_t rank;
    auto operator<=>(const Place&) const = default;
  };
  std::vector<Place> places;
  for (const std::uint16_t rank : order_) {
    places.push_back({mix(random_, 1024u + rank / 32u), mix(random_, rank), rank});
  }
  std::ranges::sort(places);
  std::ranges::transform(places, order_.begin(), &Place::rank);
}

void Block::release(FiberQueue& waiters) {
  if (grid_->schedule().order == Order::Random) {
    std::vector<Fiber*> fibers;
    while (Fiber* fiber = waiters.pop()) fibers.push_back(fiber);
    for (std::size_t i = fibers.size(); i > 1; --i) {
      random_ = mix(random_, i);
      std::swap(fibers[i - 1], fibers[random_ % i]);
    }
    for (Fiber* fiber : fibers) ready_.push(*fiber);
  } else {
    ready_.append(waiters);
  }
}

}  // namespace gridstride::emulator
