// Floating-point operations, in closed form: a lane's, times the lanes.
#include <cuda_bf16.h>
#include <cuda_fp16.h>

#include "tests/profile/profile_fixture.hpp"

namespace gridstride::emulator {
namespace {

class ProfileFlops : public ProfileTest {
 protected:
  void SetUp() override {
    ProfileTest::SetUp();
    memory_.emplace(1024, 0.f);
  }
  template <class T>
  T* data() {
    return reinterpret_cast<T*>(memory_->data());
  }

 private:
  std::optional<DeviceArray<float>> memory_;
};
GRIDSTRIDE_EVERY_SCHEDULE(ProfileFlops);

template <class T>
__global__ void add(T* a) {
  a[threadIdx.x] = a[threadIdx.x] + a[threadIdx.x + 32];
}

TEST_P(ProfileFlops, EachPrecisionHasItsOwn) {
  add<<<1, 32>>>(data<float>());
  Counts c = counts();
  EXPECT_EQ(c.fp32_flops, 32u);
  EXPECT_EQ(c.flops(), 32u);
  add<<<1, 32>>>(data<double>());
  c = counts();
  EXPECT_EQ(c.fp64_flops, 32u);
  EXPECT_EQ(c.flops(), 32u);
  add<<<1, 32>>>(data<__half>());
  c = counts();
  EXPECT_EQ(c.fp16_flops, 32u);
  EXPECT_EQ(c.flops(), 32u);
  add<<<1, 32>>>(data<__nv_bfloat16>());
  c = counts();
  EXPECT_EQ(c.fp16_flops, 32u);
  EXPECT_EQ(c.flops(), 32u);
  add<<<1, 32>>>(data<__half2>());
  c = counts();
  EXPECT_EQ(c.fp16_flops, 64u);
  EXPECT_EQ(c.flops(), 64u);
  add<<<1, 32>>>(data<int>());
  EXPECT_EQ(counts().flops(), 0u);
}

template <class T>
__global__ void polynomial(T* a, int terms) {
  T x = a[threadIdx.x], sum = 0;
  for (int i = 0; i < terms; ++i) sum = sum * x + a[32 + i];
  a[threadIdx.x] = sum;
}

TEST_P(ProfileFlops, AMultiplyAddIsTwoWhetherItIsOneInstructionOrNot) {
  for (const int terms : {0, 1, 7, 100}) {
    const auto expected = 2u * static_cast<unsigned>(terms) * 32;
    polynomial<<<1, 32>>>(data<float>(), terms);
    EXPECT_EQ(counts().fp32_flops, expected);
    polynomial<<<1, 32>>>(data<double>(), terms);
    EXPECT_EQ(counts().fp64_flops, expected);
  }
}

__global__ void fused(float* a, double* b, __half* c, __half2* d) {
  const int i = threadIdx.x;
  a[i] = fmaf(a[i], a[i + 1], a[i + 2]);
  b[i] = fma(b[i], b[i + 1], b[i + 2]);
  c[i] = __hfma(c[i], c[i + 1], c[i + 2]);
  d[i] = __hfma2(d[i], d[i + 1], d[i + 2]);
}

TEST_P(ProfileFlops, FusedFunctionsAreTwo) {
  fused<<<1, 20>>>(data<float>(), data<double>() + 100, data<__half>() + 600, data<__half2>() + 600);
  const Counts c = counts();
  EXPECT_EQ(c.fp32_flops, 2 * 20u);
  EXPECT_EQ(c.fp64_flops, 2 * 20u);
  EXPECT_EQ(c.fp16_flops, (2 + 4) * 20u);
}

__global__ void halves_part(float* a) {
  const int i = threadIdx.x;
  float x = a[i];
  if (i < 8) {
    x = x * 3 + 1;  // 2
    x = x * x;      // 1
  } else {
    for (int j = 0; j < i; ++j) x = x / 3;
  }
  a[i] = x;
}

TEST_P(ProfileFlops, LanesThatAreElsewhereDoNotCompute) {
  halves_part<<<2, 32>>>(data<float>());
  EXPECT_EQ(counts().fp32_flops, 2 * (8 * 3u + (31 * 32 / 2 - 7 * 8 / 2)));
}

__global__ void functions(float* a, double* b) {
  const int i = threadIdx.x;
  a[i] = expf(a[i]) + tanhf(a[i + 1]);  // 3
  a[i] = sqrtf(a[i]);                   // 1
  b[i] = pow(b[i], 1.5) - 1;            // 2
}

TEST_P(ProfileFlops, AFunctionIsOne) {
  functions<<<1, 32>>>(data<float>(), data<double>() + 100);
  const Counts c = counts();
  EXPECT_EQ(c.fp32_flops, 4 * 32u);
  EXPECT_EQ(c.fp64_flops, 2 * 32u);
}

__global__ void no_arithmetic(float* a, __half* h, int* n) {
  const int i = threadIdx.x;
  const float x = a[i];
  a[i] = fmaxf(-x, fabsf(a[i + 1]));
  if (a[i + 2] < x) a[i + 1] = floorf(x);
  n[i] = static_cast<int>(x);
  h[i] = x;
  a[i + 3] = h[i + 1];
}

TEST_P(ProfileFlops, ComparisonsSignsAndConversionsAreNone) {
  no_arithmetic<<<1, 32>>>(data<float>(), data<__half>() + 600, data<int>() + 500);
  EXPECT_EQ(counts().flops(), 0u);
}

__global__ void atomics(float* a) {
  const float x = a[threadIdx.x] * 2;              // 1
  const float old = atomicAdd(a, x);               // the memory computes
  a[32 + threadIdx.x] = old * x - a[threadIdx.x];  // 2
}

TEST_P(ProfileFlops, WhatAnAtomicFunctionDoesIsTheMemorys) {
  atomics<<<1, 32>>>(data<float>());
  EXPECT_EQ(counts().flops(), 3 * 32u);
}

__noinline__ __device__ float squared(float x) { return x * x; }
__global__ void calls(float* a) { a[threadIdx.x] = squared(a[threadIdx.x]) + 1; }

TEST_P(ProfileFlops, FunctionsOfTheProgramAreSeenThroughAndLinesAreTheirs) {
  calls<<<1, 32>>>(data<float>());
  const KernelProfile p = profile();
  ASSERT_TRUE(p.knows_flops);
  EXPECT_EQ(p.total.fp32_flops, 2 * 32u);
  int lines = 0;
  for (const LineProfile& line : p.lines) lines += line.counts.fp32_flops == 32;
  EXPECT_EQ(lines, 2);
}

}  // namespace
}  // namespace gridstride::emulator
