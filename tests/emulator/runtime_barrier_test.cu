/// Block-wide barriers where threads leave early, vote, or come in odd numbers.
#include <numeric>

#include "tests/emulator/runtime_fixture.hpp"

namespace gridstride::emulator {
namespace {

class Barriers : public RuntimeTest {};
GRIDSTRIDE_EVERY_SCHEDULE(Barriers);

__global__ void sum_in_shared(const int* x, int* sums) {
  extern __shared__ int partial[];
  partial[threadIdx.x] = x[blockIdx.x * blockDim.x + threadIdx.x];
  __syncthreads();
  for (unsigned half = 1; half < blockDim.x; half *= 2) {
    int mine = 0;
    if (threadIdx.x >= half) mine = partial[threadIdx.x - half];
    __syncthreads();
    partial[threadIdx.x] += mine;
    __syncthreads();
  }
  if (threadIdx.x == blockDim.x - 1) sums[blockIdx.x] = partial[threadIdx.x];
}

TEST_P(Barriers, SumsOfBlocksOfEverySize) {
  for (const int threads : {1, 2, 31, 32, 33, 64, 100, 255, 256, 1023, 1024}) {
    std::vector<int> values(threads * 5);
    std::iota(values.begin(), values.end(), 1);
    DeviceArray<int> x(values);
    DeviceArray<int> sums(5, 0);
    sum_in_shared<<<5, threads, threads * sizeof(int)>>>(x.data(), sums.data());
    const std::vector<int> got = sums.host();
    for (int block = 0; block < 5; ++block) {
      const auto first = values.begin() + block * threads;
      EXPECT_EQ(got[block], std::accumulate(first, first + threads, 0)) << threads << " threads";
    }
  }
  EXPECT_TRUE(reports().empty());
}

__global__ void return_before_barrier(int* count, int keep) {
  if (static_cast<int>(threadIdx.x) >= keep) return;
  atomicAdd(count, 1);
  __syncthreads();
  atomicAdd(count, 1000);
}

TEST_P(Barriers, ExitedThreadsCountAsArrived) {
  for (const int keep : {1, 40, 64, 99}) {
    DeviceArray<int> count(1, 0);
    return_before_barrier<<<3, 100>>>(count.data(), keep);
    EXPECT_EQ(count.host()[0], 3 * 1001 * keep);
  }
  EXPECT_TRUE(reports().empty());
}

__global__ void leave_one_by_one(int* steps) {
  for (unsigned i = 0; i < threadIdx.x; ++i) {
    __syncthreads();
    atomicAdd(steps, 1);
  }
}

TEST_P(Barriers, ThreadsLeaveALoopOneByOne) {
  DeviceArray<int> steps(1, 0);
  leave_one_by_one<<<2, 65>>>(steps.data());
  EXPECT_EQ(steps.host()[0], 2 * 64 * 65 / 2);
  EXPECT_TRUE(reports().empty());
}

__global__ void vote(int* out) {
  const int x = static_cast<int>(threadIdx.x);
  if (x >= 90) return;
  const int count = __syncthreads_count(x % 3 == 0);
  const int all = __syncthreads_and(x < 90);
  const int not_all = __syncthreads_and(x != 17);
  const int any = __syncthreads_or(x == 89);
  const int none = __syncthreads_or(x == 90);
  if (x == 5) {
    out[0] = count, out[1] = all, out[2] = not_all, out[3] = any, out[4] = none;
  }
}

TEST_P(Barriers, Votes) {
  DeviceArray<int> out(5, -1);
  vote<<<1, 100>>>(out.data());
  EXPECT_EQ(out.host(), (std::vector<int>{30, 1, 0, 1, 0}));
}

/// Between barriers that all come to in order, everything else that threads can wait for.
__global__ void wait_for_everything(int rounds, volatile int* flag, int* wrong, int* told) {
  __shared__ int slot[128];
  const unsigned x = threadIdx.x, last = blockDim.x - 1;
  for (int round = 0; round < rounds; ++round) {
    slot[x] = round * 1000 + static_cast<int>(x);
    __syncthreads();
    const int other = slot[last - x];
    __syncthreads();
    if (other != round * 1000 + static_cast<int>(last - x)) atomicAdd(wrong, 1);
    const bool is_even = x % 2 == 0;
    switch (round % 6) {
      case 0:
        if (__shfl_xor_sync(0xffffffff, static_cast<int>(x), 1) != static_cast<int>(x ^ 1))
          atomicAdd(wrong, 1);
        break;
      case 1:
        if (__syncthreads_count(is_even) != static_cast<int>(blockDim.x / 2)) atomicAdd(wrong, 1);
        break;
      case 2:  // the last one is waited for by the first
        if (x == last) *flag = round;
        while (x == 0 && *flag != round) {}
        break;
      case 3:
        if (x / 32 == 1) __syncwarp();
        break;
      case 4:
        if (x == 5) __nanosleep(10);
        break;
      default:
        break;
    }
  }
  if (x % 3 == 0) return;
  __syncthreads();
  atomicAdd(told, 1);
  __syncthreads();
  if (x == 1 && *told != static_cast<int>(blockDim.x - (blockDim.x + 2) / 3)) atomicAdd(wrong, 1);
}

TEST_P(Barriers, AmongAllOtherWaits) {
  for (const int threads : {32, 64, 128}) {
    DeviceArray<int> flag(1, -1), wrong(1, 0), told(1, 0);
    wait_for_everything<<<1, threads>>>(25, flag.data(), wrong.data(), told.data());
    EXPECT_EQ(wrong.host()[0], 0) << threads << " threads";
  }
  EXPECT_TRUE(reports().empty());
}

__global__ void trap_between_barriers(int at) {
  for (int i = 0; i < 8; ++i) {
    __syncthreads();
    if (i == 4 && static_cast<int>(threadIdx.x) == at) __trap();
  }
}

TEST_P(Barriers, BlocksRunAfterOneThatStoppedHalfway) {
  for (const int at : {0, 31, 63}) {
    trap_between_barriers<<<4, 64>>>(at);
    EXPECT_NE(cudaDeviceSynchronize(), cudaSuccess);
    cudaDeviceReset();
    DeviceArray<int> steps(1, 0);
    leave_one_by_one<<<2, 65>>>(steps.data());
    EXPECT_EQ(steps.host()[0], 2 * 64 * 65 / 2);
  }
}

__global__ void pass_on_in_rows(int* out) {
  __shared__ int cell[8][8];
  cell[threadIdx.y][threadIdx.x] = static_cast<int>(threadIdx.y * 8 + threadIdx.x);
  for (int i = 0; i < 8; ++i) {
    __syncthreads();
    const int above = cell[(threadIdx.y + 7) % 8][threadIdx.x];
    __syncthreads();
    cell[threadIdx.y][threadIdx.x] = above;
  }
  out[threadIdx.y * 8 + threadIdx.x] = cell[threadIdx.y][threadIdx.x];
}

TEST_P(Barriers, TwoDimensionalBlock) {
  DeviceArray<int> out(64, -1);
  pass_on_in_rows<<<1, dim3(8, 8)>>>(out.data());
  std::vector<int> expected(64);
  std::iota(expected.begin(), expected.end(), 0);
  EXPECT_EQ(out.host(), expected);
}

__global__ void wait_for_flag(int* flags, int* out) {
  // Block b waits for block b-1: works because blocks start in order, and polling lets others run.
  if (threadIdx.x == 0 && blockIdx.x > 0) {
    while (atomicAdd(&flags[blockIdx.x - 1], 0) == 0) {}
  }
  __syncthreads();
  if (threadIdx.x == 0) {
    out[blockIdx.x] = blockIdx.x == 0 ? 1 : out[blockIdx.x - 1] + 1;
    __threadfence();
    atomicExch(&flags[blockIdx.x], 1);
  }
}

TEST_P(Barriers, BlocksMayPollForEachOther) {
  DeviceArray<int> flags(100, 0);
  DeviceArray<int> out(100, 0);
  wait_for_flag<<<100, 64>>>(flags.data(), out.data());
  std::vector<int> expected(100);
  std::iota(expected.begin(), expected.end(), 1);
  EXPECT_EQ(out.host(), expected);
}

__global__ void take_lock(int* lock, int* value) {
  bool done = false;
  while (!done) {
    if (atomicCAS(lock, 0, 1) == 0) {
      *value = *value + 1;
      __threadfence();
      atomicExch(lock, 0);
      done = true;
    }
  }
}

TEST_P(Barriers, SpinLockWithinAWarp) {
  DeviceArray<int> lock(1, 0);
  DeviceArray<int> value(1, 0);
  take_lock<<<8, 64>>>(lock.data(), value.data());
  EXPECT_EQ(value.host()[0], 512);
}

__global__ void producer_consumer(volatile int* slot, int* sum) {
  const int rounds = 50;
  if (threadIdx.x == 0) {
    for (int i = 1; i <= rounds; ++i) {
      while (*slot != 0) __nanosleep(20);
      *slot = i;
      __threadfence();
    }
  } else if (threadIdx.x == 1) {
    for (int i = 1; i <= rounds; ++i) {
      while (*slot == 0) __nanosleep(20);
      *sum += *slot;
      *slot = 0;
      __threadfence();
    }
  }
}

TEST_P(Barriers, NanosleepLetsTheOtherThreadRun) {
  DeviceArray<int> slot(1, 0);
  DeviceArray<int> sum(1, 0);
  producer_consumer<<<1, 32>>>(slot.data(), sum.data());
  EXPECT_EQ(sum.host()[0], 50 * 51 / 2);
}

}  // namespace
}  // namespace gridstride::emulator
