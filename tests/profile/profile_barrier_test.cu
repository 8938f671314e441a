// How unevenly warps arrive at barriers: sums over the intervals between them, in closed form.
#include <algorithm>

#include "gridstride/emulator/findings.hpp"
#include "tests/profile/profile_fixture.hpp"

namespace gridstride::emulator {
namespace {

constexpr int kWarps = 4, kThreads = 32 * kWarps;

/// Every warp goes through a loop as often as its place in `turns` says, then waits.
struct Turns {
  int of[kWarps];
};
__global__ void loops(int* out, Turns turns, int barriers) {
  __shared__ volatile int s[kThreads];  // so that each turn stores
  for (int k = 0; k < barriers; ++k) {
    const int last = turns.of[threadIdx.x / 32];
#pragma GCC unroll 1
    for (int i = 0; i < last; ++i) s[threadIdx.x] = i;
    __syncthreads();
  }
  out[threadIdx.x] = s[threadIdx.x];
}
__global__ void one_warp_works(int* out, int turns) {
  __shared__ volatile int s[32];
  if (threadIdx.x < 32) {
#pragma GCC unroll 1
    for (int i = 0; i < turns; ++i) s[threadIdx.x] = i;
  }
  __syncthreads();
  out[threadIdx.x] = s[threadIdx.x % 32];
}
/// The first two warps never come to a barrier, however much they do.
__global__ void early(volatile int* out, Turns turns) {
  const int last = turns.of[threadIdx.x / 32];
#pragma GCC unroll 1
  for (int i = 0; i < last; ++i) out[threadIdx.x] = i;
  if (threadIdx.x < 64) return;
  __syncthreads();
  out[threadIdx.x] = 0;
}
__global__ void no_barrier(int* out) { out[threadIdx.x] = 1; }

class Barriers : public ProfileTest {
 protected:
  void SetUp() override {
    ProfileTest::SetUp();
    ASSERT_EQ(cudaMalloc(&out_, kThreads * sizeof(int)), cudaSuccess);
  }
  void TearDown() override {
    cudaFree(out_);
    ProfileTest::TearDown();
  }
  Counts of_loops(Turns turns, int barriers = 1, int blocks = 1) {
    loops<<<blocks, kThreads>>>(out_, turns, barriers);
    return counts();
  }
  /// What a warp does in a turn, instructions and basic blocks, and beside its turns.
  struct Work {
    std::uint64_t turn, rest;
  };
  Work measured() {
    const std::uint64_t one = of_loops({1, 1, 1, 1}).barrier_work / kWarps;
    const std::uint64_t two = of_loops({2, 2, 2, 2}).barrier_work / kWarps;
    return {two - one, one - (two - one)};
  }

  int* out_ = nullptr;
};
GRIDSTRIDE_EVERY_SCHEDULE(Barriers);

TEST_P(Barriers, WarpsThatDoTheSameWaitForNobody) {
  const Counts c = of_loops({5, 5, 5, 5}, 3, 7);
  EXPECT_EQ(c.block_barriers, 3u * 7 * kWarps);
  EXPECT_EQ(c.barrier_idle, 0u);
  EXPECT_EQ(c.imbalance(), 1);
  EXPECT_GE(c.barrier_work, 2u * 5 * 3 * 7 * kWarps);  // a store and a basic block at least for each turn
}

TEST_P(Barriers, OneWarpDoesFourTimesTheWork) {
  const auto [turn, rest] = measured();
  EXPECT_GE(turn, 2u);
  const Counts c = of_loops({40, 10, 10, 10});
  EXPECT_EQ(c.barrier_work, 70 * turn + kWarps * rest);
  EXPECT_EQ(c.barrier_idle, 90 * turn);
  EXPECT_NEAR(of_loops({4000, 1000, 1000, 1000}).imbalance(), 4 / 1.75, 0.01);
}

TEST_P(Barriers, EveryIntervalHasABusiestWarp) {
  const Counts once = of_loops({4, 1, 1, 2}), often = of_loops({4, 1, 1, 2}, 10);
  EXPECT_EQ(often.barrier_idle, 10 * once.barrier_idle);
  EXPECT_EQ(of_loops({4, 1, 1, 2}, 1, 6).barrier_idle, 6 * once.barrier_idle) << "and so has every block";
}

TEST_P(Barriers, WhoHasReturnedIsNotWaitedFor) {
  early<<<1, kThreads>>>(out_, {100, 100, 3, 3});
  EXPECT_EQ(counts().barrier_idle, 0u);
  early<<<1, kThreads>>>(out_, {100, 100, 9, 3});
  const Counts nine = counts();
  early<<<1, kThreads>>>(out_, {1, 1, 9, 3});
  EXPECT_EQ(counts().barrier_idle, nine.barrier_idle);
  EXPECT_GT(nine.barrier_idle, 0u);
}

TEST_P(Barriers, NothingWithoutBarriers) {
  no_barrier<<<1, kThreads>>>(out_);
  const KernelProfile kernel = profile();
  EXPECT_EQ(kernel.total.barrier_work, 0u);
  EXPECT_EQ(kernel.total.imbalance(), 1);
  EXPECT_EQ(profile_table({kernel}).find("  barriers "), std::string::npos);
}

TEST_P(Barriers, IsToldOfTheLineWhereItIsWaited) {
  one_warp_works<<<200, kThreads>>>(out_, 50);
  const KernelProfile kernel = profile();
  const auto all = findings(kernel);
  const auto found = std::ranges::find(all, FindingKind::barrier_imbalance, &Finding::kind);
  ASSERT_NE(found, all.end());
  EXPECT_EQ(found->line, 32u) << found->text;
  EXPECT_NE(found->text.find("does 3."), std::string::npos) << found->text;
  EXPECT_NE(profile_table({kernel}).find("  barriers        the busiest warp of a block does 3."),
            std::string::npos);
  loops<<<200, kThreads>>>(out_, {3, 2, 2, 3}, 1);
  for (const Finding& finding : findings(profile())) {
    EXPECT_NE(finding.kind, FindingKind::barrier_imbalance) << finding.text;
  }
}

}  // namespace
}  // namespace gridstride::emulator
