/// Warp shuffles, votes, matches and reductions against what the manual says they return.
#include <bit>
#include <cstring>
#include <numeric>

#include "tests/emulator/runtime_fixture.hpp"

namespace gridstride::emulator {
namespace {

class Warps : public RuntimeTest {};
GRIDSTRIDE_EVERY_SCHEDULE(Warps);

constexpr int kModes = 4;

__global__ void shuffle_all(int width, int operand, int* out) {
  const int lane = static_cast<int>(threadIdx.x % 32);
  int* mine = out + kModes * threadIdx.x;
  mine[0] = __shfl_sync(0xffffffff, lane, operand, width);
  mine[1] = __shfl_up_sync(0xffffffff, lane, operand, width);
  mine[2] = __shfl_down_sync(0xffffffff, lane, operand, width);
  mine[3] = __shfl_xor_sync(0xffffffff, lane, operand, width);
}

/// The manual's words, segment by segment.
int expected_source(int mode, int lane, int operand, int width) {
  const int first = lane / width * width;
  switch (mode) {
    case 0:
      return first + operand % width;
    case 1:
      return lane - operand >= first ? lane - operand : lane;
    case 2:
      return lane + operand < first + width ? lane + operand : lane;
    default:
      return (lane ^ operand) < first + width ? lane ^ operand : lane;
  }
}

TEST_P(Warps, ShufflesOfEveryWidthAndDistance) {
  for (int width = 1; width <= 32; width *= 2) {
    for (int operand = 0; operand < 32; ++operand) {
      DeviceArray<int> out(64 * kModes, -1);
      shuffle_all<<<1, 64>>>(width, operand, out.data());
      const std::vector<int> got = out.host();
      for (int thread = 0; thread < 64; ++thread) {
        for (int mode = 0; mode < kModes; ++mode) {
          ASSERT_EQ(got[kModes * thread + mode], expected_source(mode, thread % 32, operand, width))
              << "mode " << mode << " width " << width << " operand " << operand;
        }
      }
    }
  }
  EXPECT_TRUE(reports().empty());
}

template <class T>
__global__ void rotate_lanes(T* values) {
  values[threadIdx.x] = __shfl_sync(0xffffffff, values[threadIdx.x], static_cast<int>(threadIdx.x + 1));
}

template <class T>
void expect_rotation() {
  std::vector<T> values(32);
  for (int i = 0; i < 32; ++i) values[i] = static_cast<T>(i * 3 - 40);
  DeviceArray<T> array(values);
  rotate_lanes<<<1, 32>>>(array.data());
  std::rotate(values.begin(), values.begin() + 1, values.end());
  EXPECT_EQ(array.host(), values);
}

TEST_P(Warps, ShufflesOfEveryType) {
  expect_rotation<int>();
  expect_rotation<unsigned>();
  expect_rotation<long>();
  expect_rotation<unsigned long>();
  expect_rotation<long long>();
  expect_rotation<unsigned long long>();
  expect_rotation<float>();
  expect_rotation<double>();
}

__global__ void reduce_in_warp(float* out) {
  float sum = static_cast<float>(threadIdx.x);
  for (int distance = 16; distance > 0; distance /= 2) {
    sum += __shfl_down_sync(0xffffffff, sum, distance);
  }
  if (threadIdx.x % 32 == 0) out[threadIdx.x / 32] = sum;
}

TEST_P(Warps, ReductionByShuffles) {
  DeviceArray<float> out(32, 0);
  reduce_in_warp<<<1, 1024>>>(out.data());
  const std::vector<float> got = out.host();
  for (int warp = 0; warp < 32; ++warp) EXPECT_EQ(got[warp], 496.0f + 1024.0f * warp);
}

__global__ void one_warp_alone(int* out) {
  if (threadIdx.x / 32 == 1) {
    const int sum = __reduce_add_sync(0xffffffff, static_cast<int>(threadIdx.x));
    out[threadIdx.x - 32] = sum + __shfl_xor_sync(0xffffffff, static_cast<int>(threadIdx.x), 31);
  }
  __syncthreads();
}

TEST_P(Warps, OneWarpShufflesAlone) {
  DeviceArray<int> out(32, 0);
  one_warp_alone<<<1, 128>>>(out.data());
  const std::vector<int> got = out.host();
  for (int lane = 0; lane < 32; ++lane) EXPECT_EQ(got[lane], 1520 + 63 - lane);
  EXPECT_TRUE(reports().empty());
}

__global__ void vote(int* out) {
  const unsigned thread = threadIdx.x;
  const unsigned odd = __ballot_sync(0xffffffff, thread % 2);
  const int all = __all_sync(0xffffffff, thread < blockDim.x);
  const int not_all = __all_sync(0xffffffff, thread % 32 != 3);
  const int any = __any_sync(0xffffffff, thread % 32 == 3);
  const int none = __any_sync(0xffffffff, thread == 1000);
  out[thread] = static_cast<int>(odd == (__activemask() & 0xaaaaaaaau)) | all << 1 | not_all << 2 | any << 3 |
                none << 4;
}

TEST_P(Warps, VotesInFullAndPartialWarps) {
  for (const int threads : {32, 40, 70}) {
    DeviceArray<int> out(threads, 0);
    vote<<<1, threads>>>(out.data());
    EXPECT_EQ(out.host(), std::vector<int>(threads, 1 | 2 | 8)) << threads;
  }
  EXPECT_TRUE(reports().empty());
}

__global__ void halves_of_a_warp(int* out) {
  const unsigned half = threadIdx.x / 16;
  const unsigned mask = 0xffffu << (16 * half);
  int sum = 0;
  for (unsigned i = 0; i < 2 + half; ++i) sum += __reduce_add_sync(mask, 1);
  out[threadIdx.x] = sum;
}

TEST_P(Warps, HalvesMeetIndependently) {
  DeviceArray<int> out(32, 0);
  halves_of_a_warp<<<1, 32>>>(out.data());
  const std::vector<int> got = out.host();
  for (int i = 0; i < 32; ++i) EXPECT_EQ(got[i], i < 16 ? 32 : 48);
}

__global__ void match(unsigned* any, unsigned* all, int* equal) {
  const unsigned lane = threadIdx.x;
  any[lane] = __match_any_sync(0xffffffff, lane / 5);
  int predicate = -1;
  all[lane] = __match_all_sync(0xffffffff, 2.5, &predicate);
  equal[lane] = predicate;
  all[32 + lane] = __match_all_sync(0xffffffff, lane == 9, &predicate);
  equal[32 + lane] = predicate;
}

TEST_P(Warps, Matches) {
  DeviceArray<unsigned> any(32, 0);
  DeviceArray<unsigned> all(64, 7);
  DeviceArray<int> equal(64, -1);
  match<<<1, 32>>>(any.data(), all.data(), equal.data());
  const std::vector<unsigned> groups = any.host();
  for (unsigned lane = 0; lane < 32; ++lane) {
    unsigned expected = 0;
    for (unsigned i = 0; i < 32; ++i) expected |= unsigned{i / 5 == lane / 5} << i;
    EXPECT_EQ(groups[lane], expected);
  }
  std::vector<unsigned> lanes(64, 0);
  std::fill(lanes.begin(), lanes.begin() + 32, 0xffffffffu);
  EXPECT_EQ(all.host(), lanes);
  std::vector<int> predicates(64, 0);
  std::fill(predicates.begin(), predicates.begin() + 32, 1);
  EXPECT_EQ(equal.host(), predicates);
}

__global__ void reduce(int* out) {
  const int x = static_cast<int>(threadIdx.x) - 10;
  const unsigned u = 1u << threadIdx.x;
  int results[9];
  results[0] = __reduce_add_sync(0xffffffff, x);
  results[1] = __reduce_min_sync(0xffffffff, x);
  results[2] = __reduce_max_sync(0xffffffff, x);
  results[3] = static_cast<int>(__reduce_add_sync(0xffffffff, u));
  results[4] = static_cast<int>(__reduce_min_sync(0xffffffff, u));
  results[5] = static_cast<int>(__reduce_max_sync(0xffffffff, u));
  results[6] = static_cast<int>(__reduce_and_sync(0xffffffff, ~u));
  results[7] = static_cast<int>(__reduce_or_sync(0xffffffff, u | 1));
  results[8] = static_cast<int>(__reduce_xor_sync(0xffffffff, u | 1));
  for (int i = 0; i < 9; ++i) atomicAdd(&out[i], threadIdx.x == 7 ? results[i] : 0);
}

TEST_P(Warps, Reductions) {
  DeviceArray<int> out(9, 0);
  reduce<<<1, 32>>>(out.data());
  EXPECT_EQ(out.host(), (std::vector<int>{176, -10, 21, -1, 1, static_cast<int>(0x80000000u), 0, -1,
                                          static_cast<int>(0xfffffffeu)}));
}

__global__ void converge(unsigned* masks) {
  if (threadIdx.x % 3 == 0) {
    masks[threadIdx.x] = __activemask();
  } else if (threadIdx.x % 3 == 1) {
    masks[threadIdx.x] = __activemask();
  }
  __syncwarp();
  masks[64 + threadIdx.x] = __activemask();
}

TEST_P(Warps, ActiveMaskNamesThoseWhoAreThere) {
  DeviceArray<unsigned> masks(128, 0);
  converge<<<1, 64>>>(masks.data());
  const std::vector<unsigned> got = masks.host();
  unsigned kind[2][3] = {};
  for (unsigned i = 0; i < 64; ++i) kind[i / 32][i % 3] |= 1u << i % 32;
  for (unsigned i = 0; i < 64; ++i) {
    EXPECT_EQ(got[i], i % 3 == 2 ? 0 : kind[i / 32][i % 3]) << i;
    EXPECT_EQ(got[64 + i], 0xffffffffu) << i;
  }
}

__global__ void aggregate(int* counter, int* slots) {
  if (threadIdx.x % 2 == 0) {
    const unsigned mask = __activemask();
    const int leader = __ffs(static_cast<int>(mask)) - 1;
    const int lane = static_cast<int>(threadIdx.x % 32);
    int base = 0;
    if (lane == leader) base = atomicAdd(counter, __popc(mask));
    base = __shfl_sync(mask, base, leader);
    slots[base + __popc(mask & ((1u << lane) - 1))] = 1;
  }
}

TEST_P(Warps, AggregatedAtomics) {
  DeviceArray<int> counter(1, 0);
  DeviceArray<int> slots(4 * 50, 0);
  aggregate<<<4, 100>>>(counter.data(), slots.data());
  EXPECT_EQ(counter.host()[0], 200);
  EXPECT_EQ(slots.host(), std::vector<int>(200, 1));
  EXPECT_TRUE(reports().empty());
}

__global__ void sync_after_exits(int* out) {
  if (threadIdx.x % 4 == 0) return;
  __shared__ int cells[32];
  cells[threadIdx.x] = static_cast<int>(threadIdx.x);
  __syncwarp();
  out[threadIdx.x] = cells[3];
}

TEST_P(Warps, SyncwarpGoesOnWithoutExitedLanes) {
  DeviceArray<int> out(20, -1);
  sync_after_exits<<<1, 20>>>(out.data());
  const std::vector<int> got = out.host();
  for (int i = 0; i < 20; ++i) EXPECT_EQ(got[i], i % 4 == 0 ? -1 : 3);
  EXPECT_TRUE(reports().empty());
}

__global__ void alternate(float* out) {
  float x = static_cast<float>(threadIdx.x);
  for (int i = 0; i < 20; ++i) {
    x = __shfl_xor_sync(0xffffffff, x, 1 << i % 5);
    __syncthreads();
  }
  out[threadIdx.x] = x;
}

TEST_P(Warps, ShufflesBetweenBarriers) {
  DeviceArray<float> out(256, -1);
  alternate<<<1, 256>>>(out.data());
  std::vector<float> expected(256);
  std::iota(expected.begin(), expected.end(), 0.0f);
  EXPECT_EQ(out.host(), expected);
}

}  // namespace
}  // namespace gridstride::emulator
