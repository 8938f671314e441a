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
    std::uint64_t used;  // when, the last time
    std::uint32_t next_in_bucket;
  };

  /// Empty, with room for so many lines.
  void begin(std::size_t lines);
  /// The line, from now on the one that was used last; a new one holds nothing. Who asks again for what he
  /// asked for before finds it faster where he `stood` the last time.
  Line& use(std::uint64_t number, std::uint32_t& stood) {
    if (stood >= lines_.size() || lines_[stood].number != number) [[unlikely]]
      stood = find(number);
    Line& line = lines_[stood];
    line.used = ++now_;
    return line;
  }
  Line& use(std::uint64_t number) { return use(number, last_); }

 private:
  static constexpr std::uint32_t kNone = ~std::uint32_t{0};
  /// A line, and when it was used last when somebody looked.
  struct Seen {
    std::uint64_t used;
    std::uint32_t line;
    bool operator<(const Seen& other) const { return used < other.used; }
  };
  std::uint32_t& bucket_of(std::uint64_t number) {
    return buckets_[(number * 0x9e3779b97f4a7c15u) >> 32 & (buckets_.size() - 1)];
  }
  std::uint32_t find(std::uint64_t number);
  std::uint32_t place_for_new();
  std::uint32_t take_oldest();

  std::size_t room_ = 0;
  std::vector<Line> lines_;
  std::vector<std::uint32_t> buckets_;
  std::uint64_t now_ = 0;
  std::uint32_t last_ = 0;
  // The lines that were used longest ago when there was no room the last time, in order. Who was used since
  // is passed over: all others, and all that came later, are younger than those that are left.
  std::vector<Seen> oldest_;
  std::size_t passed_ = 0;
};

}  // namespace gridstride::emulator
