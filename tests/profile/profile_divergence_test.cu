// Lanes that part and meet again.
#include <algorithm>

#include "tests/profile/profile_fixture.hpp"

namespace gridstride::emulator {
namespace {

class ProfileDivergence : public ProfileTest {
 protected:
  DeviceArray<int> array_{4096, 0};
  int* a_ = array_.data();
};
GRIDSTRIDE_EVERY_SCHEDULE(ProfileDivergence);

__global__ void halves(int* a) {
  if (threadIdx.x < 16) {
    a[threadIdx.x] = 1;
  } else {
    a[threadIdx.x] = 2;
  }
  a[threadIdx.x + 32] = 3;
}

TEST_P(ProfileDivergence, BothSidesOfABranchAreInstructionsOfTheirOwn) {
  halves<<<1, 32>>>(a_);
  const Counts of = counts();
  EXPECT_EQ(of.store_requests, 3u);
  EXPECT_EQ(of.store_sectors, 2u + 2 + 4);
  EXPECT_EQ(of.lanes, 64u);
  EXPECT_EQ(of.divergent, 2u);
  EXPECT_EQ(of.divergent_steps, 2u);
}

__global__ void one_side(int* a) {
  if (threadIdx.x % 2 == 0) a[threadIdx.x] = 1;
  a[threadIdx.x + 32] = 3;
}

TEST_P(ProfileDivergence, LanesWithoutAnElseWait) {
  one_side<<<1, 32>>>(a_);
  const Counts of = counts();
  EXPECT_EQ(of.store_requests, 2u);
  EXPECT_EQ(of.lanes, 48u);
  EXPECT_EQ(of.divergent, 1u);
  EXPECT_EQ(of.store_sectors, 8u);
  EXPECT_EQ(of.store_bytes, 16u * 4 + 128);
}

// What a compiler would make a loop of its own for each side of, or for the turns before and after.
__global__ void odd_lanes_multiply(int* a, int n) {
  int sum = 0;
  for (int i = 0; i < n; ++i) {
    sum += a[i * 32 + threadIdx.x];
    if (threadIdx.x % 2 == 1) sum *= a[2048 + i];
  }
  a[threadIdx.x] = sum;
}

TEST_P(ProfileDivergence, ALoopWhoseLanesPartInItStaysOne) {
  odd_lanes_multiply<<<1, 32>>>(a_, 10);
  const Counts of = counts();
  EXPECT_EQ(of.load_requests, 20u);
  EXPECT_EQ(of.lanes, 10u * 32 + 10 * 16 + 32);
}

__global__ void early_turns_add(int* a, int n) {
  const int mine = threadIdx.x;
  for (int i = 0; i < n; ++i) {
    int x = a[i * 32 + threadIdx.x];
    if (i < mine) x += 1;
    a[i * 32 + threadIdx.x] = x;
  }
}

TEST_P(ProfileDivergence, ALoopWhoseLanesPartAfterSomeTurnsStaysOne) {
  early_turns_add<<<1, 32>>>(a_, 40);
  const Counts of = counts();
  EXPECT_EQ(of.load_requests, 40u);
  EXPECT_EQ(of.store_requests, 40u);
  EXPECT_EQ(of.lanes, 2u * 40 * 32);
}

__global__ void early(int* a, int n) {
  const int i = threadIdx.x;
  if (i >= n) return;
  a[i] = 1;
  a[i + 64] = 2;
}

TEST_P(ProfileDivergence, LanesThatHaveReturnedAreNotWaitedFor) {
  early<<<1, 64>>>(a_, 40);
  const Counts of = counts();
  EXPECT_EQ(of.store_requests, 4u);  // of two warps, with 32 and 8 lanes
  EXPECT_EQ(of.lanes, 80u);
  EXPECT_EQ(of.divergent, 0u);
}

__global__ void trips(int* a, int each) {
  const int n = each == 0 ? threadIdx.x + 1 : each;
  for (int k = 0; k < n; ++k) a[32 * k + threadIdx.x] = k;
  a[2048 + threadIdx.x] = 1;
}

TEST_P(ProfileDivergence, ALoopGoesAsOftenAsItsLongestLane) {
  trips<<<1, 32>>>(a_, 0);
  const Counts of = counts();
  EXPECT_EQ(of.store_requests, 32u + 1);
  EXPECT_EQ(of.lanes, 32u * 33 / 2 + 32);
  EXPECT_EQ(of.divergent, 31u);
  trips<<<1, 32>>>(a_, 7);
  const Counts even = counts();
  EXPECT_EQ(even.store_requests, 8u);
  EXPECT_EQ(even.divergent + even.divergent_steps, 0u);
}

__global__ void nested(int* a, int outer) {
  for (int i = 0; i < outer; ++i) {
    const int n = (threadIdx.x * 7 + i * 5) % 11;
    for (int k = 0; k < n; ++k) a[32 * k + threadIdx.x] = k;
  }
}

__global__ void nested_both(int* a) {
  for (int i = 0; i <= static_cast<int>(threadIdx.x) % 5; ++i) {
    for (int k = 0; k < (i ^ static_cast<int>(threadIdx.x)) % 6; ++k) a[32 * k + threadIdx.x] = k;
    a[2048 + threadIdx.x] = i;
  }
}

TEST_P(ProfileDivergence, InnerLoopsMeetAfterEveryOuterTurn) {
  nested<<<1, 32>>>(a_, 9);
  std::uint64_t turns = 0, lanes = 0;
  for (int i = 0; i < 9; ++i) {
    int most = 0;
    for (int lane = 0; lane < 32; ++lane) {
      most = std::max(most, (lane * 7 + i * 5) % 11);
      lanes += static_cast<unsigned>((lane * 7 + i * 5) % 11);
    }
    turns += static_cast<unsigned>(most);
  }
  const Counts of = counts();
  EXPECT_EQ(of.store_requests, turns);
  EXPECT_EQ(of.lanes, lanes);

  nested_both<<<1, 32>>>(a_);
  turns = lanes = 0;
  for (int i = 0; i < 5; ++i) {
    int most = 0;
    for (int lane = 0; lane < 32; ++lane) {
      if (i > lane % 5) continue;
      most = std::max(most, (i ^ lane) % 6);
      lanes += static_cast<unsigned>((i ^ lane) % 6 + 1);
    }
    turns += static_cast<unsigned>(most + 1);
  }
  const Counts both = counts();
  EXPECT_EQ(both.store_requests, turns);
  EXPECT_EQ(both.lanes, lanes);
}

__global__ void leaves(int* a) {
  for (int k = 0; k < 10; ++k) {
    if (k == static_cast<int>(threadIdx.x)) break;
    if (k % 2 == static_cast<int>(threadIdx.x) % 2) continue;
    a[32 * k + threadIdx.x] = k;
  }
  a[2048 + threadIdx.x] = 1;
}

TEST_P(ProfileDivergence, BreakAndContinueMeetWhereTheyLead) {
  leaves<<<1, 32>>>(a_);
  std::uint64_t requests = 1, lanes = 32;
  for (int k = 0; k < 10; ++k) {
    std::uint64_t here = 0;
    for (int lane = 0; lane < 32; ++lane) here += lane > k || lane >= 10 ? k % 2 != lane % 2 : 0;
    requests += here != 0;
    lanes += here;
  }
  const Counts of = counts();
  EXPECT_EQ(of.store_requests, requests);
  EXPECT_EQ(of.lanes, lanes);
}

__global__ void long_loop(int* a, int n) {
  for (int k = 0; k < n + static_cast<int>(threadIdx.x % 3); ++k) {
    if ((k + threadIdx.x) % 4 == 0) a[threadIdx.x] = k;
    a[threadIdx.x + 32] = k;
  }
  a[threadIdx.x + 64] = 1;
}

// More than a stream holds: lanes have to take turns.
TEST_P(ProfileDivergence, LongStreamsAreMergedAsTheyGo) {
  constexpr int kTurns = 3000;
  long_loop<<<4, 64>>>(a_, kTurns);
  const Counts of = counts();
  // The last two turns are for some lanes; of 32 lanes 10 or 11 have them, of every rest by four some.
  EXPECT_EQ(of.store_requests, 8u * (2 * (kTurns + 2) + 1));
  const Counts again = [&] {
    long_loop<<<4, 64>>>(a_, kTurns);
    return counts();
  }();
  EXPECT_EQ(of, again);
}

__device__ __noinline__ void set(int* a, int i) { a[i] = i; }

__global__ void calls(int* a, bool apart) {
  if (apart && threadIdx.x < 16) {
    set(a, threadIdx.x);
  } else {
    set(a, threadIdx.x);
  }
  set(a, threadIdx.x + 32);
}

TEST_P(ProfileDivergence, AFunctionIsAnInstructionOfItsOwnForEveryCaller) {
  calls<<<1, 32>>>(a_, false);
  EXPECT_EQ(counts().store_requests, 2u);
  calls<<<1, 32>>>(a_, true);
  const Counts of = counts();
  EXPECT_EQ(of.store_requests, 3u);
  EXPECT_EQ(of.lanes, 64u);
}

__global__ void late_callers(int* a) {
  if (threadIdx.x < 16) a[threadIdx.x + 64] = 1;  // these come later to the call that all make
  set(a, threadIdx.x);
}

TEST_P(ProfileDivergence, LanesWaitBeforeACallForThoseBehindThem) {
  late_callers<<<1, 32>>>(a_);
  EXPECT_EQ(counts().store_requests, 2u);
}

__device__ __noinline__ int deep(int* a, int n) {
  a[32 * n + threadIdx.x] = n;
  return n == 0 ? 0 : 1 + deep(a, n - 1);
}

__global__ void recursion(int* a) { a[4000 + threadIdx.x] = deep(a, threadIdx.x % 4); }

TEST_P(ProfileDivergence, RecursionGoesAsDeepAsItsDeepestLane) {
  recursion<<<1, 32>>>(a_);
  const Counts of = counts();
  EXPECT_EQ(of.store_requests, 4u + 1);
  EXPECT_EQ(of.lanes, 32u + 24 + 16 + 8 + 32);
}

__global__ void reduces(int* a) {
  int sum = threadIdx.x;
  for (int k = 16; k > 0; k /= 2) sum += __shfl_xor_sync(~0u, sum, k);
  if (threadIdx.x % 32 == 0) a[threadIdx.x / 32] = sum;
}

TEST_P(ProfileDivergence, ShufflesAreSynchronization) {
  reduces<<<1, 64>>>(a_);
  const Counts of = counts();
  EXPECT_EQ(of.warp_syncs, 10u);
  EXPECT_EQ(of.store_requests, 2u);
  EXPECT_EQ(of.lanes, 10u * 32 + 2);
  EXPECT_EQ(of.divergent, 0u);  // the other lanes had nothing left to do: they have ended
}

__global__ void half_syncs(int* a) {
  if (threadIdx.x < 16) {
    a[threadIdx.x] = 1;
    __syncwarp(0xffffu);
    a[threadIdx.x] = 2;
  }
  __syncwarp();
  a[threadIdx.x] = 3;
}

TEST_P(ProfileDivergence, APartOfAWarpSynchronizes) {
  half_syncs<<<1, 32>>>(a_);
  const Counts of = counts();
  EXPECT_EQ(of.warp_syncs, 2u);
  EXPECT_EQ(of.store_requests, 3u);
  EXPECT_EQ(of.lanes, 16u * 3 + 32 * 2);
}

__global__ void barriers(int* a, int n) {
  for (int k = 0; k < n; ++k) {
    if (threadIdx.x % 8 == 0) a[threadIdx.x] = k;
    __syncthreads();
  }
}

TEST_P(ProfileDivergence, BarriersAreCountedByWarp) {
  barriers<<<3, 128>>>(a_, 6);
  const KernelProfile of = profile();
  EXPECT_EQ(of.traced_warps, 12u);
  EXPECT_EQ(of.total.block_barriers, 12u * 6);
  EXPECT_EQ(of.total.store_requests, 12u * 6);
}

__global__ void polls(volatile int* flag, int* a) {
  if (threadIdx.x == 0) {
    while (*flag == 0) {}
    a[0] = 1;
  } else if (threadIdx.x == 33) {
    for (int k = 0; k < 1000; ++k) a[64 + k] = k;
    *flag = 1;
  }
}

TEST_P(ProfileDivergence, AThreadThatPollsDoesNotHoldUpTheOthers) {
  polls<<<1, 64>>>(a_ + 2048, a_);
  EXPECT_GE(counts().store_requests, 1002u);
  EXPECT_EQ(array_.host()[0], 1);
}

TEST_P(ProfileDivergence, LinesAreThoseOfTheSource) {
  halves<<<1, 32>>>(a_);
  const KernelProfile of = profile();
  std::vector<std::uint64_t> stores;
  unsigned last = 0;
  for (const LineProfile& line : of.lines) {
    EXPECT_TRUE(line.file.ends_with("profile_divergence_test.cu")) << line.file;
    EXPECT_GT(line.line, last);
    last = line.line;
    if (line.counts.store_requests != 0) {
      EXPECT_EQ(line.counts.store_requests, 1u);
      stores.push_back(line.line - of.line);
    }
  }
  EXPECT_EQ(stores, (std::vector<std::uint64_t>{2, 4, 6}));
}

}  // namespace
}  // namespace gridstride::emulator
