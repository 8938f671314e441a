// The counting functions themselves, on addresses that no kernel of ours makes.
#include "emulator/src/access_counts.hpp"

#include <gtest/gtest.h>

#include <functional>
#include <vector>

#include "emulator/src/trace_counts.hpp"

namespace gridstride::emulator {
namespace {

std::vector<Access> warp(std::uint32_t bytes, const std::function<std::uint64_t(unsigned)>& address,
                         std::uint32_t lanes = ~0u) {
  std::vector<Access> out;
  for (unsigned i = 0; i < 32; ++i) {
    if (lanes >> i & 1) out.push_back({address(i), bytes, i});
  }
  return out;
}

TEST(AccessCounts, BytesThatOverlapAreAskedForOnce) {
  const GlobalRequest request = count_global(warp(8, [](unsigned i) { return 4 * i; }));
  EXPECT_EQ(request.bytes, 33u * 4);
  EXPECT_EQ(request.sectors, 5u);
}

TEST(AccessCounts, AnAccessAcrossASectorsEndTakesBoth) {
  const GlobalRequest request = count_global(warp(4, [](unsigned) { return 30; }));
  EXPECT_EQ(request.sectors, 2u);
  EXPECT_EQ(request.bytes, 4u);
  EXPECT_EQ(request.most_lanes, 32u);
}

// 8,844,480 LDS.128 gave 35,377,920 wavefronts in a good layout, and 283,023,360 in a bad one.
TEST(AccessCounts, VectorsOf16BytesGoInQuarterWarps) {
  const SharedRequest good = count_shared(warp(16, [](unsigned i) { return 16 * i; }));
  EXPECT_EQ(good.wavefronts, 35'377'920u / 8'844'480u);
  EXPECT_EQ(good.ideal, 4u);
  const SharedRequest bad = count_shared(warp(16, [](unsigned i) { return 128 * i; }));
  EXPECT_EQ(bad.wavefronts, 283'023'360u / 8'844'480u);
  EXPECT_EQ(bad.wavefronts - bad.ideal, 247'645'440u / 8'844'480u + 0u);
}

TEST(AccessCounts, PartsOfAWarpThatAskForNothingCostNothing) {
  const SharedRequest request = count_shared(warp(
      16, [](unsigned i) { return 16 * i; }, 0x000000ffu));
  EXPECT_EQ(request.wavefronts, 1u);
  EXPECT_EQ(request.ideal, 1u);
}

TEST(AccessCounts, TheStrideIsWhatMostNeighboursAgreeOn) {
  EXPECT_EQ(stride_of(warp(4, [](unsigned i) { return 128 * i; })), 128);
  EXPECT_EQ(stride_of(warp(4, [](unsigned i) { return 4096 - 8 * i; })), -8);
  EXPECT_EQ(stride_of(warp(4, [](unsigned) { return 64; })), 0);
  EXPECT_EQ(stride_of(warp(4, [](unsigned i) { return 4 * i + i / 11 * 96; })), 4);  // rows of 11
  EXPECT_EQ(stride_of(warp(
                4, [](unsigned i) { return 4 * i; }, 0x55555555)),
            4);  // every second lane
  EXPECT_EQ(stride_of(warp(4, [](unsigned i) { return i * i; })), std::nullopt);
  EXPECT_EQ(stride_of(warp(
                4, [](unsigned i) { return i * 6; }, 0x1001)),
            6);
  EXPECT_EQ(stride_of(warp(
                4, [](unsigned i) { return i * 4; }, 0x8)),
            std::nullopt);
}

TEST(LayoutVote, TheLayoutOfMostRequestsWins) {
  const Layout row{4, 4}, column{4, 128};
  LayoutVote vote;
  vote.add(column);
  for (int i = 0; i < 3; ++i) vote.add(row);
  EXPECT_EQ(vote.favourite, row);
  EXPECT_EQ(vote.lead, 2u);
  vote.add(column, 2);  // as many of each: who leads by nothing still says how many bytes
  LayoutVote other;
  other.add(vote.favourite, vote.lead);
  EXPECT_EQ(other.favourite.bytes, 4u);
  EXPECT_EQ(other.lead, 0u);
}

}  // namespace
}  // namespace gridstride::emulator
