#include "trace_counts.hpp"

#include "profile.hpp"

namespace gridstride::emulator {

PlaceCounts& CountsByCounter::add(std::uint64_t counter) {
  counts_.emplace_back().counter = counter;
  if (2 * counts_.size() > slots_.size()) {
    slots_.assign(2 * slots_.size(), Slot{});
    for (std::size_t i = 0; i + 1 < counts_.size(); ++i) insert(counts_[i].counter, i);
  }
  insert(counter, counts_.size() - 1);
  return counts_.back();
}

void CountsByCounter::insert(std::uint64_t counter, std::size_t index) {
  std::size_t slot = slot_of(counter);
  while (slots_[slot].counter != 0) slot = (slot + 1) & (slots_.size() - 1);
  slots_[slot] = {counter, index};
}

void CountsByCounter::begin_samples() {
  for (PlaceCounts& place : counts_) place.sampled = 0;
}

void CountsByCounter::clear() {
  slots_.assign(slots_.size(), Slot{});
  counts_.clear();
}

void WorkerTrace::hand_over(const Grid& grid) {
  if (blocks_ != 0) Profile::instance().add(grid, counts_, blocks_, warps_);
  counts_.clear();
  blocks_ = warps_ = 0;
}

}  // namespace gridstride::emulator
