/// What orders the accesses of a block's threads: barriers, warps that meet, and flags that are set and seen.
#include <algorithm>
#include <utility>

#include "block.hpp"
#include "race_block.hpp"

namespace gridstride::emulator {

void BlockRaces::release(unsigned rank, std::uintptr_t address, bool everything) {
  if (everything) {
    const ViewPtr all = knowledge(rank);
    tick(rank);
    launch_->release(address, number_, all, all);
    return;
  }
  if (!has_views_) return;
  const Thread& thread = threads_[rank];
  const ViewPtr everywhere = merged(common_.fenced, thread.fenced);
  const ViewPtr within = merged(everywhere, merged(common_.fenced_within, thread.fenced_within));
  if (within != nullptr) launch_->release(address, number_, everywhere, within);
}

void BlockRaces::acquire(unsigned rank, std::uintptr_t address, bool at_once) {
  const Flag flag = launch_->flag(address);
  const ViewPtr within = flag.block == number_ ? flag.within : nullptr;
  if (flag.everywhere == nullptr && within == nullptr) return;
  if (!std::exchange(has_views_, true)) threads_.resize(times_.size());
  Thread& thread = threads_[rank];
  if (at_once) {
    thread.learnt = merged(thread.learnt, merged(flag.everywhere, within));
  } else {
    thread.seen = merged(thread.seen, flag.everywhere);
    thread.seen_within = merged(thread.seen_within, within);
  }
}

void BlockRaces::fence(bool within_block) {
  if (!is_thread()) return;
  settle();
  if (!std::exchange(has_views_, true)) threads_.resize(times_.size());
  const unsigned rank = block_.current_rank();
  Thread& thread = threads_[rank];
  thread.learnt = merged(thread.learnt, std::exchange(thread.seen_within, nullptr));
  if (!within_block) thread.learnt = merged(thread.learnt, std::exchange(thread.seen, nullptr));
  (within_block ? thread.fenced_within : thread.fenced) = knowledge(rank);
  tick(rank);
}

void BlockRaces::leave(const void* key) {
  settle();
  release(block_.current_rank(), reinterpret_cast<std::uintptr_t>(key), true);
}

void BlockRaces::meet(const void* key) {
  settle();
  acquire(block_.current_rank(), reinterpret_cast<std::uintptr_t>(key), true);
}

ViewPtr BlockRaces::knowledge(unsigned rank) const {
  auto own = std::make_shared<View>();
  if (barrier_ > 1) own->add(View::all_of(number_), barrier_ - 1);
  const Warp* warp = warps_[rank / 32].get();
  const unsigned lane = rank % 32;
  for (unsigned other = 0; other < 32; ++other) {
    const bool is_known = warp != nullptr && warp->since == barrier_;
    const std::uint32_t time = other == lane ? times_[rank] : is_known ? warp->known[lane][other] : 0;
    if (time != 0) own->add(View::thread(number_, rank - lane + other), time);
  }
  return merged(own, merged(common_.learnt, has_views_ ? threads_[rank].learnt : nullptr));
}

/// Every thread knows what any of them does.
void BlockRaces::unite(std::vector<Thread*>& threads) {
  Thread all;
  for (Thread* thread : threads) {
    all.learnt = merged(all.learnt, thread->learnt);
    all.seen = merged(all.seen, thread->seen);
    all.seen_within = merged(all.seen_within, thread->seen_within);
    all.fenced = merged(all.fenced, thread->fenced);
    all.fenced_within = merged(all.fenced_within, thread->fenced_within);
  }
  for (Thread* thread : threads) *thread = all;
}

void BlockRaces::barrier() {
  settle();
  barrier_ = ++clock_;
  std::fill(times_.begin(), times_.end(), clock_);
  if (!has_views_) return;
  std::vector<Thread*> all{&common_};
  for (Thread& thread : threads_) all.push_back(&thread);
  unite(all);
  // A barrier is a fence for what was seen before it.
  common_.learnt = merged(common_.learnt, merged(common_.seen, common_.seen_within));
  common_.seen = common_.seen_within = nullptr;
  std::fill(threads_.begin(), threads_.end(), Thread{});
}

void BlockRaces::warp_sync(unsigned number, std::uint32_t lanes) {
  settle();
  auto& warp = warps_[number];
  if (warp == nullptr) warp = std::make_unique<Warp>();
  if (std::exchange(warp->since, barrier_) != barrier_) {
    for (auto& row : warp->known) row.fill(0);
  }
  std::uint32_t* times = times_.data() + 32 * number;
  std::array<std::uint32_t, 32> all{};
  for_each_lane(lanes, [&](unsigned lane) {
    for (unsigned i = 0; i < 32; ++i) all[i] = std::max(all[i], warp->known[lane][i]);
    all[lane] = std::max(all[lane], times[lane]);
  });
  ++clock_;
  std::vector<Thread*> together;
  for_each_lane(lanes, [&](unsigned lane) {
    warp->known[lane] = all;
    times[lane] = clock_;
    if (has_views_) together.push_back(&threads_[32 * number + lane]);
  });
  unite(together);
}

bool BlockRaces::is_ordered(const Stamp& old, unsigned rank) const {
  const auto other = static_cast<unsigned>(old.rank);
  if (old.block == number_) {
    if (other == rank || old.time < barrier_) return true;
    const Warp* warp = warps_[rank / 32].get();
    if (other / 32 == rank / 32 && warp != nullptr && warp->since == barrier_ &&
        old.time <= warp->known[rank % 32][other % 32]) {
      return true;
    }
  }
  if (!has_views_) return false;
  const auto covered = [&](const ViewPtr& view) {
    return view != nullptr && view->covers(old.block, other, old.time);
  };
  return covered(threads_[rank].learnt) || covered(common_.learnt);
}

}  // namespace gridstride::emulator
