#include "sector_cache.hpp"

#include <algorithm>
#include <bit>

namespace gridstride::emulator {

void SectorCache::begin(std::size_t lines) {
  room_ = std::max<std::size_t>(lines, 1);
  lines_.clear();
  buckets_.assign(std::bit_ceil(2 * room_), kNone);
  oldest_.clear();
  passed_ = 0;
}

std::uint32_t SectorCache::find(std::uint64_t number) {
  std::uint32_t at = bucket_of(number);
  while (at != kNone && lines_[at].number != number) at = lines_[at].next_in_bucket;
  if (at != kNone) return at;
  at = place_for_new();
  std::uint32_t& bucket = bucket_of(number);
  lines_[at].number = number;
  lines_[at].held = lines_[at].written = 0;
  lines_[at].next_in_bucket = bucket;
  bucket = at;
  return at;
}

std::uint32_t SectorCache::place_for_new() {
  if (lines_.size() < room_) {
    lines_.emplace_back();
    return static_cast<std::uint32_t>(lines_.size() - 1);
  }
  const std::uint32_t line = take_oldest();
  std::uint32_t* link = &bucket_of(lines_[line].number);
  while (*link != line) link = &lines_[*link].next_in_bucket;
  *link = lines_[line].next_in_bucket;
  return line;
}

std::uint32_t SectorCache::take_oldest() {
  for (;;) {
    while (passed_ < oldest_.size()) {
      const Seen& seen = oldest_[passed_++];
      if (lines_[seen.line].used == seen.used) return seen.line;
    }
    oldest_.clear();
    for (std::uint32_t i = 0; i < lines_.size(); ++i) oldest_.push_back({lines_[i].used, i});
    const auto end = oldest_.begin() + static_cast<std::ptrdiff_t>((oldest_.size() + 3) / 4);
    std::nth_element(oldest_.begin(), end - 1, oldest_.end());
    oldest_.erase(end, oldest_.end());
    std::sort(oldest_.begin(), oldest_.end());
    passed_ = 0;
  }
}

}  // namespace gridstride::emulator
