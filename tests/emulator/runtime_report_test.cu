/// Broken rules: each ends in a report that names kernel, block, threads and lines, never in a hang.
#include <stdexcept>

#include "tests/emulator/runtime_fixture.hpp"

namespace gridstride::emulator {
namespace {

using ::testing::TestWithParam;

class Reports : public RuntimeTest {
 protected:
  static void expect_words(const std::string& report, const std::vector<std::string>& words) {
    for (const std::string& word : words) {
      EXPECT_NE(report.find(word), std::string::npos) << "no \"" << word << "\" in:\n" << report;
    }
  }
};
GRIDSTRIDE_EVERY_SCHEDULE(Reports);

std::string line(int number) { return "runtime_report_test.cu:" + std::to_string(number); }

constexpr int kFirstBarrier = __LINE__ + 3;
constexpr int kSecondBarrier = __LINE__ + 3;
__global__ void skip_first_barrier() {
  if (threadIdx.x != 0) __syncthreads();
  __syncthreads();
}

TEST_P(Reports, ThreadZeroSkipsABarrier) {
  skip_first_barrier<<<1, 64>>>();
  EXPECT_EQ(cudaDeviceSynchronize(), cudaErrorLaunchFailure);
  expect_words(only_report(), {"divergent barrier", "skip_first_barrier", "block (0,0,0) of (1,1,1)",
                               line(kFirstBarrier), line(kSecondBarrier), "threads 1-63", "thread 0\n"});
}

__global__ void barrier_in_branch(int* out) {
  if (threadIdx.x + blockDim.x * threadIdx.y < 32) {
    __syncthreads();
    out[0] = 1;
  } else {
    __syncthreads();
    out[1] = 1;
  }
}

TEST_P(Reports, BothBranchesHaveABarrier) {
  DeviceArray<int> out(2, 0);
  barrier_in_branch<<<dim3(2, 2), dim3(8, 8)>>>(out.data());
  EXPECT_EQ(cudaDeviceSynchronize(), cudaErrorLaunchFailure);
  const std::string report = only_report();
  expect_words(report, {"divergent barrier", "of (2,2,1), (8,8,1) threads"});
}

// Threads that met at several barriers before; some stand at one when the others break the rule.
constexpr int kLaterBarrier = __LINE__ + 3;
__global__ void part_after_meeting(int meetings) {
  for (int i = 0; i < meetings; ++i) __syncthreads();
  if (threadIdx.x / 32 % 2 == 0) __syncthreads();
  if (threadIdx.x < 96) __syncthreads();
}

TEST_P(Reports, DivergesAfterMeeting) {
  for (const int meetings : {1, 2, 3}) {
    part_after_meeting<<<1, 128>>>(meetings);
    EXPECT_EQ(cudaDeviceSynchronize(), cudaErrorLaunchFailure);
    expect_words(
        only_report(),
        {"divergent barrier", line(kLaterBarrier) + ": __syncthreads holds threads 0-31, 64-95\n",
         line(kLaterBarrier + 1) + ": __syncthreads holds threads 32-63\n", "exited: threads 96-127"});
    clear_reports();
    cudaDeviceReset();
  }
}

__global__ void deadlock_after_meeting() {
  for (int i = 0; i < 3; ++i) __syncthreads();
  if (threadIdx.x % 64 == 63) __shfl_sync(0xffffffff, 1, 0);
  __syncthreads();
}

TEST_P(Reports, DeadlockAfterMeeting) {
  deadlock_after_meeting<<<1, 128>>>();
  EXPECT_EQ(cudaDeviceSynchronize(), cudaErrorLaunchFailure);
  expect_words(only_report(), {"deadlock", "__syncthreads holds threads 0-62, 64-126\n",
                               "__shfl_sync with mask 0xffffffff holds threads 63, 127\n"});
}

__global__ void barrier_against_shuffle(int* out) {
  if (threadIdx.x == 0) {
    __syncthreads();
  } else {
    out[threadIdx.x] = __shfl_sync(0xffffffff, 1, 0);
  }
}

TEST_P(Reports, Deadlock) {
  DeviceArray<int> out(32, 0);
  barrier_against_shuffle<<<1, 32>>>(out.data());
  EXPECT_EQ(cudaDeviceSynchronize(), cudaErrorLaunchFailure);
  expect_words(only_report(), {"deadlock", "barrier_against_shuffle", "__syncthreads holds thread 0",
                               "__shfl_sync with mask 0xffffffff holds threads 1-31"});
}

__global__ void different_masks() { __syncwarp(threadIdx.x < 16 ? 0xffffffffu : 0xffff0001u); }

TEST_P(Reports, MasksThatDisagree) {
  different_masks<<<1, 32>>>();
  EXPECT_EQ(cudaDeviceSynchronize(), cudaErrorLaunchFailure);
  expect_words(only_report(),
               {"deadlock", "__syncwarp", "0xffffffff holds threads 0-15", "0xffff0001 holds threads 16-31"});
}

template <class T>
__device__ void never_called(T* x) {
  asm volatile("mma.of.no.kind %0;" : "=r"(*x));
}
constexpr int kRefused = __LINE__ + 1;
__global__ void waits_for_the_proxy() { asm volatile("wgmma.fence.sync.aligned;" ::: "memory"); }

TEST_P(Reports, InlinePtxThatIsNotOffered) {
  waits_for_the_proxy<<<1, 1>>>();
  EXPECT_EQ(cudaDeviceSynchronize(), cudaErrorNotSupported);
  expect_words(only_report(), {"inline PTX 'wgmma.fence.sync.aligned' is not offered by the emulator",
                               "waits_for_the_proxy", line(kRefused)});
}

constexpr int kExitedLanes = __LINE__ + 3;
__global__ void shuffle_with_exited_lanes(int* out) {
  if (threadIdx.x >= 16) return;
  out[threadIdx.x] = __shfl_down_sync(0xffffffff, static_cast<int>(threadIdx.x), 8);
}

TEST_P(Reports, MaskNamesExitedLanes) {
  DeviceArray<int> out(16, -1);
  shuffle_with_exited_lanes<<<1, 32>>>(out.data());
  EXPECT_EQ(cudaDeviceSynchronize(), cudaSuccess) << "the launch goes on";
  expect_words(only_report(), {"the mask names lanes that have exited: 16-31", line(kExitedLanes),
                               "__shfl_down_sync", "lanes 0-15", "shuffle_with_exited_lanes"});
  EXPECT_EQ(out.host()[0], 8);
}

__global__ void shuffle_beyond_the_block(int* out) {
  out[threadIdx.x] = __shfl_down_sync(0xffffffff, static_cast<int>(threadIdx.x), 16);
}

TEST_P(Reports, ShuffleReadsBeyondTheBlocksEnd) {
  DeviceArray<int> out(40, -1);
  shuffle_beyond_the_block<<<1, 40>>>(out.data());
  EXPECT_EQ(cudaDeviceSynchronize(), cudaSuccess);
  expect_words(only_report(), {"a shuffle reads lanes beyond the block's end: 16-23", "warp 1"});
}

constexpr int kOwnMask = __LINE__ + 2;
__global__ void mask_without_oneself() {
  if (threadIdx.x == 3) __syncwarp(0x7);
}

TEST_P(Reports, MaskLacksTheCaller) {
  mask_without_oneself<<<1, 32>>>();
  EXPECT_EQ(cudaDeviceSynchronize(), cudaErrorLaunchFailure);
  expect_words(only_report(), {"__syncwarp: lane 3 calls with mask 0x00000007, which lacks it",
                               "thread 3 at ", line(kOwnMask)});
}

__global__ void odd_width(int* out) { out[threadIdx.x] = __shfl_sync(~0u, 1, 0, 12); }

TEST_P(Reports, WidthIsNoPowerOfTwo) {
  DeviceArray<int> out(32, 0);
  odd_width<<<1, 32>>>(out.data());
  EXPECT_EQ(cudaDeviceSynchronize(), cudaErrorLaunchFailure);
  expect_words(only_report(), {"__shfl_sync: width 12 is not a power of two"});
}

__global__ void trap_in_one(unsigned victim) {
  __syncthreads();
  if (threadIdx.x == victim) __trap();
}

TEST_P(Reports, Trap) {
  trap_in_one<<<1, 70>>>(69);
  EXPECT_EQ(cudaDeviceSynchronize(), cudaErrorLaunchFailure);
  expect_words(only_report(), {"__trap was called", "trap_in_one", "thread 69 at"});
}

__global__ void assert_in_one(int victim) {
  __syncthreads();
  assert(static_cast<int>(threadIdx.x) != victim);
}

TEST_P(Reports, Assertion) {
  assert_in_one<<<1, 70>>>(3);
  EXPECT_EQ(cudaDeviceSynchronize(), cudaErrorAssert);
  expect_words(only_report(), {"Assertion `static_cast<int>(threadIdx.x) != victim' failed", "assert_in_one",
                               "thread 3 at", "runtime_report_test.cu:"});
}

TEST(ReportsDeathTest, AssertionOnTheHost) {
  const int zero = 0;
  EXPECT_DEATH(assert(zero == 1), "runtime_report_test.cu.*Assertion `zero == 1' failed");
}

__global__ void throw_in_one(unsigned victim, bool wait_first) {
  if (wait_first) __syncthreads();
  if (threadIdx.x == victim) throw std::runtime_error("out of biscuits");
}

TEST_P(Reports, Exception) {
  for (const bool wait_first : {false, true}) {
    clear_reports();
    throw_in_one<<<1, 70>>>(33, wait_first);
    EXPECT_EQ(cudaDeviceSynchronize(), cudaErrorLaunchFailure);
    expect_words(only_report(), {"uncaught exception", "throw_in_one", "thread 33 threw", "out of biscuits",
                                 "runtime_report_test.cu:"});
    cudaDeviceReset();
  }
}

__global__ void too_much_shared(int* out) {
  __shared__ char big[64 * 1024];
  big[threadIdx.x] = 1;
  out[0] = big[0];
}

TEST_P(Reports, SharedMemoryBeyondTheLimit) {
  DeviceArray<int> out(1, 0);
  too_much_shared<<<1, 32>>>(out.data());
  EXPECT_EQ(cudaDeviceSynchronize(), cudaErrorLaunchOutOfResources);
  expect_words(only_report(), {"out of shared memory", "65536 more wanted", "49152"});
}

__global__ void launch_from_device() { trap_in_one<<<1, 1>>>(0); }

TEST_P(Reports, LaunchFromTheDevice) {
  launch_from_device<<<1, 1>>>();
  EXPECT_EQ(cudaDeviceSynchronize(), cudaErrorCdpNotSupported);
  expect_words(only_report(), {"trap_in_one was launched from the device"});
}

__global__ void add_one(int* x) { atomicAdd(x, 1); }

TEST_P(Reports, ErrorsStickUntilReset) {
  DeviceArray<int> x(1, 0);
  trap_in_one<<<200, 32>>>(0);
  add_one<<<1, 1>>>(x.data());
  EXPECT_EQ(cudaDeviceSynchronize(), cudaErrorLaunchFailure);
  EXPECT_EQ(cudaGetLastError(), cudaErrorLaunchFailure);
  EXPECT_EQ(cudaGetLastError(), cudaErrorLaunchFailure) << "a device error is not cleared by asking";
  void* memory = nullptr;
  EXPECT_EQ(cudaMalloc(&memory, 16), cudaErrorLaunchFailure);
  add_one<<<1, 1>>>(x.data());
  EXPECT_EQ(cudaPeekAtLastError(), cudaErrorLaunchFailure);
  EXPECT_EQ(reports().size(), 1u);
  EXPECT_EQ(cudaDeviceReset(), cudaSuccess);
  add_one<<<1, 1>>>(x.data());
  EXPECT_EQ(x.host()[0], 1) << "launches after the error did not run, those after the reset do";
}

__global__ void whole_block(int* sum) {
  __syncthreads();
  atomicAdd(sum, 1);
  __syncthreads();
}

TEST_P(Reports, DeviceWorksOnAfterEachFailure) {
  DeviceArray<int> out(64, 0);
  for (int i = 0; i < 20; ++i) {
    barrier_in_branch<<<4, 64>>>(out.data());
    EXPECT_EQ(cudaDeviceSynchronize(), cudaErrorLaunchFailure);
    cudaDeviceReset();
    DeviceArray<int> sum(1, 0);
    whole_block<<<10, 256>>>(sum.data());
    EXPECT_EQ(sum.host()[0], 2560);
  }
}

}  // namespace
}  // namespace gridstride::emulator
