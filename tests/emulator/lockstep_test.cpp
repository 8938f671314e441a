// Programs that count on threads being in step, as before Volta the lanes of a warp were: wrong in any order
// of whole threads, right with GRIDSTRIDE_SCHEDULE=lockstep.
#include "tests/emulator/cc_fixture.hpp"

namespace gridstride::driver {
namespace {

constexpr const char* kProgram = R"(#include <cstdio>
#include <cstdlib>
// A tree within a warp, as textbooks had it: no __syncwarp between its levels.
__global__ void sum_of_warp(int* out) {
  __shared__ volatile int s[64];
  const unsigned t = threadIdx.x;
  s[t] = t;
  s[t + 32] = t + 32;
  for (int half = 32; half > 0; half /= 2) s[t] += s[t + half];
  if (t == 0) out[blockIdx.x] = s[0];
}
// Thread 0 takes the next piece of work while others may not yet have read which one this is.
__global__ void pieces(int* out) {
  __shared__ int piece;
  if (threadIdx.x == 0) piece = 0;
  __syncthreads();
  int mine = piece;
  while (mine < 8) {
    atomicAdd(&out[mine], 1);
    if (threadIdx.x == 0) ++piece;
    __syncthreads();
    mine = piece;
  }
}
// One thread of the block is busy with atomics before it writes what the others poll for.
__global__ void polled(int* out) {
  volatile int* flag = out;
  if (threadIdx.x == 0) {
    for (int i = 0; i < 200; ++i) atomicAdd(&out[1], 1);
    *flag = 1;
  } else {
    while (*flag == 0) continue;
  }
  out[2] = 1;
}
// Block 0 polls for what block 1 writes.
__global__ void polled_across(int* out) {
  if (blockIdx.x == 0) {
    while (atomicAdd(out, 0) == 0) continue;
  } else if (threadIdx.x == 0) {
    atomicExch(out, 1);
  }
  out[2] = 1;
}
int main(int, char** argv) {
  int* out;
  cudaMallocManaged(&out, 8 * sizeof(int));
  const int wanted = atoi(argv[1]);
  for (int i = 0; i < 8; ++i) out[i] = 0;
  if (wanted == 2016) sum_of_warp<<<8, 32>>>(out);
  if (wanted == 96) pieces<<<1, 96>>>(out);
  if (wanted == 1) polled<<<1, 2>>>(out), polled_across<<<2, 256>>>(out + 4);
  cudaDeviceSynchronize();
  int right = 0;
  for (int i = 0; i < 8; ++i) right += out[i] == wanted;
  printf("%d of 8\n", right);
  cudaFree(out);
}
)";

class Lockstep : public CcFixture {
 protected:
  void SetUp() override {
    CcFixture::SetUp();
    if (kSanitized) GTEST_SKIP() << "AddressSanitizer brings instrumentation of its own";
    write("step.cu", kProgram);
    ASSERT_EQ(shell("cc --check step.cu -o step"), 0) << messages_;
  }

  std::string run(const std::string& schedule, const std::string& wanted) {
    shell("GRIDSTRIDE_SCHEDULE=" + schedule + " ./step " + wanted);
    return output_;
  }
};

TEST_F(Lockstep, LanesNeedNoBarrierAmongThemselves) {
  EXPECT_NE(run("forward", "2016"), "8 of 8\n");
  EXPECT_NE(run("random:1", "2016"), "8 of 8\n");
  EXPECT_EQ(run("lockstep", "2016"), "8 of 8\n") << messages_;
}

TEST_F(Lockstep, WarpsReadWhatWasWrittenBeforeTheBarrier) {
  EXPECT_NE(run("forward", "96"), "8 of 8\n");
  EXPECT_EQ(run("lockstep", "96"), "8 of 8\n") << messages_;
}

TEST_F(Lockstep, WhatPollsIsNotStarved) {
  for (const char* workers : {"1", "2"}) {
    EXPECT_EQ(shell(std::string("GRIDSTRIDE_WORKERS=") + workers +
                    " GRIDSTRIDE_SCHEDULE=lockstep timeout 60 ./step 1"),
              0)
        << messages_;
    EXPECT_EQ(output_, "4 of 8\n");  // two flags, and a mark behind each of them
  }
}

}  // namespace
}  // namespace gridstride::driver
