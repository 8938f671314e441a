// Requests to shared memory: wavefronts in closed form.
#include <cuda_fp16.h>

#include <cuda_pipeline.h>

#include "tests/profile/profile_fixture.hpp"

namespace gridstride::emulator {
namespace {

template <class T>
__global__ void put(int stride) {
  __shared__ T s[33 * 32];
  s[threadIdx.x * stride] = T{};
}

class ProfileShared : public ProfileTest {
 protected:
  /// Among the lanes that are served together, as many share a bank as their stride and the number of banks
  /// of their width have common factors.
  template <class T>
  void expect_strides() {
    const int together = sizeof(T) <= 4 ? 32 : sizeof(T) == 8 ? 16 : 8;
    const int parts = 32 / together;
    for (int stride = 1; stride <= 33; ++stride) {
      put<T><<<1, 32>>>(stride);
      const Counts of = counts();
      const auto wavefronts = static_cast<unsigned>(parts * std::gcd(stride, together));
      const auto ideal = static_cast<unsigned>(parts);
      EXPECT_EQ(of.shared_store_requests, 1u) << stride;
      EXPECT_EQ(of.shared_store_wavefronts, wavefronts) << stride;
      EXPECT_EQ(of.shared_store_ideal, ideal) << stride;
      EXPECT_EQ(of.conflicts(), wavefronts - ideal) << stride;
      EXPECT_EQ(sizeof(T) == 4   ? of.conflicts_4
                : sizeof(T) == 8 ? of.conflicts_8
                                 : of.conflicts_16,
                wavefronts - ideal)
          << stride;
      EXPECT_EQ(of.global_requests(), 0u) << stride;
    }
  }
};
GRIDSTRIDE_EVERY_SCHEDULE(ProfileShared);

TEST_P(ProfileShared, StridesOfFloat) { expect_strides<float>(); }
TEST_P(ProfileShared, StridesOfFloat2) { expect_strides<float2>(); }
TEST_P(ProfileShared, StridesOfDouble) { expect_strides<double>(); }
TEST_P(ProfileShared, StridesOfFloat4) { expect_strides<float4>(); }

TEST_P(ProfileShared, HalvesShareWords) {
  const auto wavefronts = [](int stride) {
    put<__half><<<1, 32>>>(stride);
    return counts().shared_store_wavefronts;
  };
  EXPECT_EQ(wavefronts(0), 1u);
  EXPECT_EQ(wavefronts(1), 1u);    // two lanes a word
  EXPECT_EQ(wavefronts(2), 1u);    // word i
  EXPECT_EQ(wavefronts(3), 2u);    // words up to 46: 15 banks have two
  EXPECT_EQ(wavefronts(4), 2u);    // words 0, 2, 4 ... 62
  EXPECT_EQ(wavefronts(32), 16u);  // word 16 i: two banks
}

__global__ void broadcast(float* out) {
  __shared__ float s[32];
  s[threadIdx.x] = threadIdx.x;
  __syncthreads();
  out[threadIdx.x] = s[7];
}

TEST_P(ProfileShared, ABroadcastIsOneWavefront) {
  DeviceArray<float> out(32, 0);
  broadcast<<<1, 32>>>(out.data());
  const Counts of = counts();
  EXPECT_EQ(of.shared_load_requests, 1u);
  EXPECT_EQ(of.shared_load_wavefronts, 1u);
  EXPECT_EQ(of.block_barriers, 1u);
  EXPECT_EQ(out.host()[3], 7);
}

template <int kWidth>
__global__ void column(float* out) {
  __shared__ float s[32][kWidth];
  s[threadIdx.y][threadIdx.x] = 1;
  __syncthreads();
  out[threadIdx.y * 32 + threadIdx.x] = s[threadIdx.x][threadIdx.y];
}

__global__ void swizzled(float* out) {
  __shared__ float s[32][32];
  s[threadIdx.y][threadIdx.x ^ threadIdx.y] = 1;
  __syncthreads();
  out[threadIdx.y * 32 + threadIdx.x] = s[threadIdx.x][threadIdx.y ^ threadIdx.x];
}

TEST_P(ProfileShared, PaddedAndSwizzledTilesHaveNoConflicts) {
  DeviceArray<float> out(1024, 0);
  const auto expect = [&](unsigned wavefronts) {
    const Counts of = counts();
    EXPECT_EQ(of.shared_store_requests, 32u);
    EXPECT_EQ(of.shared_store_wavefronts, 32u);
    EXPECT_EQ(of.shared_load_requests, 32u);
    EXPECT_EQ(of.shared_load_wavefronts, 32 * wavefronts);
    EXPECT_EQ(of.conflicts(), 32 * (wavefronts - 1));
  };
  const dim3 block(32, 32);
  column<32><<<1, block>>>(out.data());
  expect(32);
  column<33><<<1, block>>>(out.data());
  expect(1);
  column<36><<<1, block>>>(out.data());  // 36 i: every fourth bank, four times
  expect(4);
  swizzled<<<1, block>>>(out.data());
  expect(1);
}

__global__ void dynamic() {
  extern __shared__ float s[];
  s[2 * threadIdx.x] = 1;
}

TEST_P(ProfileShared, DynamicMemoryBeginsAtBankZero) {
  dynamic<<<1, 32, 256>>>();
  EXPECT_EQ(counts().shared_store_wavefronts, 2u);
}

__global__ void histogram(int* out, int bins) {
  __shared__ int s[32];
  s[threadIdx.x] = 0;
  __syncwarp();
  atomicAdd(&s[threadIdx.x % bins], 1);
  __syncwarp();
  out[threadIdx.x] = s[threadIdx.x];
}

TEST_P(ProfileShared, AtomicsTakeTurns) {
  DeviceArray<int> out(32, 0);
  for (const int bins : {1, 2, 8, 32}) {
    histogram<<<1, 32>>>(out.data(), bins);
    const Counts of = counts();
    EXPECT_EQ(of.shared_atomic_requests, 1u);
    EXPECT_EQ(of.shared_atomic_wavefronts, 1u);
    EXPECT_EQ(of.atomic_turns, static_cast<unsigned>(32 / bins));
    EXPECT_EQ(of.warp_syncs, 2u);
    EXPECT_EQ(out.host()[0], 32 / bins);
  }
}

// Transposes, as every textbook has them.
constexpr int kSide = 128;

__global__ void transpose_naive(const float* in, float* out) {
  const int x = blockIdx.x * 32 + threadIdx.x, y = blockIdx.y * 32 + threadIdx.y;
  for (int j = 0; j < 32; j += 8) out[x * kSide + y + j] = in[(y + j) * kSide + x];
}

template <int kWidth>
__global__ void transpose_tiled(const float* in, float* out) {
  __shared__ float tile[32][kWidth];
  int x = blockIdx.x * 32 + threadIdx.x, y = blockIdx.y * 32 + threadIdx.y;
  for (int j = 0; j < 32; j += 8) tile[threadIdx.y + j][threadIdx.x] = in[(y + j) * kSide + x];
  __syncthreads();
  x = blockIdx.y * 32 + threadIdx.x, y = blockIdx.x * 32 + threadIdx.y;
  for (int j = 0; j < 32; j += 8) out[(y + j) * kSide + x] = tile[threadIdx.x][threadIdx.y + j];
}

TEST_P(ProfileShared, TransposesHaveTheTextbooksNumbers) {
  DeviceArray<float> in(kSide * kSide, 1), out(kSide * kSide, 0);
  float *from = in.data(), *to = out.data();
  const dim3 grid(kSide / 32, kSide / 32), block(32, 8);
  constexpr std::uint64_t kRequests = kSide * kSide / 32;
  const auto expect = [&](unsigned store_sectors, unsigned wavefronts) {
    const Counts of = counts();
    EXPECT_EQ(of.load_requests, kRequests);
    EXPECT_EQ(of.load_sectors, 4 * kRequests);
    EXPECT_EQ(of.store_requests, kRequests);
    EXPECT_EQ(of.store_sectors, store_sectors * kRequests);
    EXPECT_EQ(of.shared_load_wavefronts, wavefronts * kRequests);
    EXPECT_EQ(of.shared_store_wavefronts, wavefronts == 0 ? 0 : kRequests);
    EXPECT_EQ(of.divergent, 0u);
    EXPECT_EQ(of.divergent_steps, 0u);
  };
  transpose_naive<<<grid, block>>>(from, to);
  expect(32, 0);
  transpose_tiled<32><<<grid, block>>>(from, to);
  expect(4, 32);
  transpose_tiled<33><<<grid, block>>>(from, to);
  expect(4, 1);
}

__global__ void copied_later(const float4* from, float4* to) {
  __shared__ float4 tile[64];
  __pipeline_memcpy_async(&tile[threadIdx.x], &from[threadIdx.x], 16);
  __pipeline_commit();
  __pipeline_wait_prior(0);
  __syncthreads();
  to[threadIdx.x] = tile[63 - threadIdx.x];
}

TEST_P(ProfileShared, HowAnAsynchronousCopyIsDoneIsNotTheKernels) {
  DeviceArray<float4> from(64, float4{}), to(64, float4{});
  copied_later<<<1, 64>>>(from.data(), to.data());
  const KernelProfile of = profile();
  EXPECT_EQ(of.total.local_requests, 0u);
  EXPECT_EQ(of.total.load_requests, 0u);
  EXPECT_EQ(of.total.shared_load_requests, 2u);
  for (const LineProfile& line : of.lines) EXPECT_NE(line.file, "");
}

}  // namespace
}  // namespace gridstride::emulator
