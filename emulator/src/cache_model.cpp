#include "cache_model.hpp"

#include <algorithm>
#include <utility>

namespace gridstride::emulator {

std::size_t l1_bytes_of_block(const Architecture& architecture, std::size_t threads,
                              std::size_t shared_bytes) {
  const std::size_t blocks = std::max(1u, blocks_per_processor(architecture, threads, shared_bytes));
  const std::size_t shared =
      std::min(blocks * shared_of_block(architecture, shared_bytes), architecture.shared_per_processor());
  return (architecture.l1_and_shared() - shared) / blocks;
}

void L2Cache::add(std::uint64_t block, std::vector<L2Request>&& requests) {
  constexpr std::size_t kMostEarly = 1024;  // beyond that, order is less than memory
  const std::scoped_lock lock(mutex_);
  early_.emplace(block, std::move(requests));
  if (early_.size() > kMostEarly) next_ = early_.begin()->first;
  serve_those_whose_turn_it_is();
}

void L2Cache::add_part(const std::vector<L2Request>& requests) {
  const std::scoped_lock lock(mutex_);
  serve(requests);
}

void L2Cache::end() {
  const std::scoped_lock lock(mutex_);
  for (const auto& [block, requests] : early_) serve(requests);
  early_.clear();
}

void L2Cache::serve_those_whose_turn_it_is() {
  while (!early_.empty() && early_.begin()->first <= next_) {
    next_ = std::max(next_, early_.begin()->first + 1);
    serve(early_.begin()->second);
    early_.erase(early_.begin());
  }
}

void L2Cache::serve(const std::vector<L2Request>& requests) {
  std::uint64_t counter = 0;
  Counts* counts = nullptr;
  for (const L2Request& request : requests) {
    if (counts == nullptr || request.counter() != counter) {
      counter = request.counter();
      counts = &counts_[counter];
    }
    SectorCache::Line& line = cache_.use(request.line());
    const std::uint8_t fresh = request.sectors() & static_cast<std::uint8_t>(~line.held);
    if (fresh != 0) touched_[request.line()] |= fresh;
    if (request.kind() != EventKind::Store) {
      counts->l2_sectors += sectors_in(request.sectors());
      counts->l2_hit_sectors += sectors_in(request.sectors() & line.held);
      counts->dram_sectors += sectors_in(fresh);
    }
    if (request.kind() != EventKind::Load) {  // written back some day, once
      counts->dram_sectors += sectors_in(request.sectors() & ~line.written);
      line.written |= request.sectors();
    }
    line.held |= request.sectors();
  }
}

std::uint64_t L2Cache::footprint_bytes() const {
  std::uint64_t sectors = 0;
  for (const auto& [line, touched] : touched_) sectors += sectors_in(touched);
  return GlobalRequest::kSectorBytes * sectors;
}

}  // namespace gridstride::emulator
