/// Waiting: __syncthreads and its relatives, warp-wide operations, __activemask.
#include <bit>
#include <cstdio>
#include <string_view>

#include "block_inline.hpp"
#include "device_functions.hpp"

namespace gridstride::emulator {
namespace {

bool same_text(const char* a, const char* b) { return std::string_view(a) == std::string_view(b); }

[[gnu::always_inline]] inline bool same_line(Site a, Site b) {
  return a.line == b.line && (a.file == b.file || same_text(a.file, b.file));
}

}  // namespace

[[gnu::always_inline]] inline detail::BarrierVotes Block::barrier(const char* name, bool predicate,
                                                                  Site site) {
  Fiber& self = detach();
  self.wait.set(name, site);
  if (at_barrier_.empty()) {
    barrier_site_ = site;
  } else if (!same_line(site, barrier_site_)) [[unlikely]] {
    mixed_sites_ = true;
  }
  at_barrier_.push(self);
  agreed_ += predicate;
  const unsigned generation = generation_;
  if (at_barrier_.size() + exited_ == threads_) release_barrier();
  reschedule();
  return results_[generation % 2];
}

detail::BarrierVotes detail::block_barrier(const char* name, bool predicate, Site site) {
  return running_block_for(name).barrier(name, predicate, site);
}

void Block::release_barrier() {
  if (mixed_sites_) {
    report_divergent_barrier();
    return;
  }
  results_[generation_ % 2] = {at_barrier_.size(), agreed_};
  ++generation_;
  agreed_ = 0;
  release(at_barrier_);
  at_barrier_ = {};
}

std::uint32_t Block::existing_lanes(unsigned warp) const {
  const unsigned count = threads_ - 32 * warp;
  return count >= 32 ? 0xffffffffu : (1u << count) - 1;
}

Collective& Block::join(Collective::Kind kind, const char* name, std::uint32_t mask, unsigned warp) {
  for (const auto& collective : open_) {
    if (collective->warp == warp && collective->mask == mask && collective->kind == kind) {
      return *collective;
    }
  }
  if (spare_.empty()) spare_.push_back(std::make_unique<Collective>());
  open_.push_back(std::move(spare_.back()));
  spare_.pop_back();
  Collective& fresh = *open_.back();
  fresh.kind = kind;
  fresh.name = name;
  fresh.warp = warp;
  fresh.mask = mask;
  fresh.arrived = 0;
  return fresh;
}

std::uint64_t Block::meet(Collective::Kind kind, const char* name, std::uint32_t mask, std::uint64_t value,
                          unsigned argument, Site site) {
  Fiber& self = detach();
  const unsigned lane = self.rank % 32;
  if ((mask >> lane & 1) == 0) {
    char text[96];
    std::snprintf(text, sizeof text, "%s: lane %u calls with mask 0x%08x, which lacks it", name, lane, mask);
    stop(cudaErrorLaunchFailure, text, site);
  }
  self.wait.set(name, site, mask);
  Collective& collective = join(kind, name, mask, self.rank / 32);
  collective.arrived |= 1u << lane;
  collective.value[lane] = value;
  collective.argument[lane] = argument;
  collective.fiber[lane] = &self;
  complete_if_all_here(collective);
  reschedule();
  return self.result;
}

bool Block::complete_if_all_here(Collective& collective) {
  const std::uint32_t expected =
      collective.mask & existing_lanes(collective.warp) & ~exited_lanes_[collective.warp];
  if (collective.arrived != expected) return false;
  complete(collective, expected);
  return true;
}

void Block::complete(Collective& collective, std::uint32_t lanes) {
  report_missing_lanes(collective, lanes);
  FiberQueue waiters;
  const bool reversed = grid_->schedule().order == Order::Reversed;
  for (std::uint32_t left = lanes; left != 0;) {
    const auto lane = static_cast<unsigned>(reversed ? 31 - std::countl_zero(left) : std::countr_zero(left));
    left &= ~(1u << lane);
    Fiber& fiber = *collective.fiber[lane];
    fiber.result = collective.result(lane, lanes);
    waiters.push(fiber);
  }
  release(waiters);
  for (auto& open : open_) {
    if (open.get() != &collective) continue;
    std::swap(open, open_.back());
    spare_.push_back(std::move(open_.back()));
    open_.pop_back();
    break;
  }
}

std::uint32_t Block::active_mask(Site site) {
  Fiber& self = detach();
  self.wait.set("__activemask", site);
  asking_active_mask_.push(self);
  reschedule();
  return static_cast<std::uint32_t>(self.result);
}

/// No lane of the first asking thread's warp can run: those that ask on the same line are together.
void Block::resolve_active_mask() {
  const Fiber& first = *asking_active_mask_.front();
  FiberQueue others;
  FiberQueue together;
  std::uint32_t lanes = 0;
  while (Fiber* fiber = asking_active_mask_.pop()) {
    if (fiber->rank / 32 == first.rank / 32 && same_line(fiber->wait.site, first.wait.site)) {
      lanes |= 1u << fiber->rank % 32;
      together.push(*fiber);
    } else {
      others.push(*fiber);
    }
  }
  asking_active_mask_ = others;
  while (Fiber* fiber = together.pop()) {
    fiber->result = lanes;
    ready_.push(*fiber);
  }
}

}  // namespace gridstride::emulator
