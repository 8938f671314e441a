/// Faults that end the process: the last words name the kernel, its line, the block and the thread.
#include <cstdlib>

#include "tests/emulator/runtime_fixture.hpp"

namespace gridstride::emulator {
namespace {

class FaultDeathTest : public ::testing::Test {
 protected:
  void SetUp() override { GTEST_FLAG_SET(death_test_style, "threadsafe"); }
};

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

int run_recursion(int depth) {
  int* sink = nullptr;
  cudaMalloc(&sink, sizeof(int));
  recurse<<<1, 64>>>(sink, depth, 5);
  const cudaError_t error = cudaDeviceSynchronize();
  cudaFree(sink);
  return error;
}

#if defined(__SANITIZE_ADDRESS__)
#define GRIDSTRIDE_SANITIZED 1
#else
#define GRIDSTRIDE_SANITIZED 0
#endif

TEST_F(FaultDeathTest, StackOverflow) {
  EXPECT_DEATH(run_recursion(1'000'000),
               "stack overflow(.|\n)*kernel (.|\n)*recurse (.|\n)*runtime_fault_test.cu:[0-9]+"
               "(.|\n)*block \\(0,0,0\\)(.|\n)*thread 5");
}

TEST_F(FaultDeathTest, ALargerStackHelps) {
  if (GRIDSTRIDE_SANITIZED) GTEST_SKIP() << "frames of instrumented code have another size";
  const auto run = [](std::size_t stack) {
    cudaDeviceSetLimit(cudaLimitStackSize, stack);
    std::exit(run_recursion(2000));
  };
  EXPECT_DEATH(run(0), "stack overflow");
  EXPECT_EXIT(run(8 << 20), ::testing::ExitedWithCode(0), "");
}

__global__ void write_to(int* pointer, unsigned victim) {
  if (blockIdx.x == 2 && threadIdx.x == victim) *pointer = 1;
}

TEST_F(FaultDeathTest, IllegalAddress) {
  const auto run = [] {
    write_to<<<4, 64>>>(reinterpret_cast<int*>(16), 63);
    cudaDeviceSynchronize();
  };
  // Optimized, this loop over threads keeps its count in a register.
  const std::string thread = GRIDSTRIDE_SANITIZED ? "thread 63" : "(thread 63|one of threads 0-63)";
  EXPECT_DEATH(run(),
               "illegal memory access(.|\n)*write_to (.|\n)*block \\(2,0,0\\) of \\(4,1,1\\)"
               "(.|\n)*" +
                   thread);
}

__global__ void divide(int* value, int by) { *value /= by; }

TEST_F(FaultDeathTest, DivisionByZero) {
  const auto run = [] {
    int* value = nullptr;
    cudaMalloc(&value, sizeof(int));
    divide<<<1, 1>>>(value, 0);
    cudaDeviceSynchronize();
  };
  EXPECT_DEATH(run(), GRIDSTRIDE_SANITIZED ? "division by zero" : "arithmetic fault(.|\n)*divide ");
}

__global__ void abort_in_kernel() { std::abort(); }

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
              "GRIDSTRIDE_SCHEDULE=sideways: give forward, reversed, random or random:SEED");
  EXPECT_EXIT(run("GRIDSTRIDE_SCHEDULE", "random:x"), ::testing::ExitedWithCode(2), "random:SEED");
}

}  // namespace
}  // namespace gridstride::emulator
