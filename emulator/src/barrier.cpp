/// __syncthreads and its relatives, and __activemask.
#include <string_view>

#include "block_inline.hpp"
#include "device_functions.hpp"
#include "race_block.hpp"

namespace gridstride::emulator {
namespace {

constexpr const char* kSyncthreads = "__syncthreads";
constexpr bool kCallersSwitch = GRIDSTRIDE_INLINE_SWITCH && !GRIDSTRIDE_ASAN;

bool same_text(const char* a, const char* b) { return std::string_view(a) == std::string_view(b); }

[[gnu::always_inline]] inline bool same_line(Site a, Site b) {
  return a.line == b.line && (a.file == b.file || same_text(a.file, b.file));
}

}  // namespace

[[gnu::always_inline]] inline detail::BarrierVotes Block::barrier(const char* name, bool predicate,
                                                                  Site site) {
  if (LaneTrace* lane = traced_lane) [[unlikely]]
    trace_wait(*lane, EventKind::BlockBarrier, ~0u, __builtin_return_address(0));
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

/// The shortest way through a barrier: the thread that came to the last one after this one goes on.
[[gnu::always_inline]] inline Step Block::next_step(Site site) {
  if (!in_step_) return {};
  Fiber& self = worker_.current();
  if (&self == step_.front()) {
    barrier_site_ = site;
  } else if (site.line != barrier_site_.line || site.file != barrier_site_.file) [[unlikely]] {
    return {};
  }
  Fiber& to = self.next != nullptr ? *self.next : *step_.front();
  worker_.make_current(to);
  return {&self.context, to.context};
}

void Block::fall_out_of_step() {
  in_step_ = false;
  const Fiber& self = worker_.current();
  while (step_.front() != &self) {
    Fiber& waiting = *step_.pop();
    waiting.wait.set(kSyncthreads, barrier_site_);
    at_barrier_.push(waiting);
  }
  step_.pop();
  ready_ = step_;
}

Step detail::next_step(Site site) {
  Block* const block = running_block;
  return block == nullptr ? Step{} : block->next_step(site);
}

void detail::block_barrier(Site site) { running_block_for(kSyncthreads).barrier(kSyncthreads, false, site); }

detail::BarrierVotes detail::block_votes(const char* name, bool predicate, Site site) {
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
  if (tracing_ != nullptr) [[unlikely]]
    tracing_->merge();
  if (racing_ != nullptr) [[unlikely]]
    racing_->barrier();
  release(at_barrier_);
  at_barrier_ = {};
  // All threads that are left are ready now, in the order in which they came.
  in_step_ = kCallersSwitch && ready_.size() > 1 && grid_->schedule().order != Order::Random &&
             !in_lockstep_ && tracing_ == nullptr && racing_ == nullptr;
  if (in_step_) step_ = ready_;
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

bool detail::launched_together() { return running_block_for("grid_group").grid().config().cooperative; }

/// One thread of each block comes here, between two barriers of its block.
void detail::grid_barrier(Site site) {
  Block& block = running_block_for("grid_group::sync");
  Grid& grid = block.grid();
  if (!grid.config().cooperative) {
    block.stop(cudaErrorLaunchFailure,
               "the grid cannot wait for all of its blocks; start it with cudaLaunchCooperativeKernel", site);
  }
  if (block.races() != nullptr) block.races()->leave(&grid);
  const std::uint64_t arrivals = grid.arrive();
  while (!grid.all_arrived(arrivals)) block.yield();
  if (block.races() != nullptr) block.races()->meet(&grid);
}

unsigned detail::warp_active_mask(Site site) { return running_block_for("__activemask").active_mask(site); }

}  // namespace gridstride::emulator
