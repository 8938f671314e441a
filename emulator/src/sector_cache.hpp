/// A cache of lines of 128 bytes, whose four sectors of 32 bytes are filled one by one. The line that was not
/// used for longest makes room. Any line may stand anywhere: which lines share a set follows from addresses,
/// and those here are not a GPU's.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

namespace gridstride::emulator {

class SectorCache {
 public:
  static constexpr std::uint64_t kLineBytes = 128;

  struct Line {
    std::uint64_t number;                // its address / 128
    std::uint8_t held = 0, written = 0;  // sectors, a bit for each

   private:
    friend class SectorCache;
    std::uint32_t newer, older, next_in_bucket;
  };

  /// Empty, with room for so many lines.
  void begin(std::size_t lines);
  /// The line, from now on the one that was used last; a new one holds nothing.
  Line& use(std::uint64_t number) {
    if (!lines_.empty() && lines_[newest_].number == number) return lines_[newest_];
    return use_another(number);
  }

 private:
  static constexpr std::uint32_t kNone = ~std::uint32_t{0};
  std::uint32_t& bucket_of(std::uint64_t number) {
    return buckets_[(number * 0x9e3779b97f4a7c15u) >> 32 & (buckets_.size() - 1)];
  }
  Line& use_another(std::uint64_t number);
  std::uint32_t place_for_new();
  void take_out(std::uint32_t line);
  void put_first(std::uint32_t line);

  std::size_t room_ = 0;
  std::vector<Line> lines_;
  std::vector<std::uint32_t> buckets_;
  std::uint32_t newest_ = kNone, oldest_ = kNone;
};

}  // namespace gridstride::emulator
