#include "race_shadow.hpp"

#include <algorithm>

#include "memory.hpp"

namespace gridstride::emulator {
namespace {

/// Of two accesses of one kind that are kept, the one that a third replaces; null where that need not be
/// kept. Others come in warps, tiles and blocks, which are neighbours: whoever is ordered behind the lowest
/// and the highest of a block's threads is so behind those between them.
Stamp* replaced(Stamp& a, Stamp& b, const Stamp& fresh) {
  if (a.block != b.block) return b.block == fresh.block ? &b : &a;
  if (fresh.block != a.block) return &b;
  Stamp& low = a.rank < b.rank ? a : b;
  Stamp& high = a.rank < b.rank ? b : a;
  if (fresh.rank <= low.rank) return &low;
  return fresh.rank >= high.rank ? &high : nullptr;
}

}  // namespace

void Cell::add(const Stamp& fresh) {
  if (fresh.is_last_update) {
    for (Stamp& stamp : stamps) stamp.is_last_update = 0;
  }
  Stamp* free = nullptr;
  std::array<Stamp*, 4> alike{};
  std::size_t count = 0;
  for (Stamp& stamp : stamps) {
    if (stamp.kind() == AccessKind::None) {
      free = &stamp;
    } else if (stamp.kind() == fresh.kind()) {
      alike[count++] = &stamp;
    }
  }
  const std::size_t most = fresh.kind() == AccessKind::Write ? 1 : 2;
  if (count >= most) {
    Stamp* place = most == 1 ? alike[0] : replaced(*alike[0], *alike[1], fresh);
    if (place == nullptr && fresh.is_last_update) {  // it is kept in any case, in a third place
      place = count > most ? alike[2] : free != nullptr ? free : alike[1];
    }
    if (place != nullptr) *place = fresh;
    return;
  }
  if (free == nullptr) {  // one write, and two each of reads and atomics, have no room together
    free = std::find_if(stamps.begin(), stamps.end(),
                        [](const Stamp& stamp) { return stamp.kind() != AccessKind::Write; });
  }
  *free = fresh;
}

bool Cell::has_around(const Stamp& read, std::uint32_t barrier) const {
  bool is_low = false, is_high = false;
  for (const Stamp& stamp : stamps) {
    if (stamp.kind() == AccessKind::None) continue;
    if (stamp.block != read.block || stamp.is_under_way) return false;
    if (stamp.time < barrier) continue;
    if (stamp.time != read.time || !stamp.is_like(read)) return false;
    is_low |= stamp.rank <= read.rank;
    is_high |= stamp.rank >= read.rank;
  }
  return is_low && is_high;
}

Shadow::Shadow() : left_(static_cast<std::int64_t>(available_bytes() / 4)) {}

std::unique_ptr<ShadowPage> Shadow::make(PageKind kind) {
  constexpr std::int64_t kBytes = sizeof(ShadowPage) + sizeof(std::array<Cell, ShadowPage::kWords>);
  if (left_.fetch_sub(kBytes, std::memory_order_relaxed) <= 0) return nullptr;
  auto page = std::make_unique<ShadowPage>();
  page->kind = kind;
  page->left = &left_;
  if (kind != PageKind::Local) page->words = std::make_unique<std::array<Cell, ShadowPage::kWords>>();
  return page;
}

}  // namespace gridstride::emulator
