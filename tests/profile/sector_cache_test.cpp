// The cache of sectors, and the lines of a request.
#include "emulator/src/sector_cache.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <deque>
#include <map>
#include <random>

#include "emulator/src/access_counts.hpp"

namespace gridstride::emulator {
namespace {

TEST(SectorCache, ThrowsOutWhatWasNotUsedForLongest) {
  for (const std::size_t room : {1, 2, 7, 64}) {
    SectorCache cache;
    cache.begin(room);
    std::deque<std::uint64_t> oracle;  // the newest first
    std::mt19937 random(7);
    for (int i = 0; i < 20000; ++i) {
      const std::uint64_t number = random() % (2 * room);
      const auto at = std::ranges::find(oracle, number);
      SectorCache::Line& line = cache.use(number);
      ASSERT_EQ(line.number, number);
      ASSERT_EQ(line.held, at == oracle.end() ? 0 : 1) << room << " " << i;
      line.held = 1;
      if (at != oracle.end()) oracle.erase(at);
      oracle.push_front(number);
      if (oracle.size() > room) oracle.pop_back();
    }
  }
}

TEST(SectorCache, IsEmptyWhenItBeginsAnew) {
  SectorCache cache;
  cache.begin(4);
  cache.use(1).held = 15;
  cache.begin(4);
  EXPECT_EQ(cache.use(1).held, 0);
}

TEST(Lines, OfARequestHoldItsSectors) {
  std::mt19937 random(3);
  for (int round = 0; round < 1000; ++round) {
    const std::uint32_t bytes = 1u << random() % 5;
    const std::uint32_t span = 64u << random() % 8;
    std::vector<Access> accesses;
    std::map<std::uint64_t, unsigned> expected;
    for (unsigned lane = 0; lane < 32; ++lane) {
      const std::uint64_t address = random() % span;  // aligned or not
      accesses.push_back({address, bytes, lane});
      for (std::uint64_t byte = address; byte < address + bytes; ++byte)
        expected[byte / 128] |= 1u << byte / 32 % 4;
    }
    const Lines lines = lines_of(accesses);
    ASSERT_EQ(lines.count, expected.size());
    auto line = expected.begin();
    for (std::size_t i = 0; i < lines.count; ++i, ++line) {
      EXPECT_EQ(lines.of[i].line, line->first);
      EXPECT_EQ(lines.of[i].sectors, line->second);
    }
  }
}

}  // namespace
}  // namespace gridstride::emulator
