#include "sector_cache.hpp"

#include <algorithm>
#include <bit>

namespace gridstride::emulator {

void SectorCache::begin(std::size_t lines) {
  room_ = std::max<std::size_t>(lines, 1);
  lines_.clear();
  buckets_.assign(std::bit_ceil(2 * room_), kNone);
  newest_ = oldest_ = kNone;
}

SectorCache::Line& SectorCache::use_another(std::uint64_t number) {
  std::uint32_t at = bucket_of(number);
  while (at != kNone && lines_[at].number != number) at = lines_[at].next_in_bucket;
  if (at != kNone) {
    take_out(at);
  } else {
    at = place_for_new();
    std::uint32_t& bucket = bucket_of(number);
    lines_[at].number = number;
    lines_[at].held = lines_[at].written = 0;
    lines_[at].next_in_bucket = bucket;
    bucket = at;
  }
  put_first(at);
  return lines_[at];
}

std::uint32_t SectorCache::place_for_new() {
  if (lines_.size() < room_) {
    lines_.emplace_back();
    return static_cast<std::uint32_t>(lines_.size() - 1);
  }
  const std::uint32_t line = oldest_;
  take_out(line);
  std::uint32_t* link = &bucket_of(lines_[line].number);
  while (*link != line) link = &lines_[*link].next_in_bucket;
  *link = lines_[line].next_in_bucket;
  return line;
}

void SectorCache::take_out(std::uint32_t line) {
  const Line& out = lines_[line];
  (out.newer == kNone ? newest_ : lines_[out.newer].older) = out.older;
  (out.older == kNone ? oldest_ : lines_[out.older].newer) = out.newer;
}

void SectorCache::put_first(std::uint32_t line) {
  lines_[line].newer = kNone;
  lines_[line].older = newest_;
  (newest_ == kNone ? oldest_ : lines_[newest_].newer) = line;
  newest_ = line;
}

}  // namespace gridstride::emulator
