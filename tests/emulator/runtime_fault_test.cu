/// Faults of a kernel end its launch, or under AddressSanitizer the process; the report names the kernel, its
/// line, the block and the thread.
#include <cstdlib>
#include <regex>

#include "tests/emulator/runtime_fixture.hpp"

namespace gridstride::emulator {
namespace {

class FaultDeathTest : public ::testing::Test {
 protected:
  void SetUp() override { GTEST_FLAG_SET(death_test_style, "threadsafe"); }
  void TearDown() override {
    cudaDeviceReset();
    clear_reports();
  }
};

#if defined(__SANITIZE_ADDRESS__)
#define GRIDSTRIDE_SANITIZED 1
#else
#define GRIDSTRIDE_SANITIZED 0
#endif

/// `run` launches and returns what cudaDeviceSynchronize does.
template <class Run>
void expect_fault(const Run& run, cudaError_t error, const std::string& report) {
  if (GRIDSTRIDE_SANITIZED) {
    EXPECT_DEATH(run(), report);
    return;
  }
  EXPECT_EQ(run(), error);
  ASSERT_EQ(reports().size(), 1u);
  EXPECT_TRUE(std::regex_search(reports()[0], std::regex(report))) << reports()[0];
}

__device__ __noinline__ int descend(int depth) {
  volatile char frame[1024];
  frame[depth % 1024] = 1;
  const int below = depth == 0 ? 0 : descend(depth - 1);
  return below + frame[depth % 1024];  // read after the call, so that the frame has to stay
}

__global__ void recurse(int* sink, int depth, unsigned victim) {
  __syncthreads();
  if (threadIdx.x == victim) *sink = descend(depth);
}

cudaError_t run_recursion(int depth) {
  int* sink = nullptr;
  cudaMalloc(&sink, sizeof(int));
  recurse<<<1, 64>>>(sink, depth, 5);
  const cudaError_t error = cudaDeviceSynchronize();
  cudaFree(sink);
  return error;
}

TEST_F(FaultDeathTest, StackOverflow) {
  expect_fault([] { return run_recursion(1'000'000); }, cudaErrorLaunchFailure,
               "stack overflow(.|\n)*kernel (.|\n)*recurse (.|\n)*runtime_fault_test.cu:[0-9]+"
               "(.|\n)*block \\(0,0,0\\)(.|\n)*thread 5");
}

TEST_F(FaultDeathTest, ALargerStackHelps) {
  if (GRIDSTRIDE_SANITIZED) GTEST_SKIP() << "frames of instrumented code have another size";
  std::size_t before = 0;
  cudaDeviceGetLimit(&before, cudaLimitStackSize);
  cudaDeviceSetLimit(cudaLimitStackSize, 64 << 10);
  EXPECT_EQ(run_recursion(2000), cudaErrorLaunchFailure);
  cudaDeviceReset();
  cudaDeviceSetLimit(cudaLimitStackSize, 8 << 20);
  EXPECT_EQ(run_recursion(2000), cudaSuccess);
  cudaDeviceSetLimit(cudaLimitStackSize, before);
}

__global__ void write_to(int* pointer, unsigned victim) {
  if (blockIdx.x == 2 && threadIdx.x == victim) *pointer = 1;
}

TEST_F(FaultDeathTest, IllegalAddress) {
  const auto run = [] {
    write_to<<<4, 64>>>(reinterpret_cast<int*>(16), 63);
    return cudaDeviceSynchronize();
  };
  // Optimized, this loop over threads keeps its count in a register.
  const std::string thread = GRIDSTRIDE_SANITIZED ? "thread 63" : "(thread 63|one of threads 0-63)";
  expect_fault(run, cudaErrorIllegalAddress,
               "illegal memory access(.|\n)*write_to (.|\n)*block \\(2,0,0\\) of \\(4,1,1\\)"
               "(.|\n)*" +
                   thread);
}

__global__ void stray(int* p, std::size_t count) {
  p[count + threadIdx.x] = p[count + 512 + threadIdx.x] + 1;
}

// A GPU, too, would notice nothing; GRIDSTRIDE_CHECK=1 does (see check_test.cpp).
TEST_F(FaultDeathTest, ALittleBeyondTheEndHurtsNobody) {
  if (GRIDSTRIDE_SANITIZED) GTEST_SKIP() << "AddressSanitizer stops it";
  for (const std::size_t bytes : {std::size_t{256}, std::size_t{400'000}, std::size_t{4} << 20}) {
    int *p = nullptr, *neighbour = nullptr;
    ASSERT_EQ(cudaMalloc(&p, bytes), cudaSuccess);
    ASSERT_EQ(cudaMalloc(&neighbour, bytes), cudaSuccess);
    ASSERT_EQ(cudaMemset(neighbour, 0, bytes), cudaSuccess);
    stray<<<1, 512>>>(p, bytes / sizeof(int));
    EXPECT_EQ(cudaDeviceSynchronize(), cudaSuccess) << bytes;
    std::vector<char> seen(bytes, 1);
    EXPECT_EQ(cudaMemcpy(seen.data(), neighbour, bytes, cudaMemcpyDeviceToHost), cudaSuccess);
    EXPECT_EQ(seen, std::vector<char>(bytes, 0)) << bytes;
    EXPECT_EQ(cudaFree(p), cudaSuccess);
    EXPECT_EQ(cudaFree(neighbour), cudaSuccess);
  }
}

__global__ void divide(int* value, int by) { *value /= by; }

TEST_F(FaultDeathTest, DivisionByZero) {
  const auto run = [] {
    int* value = nullptr;
    cudaMalloc(&value, sizeof(int));
    divide<<<1, 1>>>(value, 0);
    return cudaDeviceSynchronize();
  };
  expect_fault(run, cudaErrorLaunchFailure,
               GRIDSTRIDE_SANITIZED ? "division by zero" : "arithmetic fault(.|\n)*divide ");
}

__global__ void abort_in_kernel() { std::abort(); }

// As on a GPU: nothing works until the device is reset, and then everything does.
TEST_F(FaultDeathTest, TheProgramAndTheDeviceLiveOn) {
  if (GRIDSTRIDE_SANITIZED) GTEST_SKIP() << "AddressSanitizer ends the process";
  int* value = nullptr;
  for (int round = 0; round < 20; ++round) {
    ASSERT_EQ(cudaMalloc(&value, 64 * sizeof(int)), cudaSuccess);
    write_to<<<4, 64>>>(reinterpret_cast<int*>(16), 3 * round);
    EXPECT_EQ(cudaDeviceSynchronize(), cudaErrorIllegalAddress);
    EXPECT_EQ(cudaMemset(value, 0, 4), cudaErrorIllegalAddress);
    ASSERT_EQ(cudaDeviceReset(), cudaSuccess);
    EXPECT_EQ(run_recursion(10), cudaSuccess);
  }
}

TEST_F(FaultDeathTest, Abort) {
  const auto run = [] {
    abort_in_kernel<<<1, 1>>>();
    cudaDeviceSynchronize();
  };
  EXPECT_DEATH(run(), "abort \\(SIGABRT\\)(.|\n)*abort_in_kernel ");
}

TEST_F(FaultDeathTest, DeviceFunctionOnTheHost) {
  EXPECT_DEATH(__syncthreads(), "__syncthreads was called on the host");
}

__global__ void spin_forever(volatile int* never) {
  while (*never == 0) __nanosleep(1000);
}

TEST_F(FaultDeathTest, ExitDoesNotWaitForAnEndlessKernel) {
  const auto run = [] {
    int* never = nullptr;
    cudaMalloc(&never, sizeof(int));
    cudaMemset(never, 0, sizeof(int));
    spin_forever<<<2, 32>>>(never);
    std::exit(3);
  };
  EXPECT_EXIT(run(), ::testing::ExitedWithCode(3), "");
}

TEST_F(FaultDeathTest, UnknownSchedule) {
  const auto run = [](const char* name, const char* value) {
    setenv(name, value, 1);
    schedule();
    set_schedule({});
    spin_forever<<<1, 1>>>(nullptr);
    workers();
  };
  EXPECT_EXIT(run("GRIDSTRIDE_SCHEDULE", "sideways"), ::testing::ExitedWithCode(2),
              "GRIDSTRIDE_SCHEDULE=sideways: give forward, reversed, random, random:SEED or lockstep");
  EXPECT_EXIT(run("GRIDSTRIDE_SCHEDULE", "random:x"), ::testing::ExitedWithCode(2), "random:SEED");
}

}  // namespace
}  // namespace gridstride::emulator
