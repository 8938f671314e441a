/// Warp-wide functions: the lanes that a mask names wait for each other.
#include <cstdio>

#include "block_inline.hpp"
#include "device_functions.hpp"
#include "race_block.hpp"

namespace gridstride::emulator {

inline Collective& Block::join(WarpFunction function, std::uint32_t mask, unsigned warp) {
  for (Collective* found = open_[warp]; found != nullptr; found = found->next) {
    if (found->mask == mask && found->function == function) return *found;
  }
  return open(function, mask, warp);
}

Collective& Block::open(WarpFunction function, std::uint32_t mask, unsigned warp) {
  if (spare_.empty()) {
    collectives_.push_back(std::make_unique<Collective>());
    spare_.push_back(collectives_.back().get());
  }
  Collective& fresh = *spare_.back();
  spare_.pop_back();
  fresh.function = function;
  fresh.warp = warp;
  fresh.mask = mask;
  fresh.arrived = 0;
  fresh.next = open_[warp];
  open_[warp] = &fresh;
  ++open_count_;
  return fresh;
}

void Block::close(Collective& collective) {
  Collective** link = &open_[collective.warp];
  while (*link != &collective) link = &(*link)->next;
  *link = collective.next;
  spare_.push_back(&collective);
  --open_count_;
}

[[gnu::always_inline]] inline std::uint64_t Block::meet(WarpFunction function, std::uint32_t mask,
                                                        std::uint64_t value, unsigned operand, int width,
                                                        Site site) {
  if (LaneTrace* traced = traced_lane) [[unlikely]]
    trace_wait(*traced, EventKind::WarpSync, mask, __builtin_return_address(0));
  Fiber& self = detach();
  const unsigned lane = self.rank % 32;
  if ((mask >> lane & 1) == 0 || width < 1 || width > 32 || !std::has_single_bit(unsigned(width))) {
    refuse_call(function, mask, width, site);
  }
  self.wait.set(name_of(function), site, mask);
  Collective& collective = join(function, mask, self.rank / 32);
  collective.arrived |= 1u << lane;
  collective.value[lane] = value;
  collective.source[lane] = static_cast<std::uint8_t>(shuffle_source(function, lane, operand, width));
  collective.fiber[lane] = &self;
  complete_if_all_here(collective);
  reschedule();
  return self.result;
}

std::uint64_t detail::warp_meet(WarpFunction function, unsigned mask, std::uint64_t value, unsigned operand,
                                int width, Site site) {
  return running_block_for("a warp-wide function").meet(function, mask, value, operand, width, site);
}

void Block::refuse_call(WarpFunction function, std::uint32_t mask, int width, Site site) {
  const unsigned lane = current_rank() % 32;
  char text[128];
  if ((mask >> lane & 1) == 0) {
    std::snprintf(text, sizeof text, "%s: lane %u calls with mask 0x%08x, which lacks it", name_of(function),
                  lane, mask);
  } else {
    std::snprintf(text, sizeof text, "%s: width %d is not a power of two from 1 to 32", name_of(function),
                  width);
  }
  stop(cudaErrorLaunchFailure, text, site);
}

void Block::complete_if_all_here(Collective& collective) {
  const std::uint32_t expected =
      collective.mask & existing_lanes(collective.warp) & ~exited_lanes_[collective.warp];
  if (collective.arrived == expected) complete(collective, expected);
}

void Block::complete(Collective& collective, std::uint32_t lanes) {
  if (lanes != collective.mask) report_missing_lanes(collective, lanes);
  collective.finish(lanes);
  if (racing_ != nullptr && collective.function == WarpFunction::Sync) [[unlikely]]
    racing_->warp_sync(collective.warp, collective.mask & existing_lanes(collective.warp));
  FiberQueue waiters;
  if (grid_->schedule().order == Order::Reversed) {
    for (std::uint32_t left = lanes; left != 0;) {
      const unsigned lane = 31u - static_cast<unsigned>(std::countl_zero(left));
      left &= ~(1u << lane);
      waiters.push(*collective.fiber[lane]);
    }
  } else {
    for_each_lane(lanes, [&](unsigned lane) { waiters.push(*collective.fiber[lane]); });
  }
  release(waiters);
  close(collective);
}

}  // namespace gridstride::emulator
