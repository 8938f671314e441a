// The model of the caches, in closed form: what comes again is found as long as it fits.
#include "gridstride/emulator/gpu.hpp"
#include "tests/profile/profile_fixture.hpp"

namespace gridstride::emulator {
namespace {

class ProfileCache : public ProfileTest {
 protected:
  void SetUp() override {
    ProfileTest::SetUp();
    ASSERT_TRUE(choose_gpu("t4"));  // L1 and shared memory together 96 KiB, 4 MiB of L2
  }
  void TearDown() override {
    choose_gpu("host");
    ProfileTest::TearDown();
  }
};
GRIDSTRIDE_EVERY_SCHEDULE(ProfileCache);

/// Every warp reads `count` floats, `stride` apart, so many times, and keeps them alive with a store.
__global__ void read(const float* a, int count, int stride, int times, float* out) {
  float sum = 0;
  for (int t = 0; t < times; ++t) {
    for (int i = threadIdx.x; i < count; i += 32) sum += a[i * stride];
  }
  if (sum == -1) *out = sum;
}

TEST_P(ProfileCache, WhatIsReadOnceIsFoundNowhere) {
  DeviceArray<float> a(4096, 0.f);
  read<<<1, 32>>>(a.data(), 4096, 1, 1, a.data());
  const KernelProfile p = profile();
  EXPECT_EQ(p.total.load_sectors, 512u);
  EXPECT_EQ(p.total.l1_hit_sectors, 0u);
  EXPECT_EQ(p.total.l2_sectors, 512u);
  EXPECT_EQ(p.total.l2_hit_sectors, 0u);
  EXPECT_EQ(p.total.dram_sectors, 512u);
  EXPECT_EQ(p.footprint_bytes, 4096 * sizeof(float));
}

TEST_P(ProfileCache, WhatComesAgainIsInL1ButForTheFirstTime) {
  DeviceArray<float> a(1024, 0.f);
  read<<<1, 32>>>(a.data(), 1024, 1, 10, a.data());  // 4 KiB; a block has 96 KiB / 16
  const Counts c = counts();
  EXPECT_EQ(c.load_sectors, 10 * 128u);
  EXPECT_EQ(c.l1_hit_sectors, 9 * 128u);
  EXPECT_EQ(c.dram_sectors, 128u);
}

TEST_P(ProfileCache, WhatIsLargerThanL1IsFoundInL2) {
  DeviceArray<float> a(4096, 0.f);
  read<<<1, 32>>>(a.data(), 4096, 1, 3, a.data());  // 16 KiB; what is needed next was thrown out last
  const Counts c = counts();
  EXPECT_EQ(c.l1_hit_sectors, 0u);
  EXPECT_EQ(c.l2_sectors, 3 * 512u);
  EXPECT_EQ(c.l2_hit_sectors, 2 * 512u);
  EXPECT_EQ(c.dram_sectors, 512u);
}

TEST_P(ProfileCache, WhatIsLargerThanL2IsFoundNowhere) {
  constexpr int kFloats = 5 << 18;  // 5 MiB
  DeviceArray<float> a(kFloats, 0.f);
  read<<<1, 32>>>(a.data(), kFloats, 1, 2, a.data());
  const KernelProfile p = profile();
  EXPECT_EQ(p.total.l2_hit_sectors, 0u);
  EXPECT_EQ(p.total.dram_sectors, 2 * kFloats / 8u);
  EXPECT_EQ(p.footprint_bytes, kFloats * sizeof(float));
}

TEST_P(ProfileCache, AStrideOfASectorMovesEightTimesWhatItReads) {
  DeviceArray<float> a(8192, 0.f);
  read<<<1, 32>>>(a.data(), 1024, 8, 1, a.data());
  const KernelProfile p = profile();
  EXPECT_EQ(p.total.load_bytes, 4096u);
  EXPECT_EQ(p.total.dram_bytes(), 8 * 4096u);
  EXPECT_EQ(p.footprint_bytes, 8 * 4096u);
}

TEST_P(ProfileCache, ASectorIsFilledAloneThoughItsLineIsThere) {
  DeviceArray<float> a(64, 0.f);
  read<<<1, 8>>>(a.data(), 32, 1, 1, a.data());  // 8 lanes read 8 floats, as other lanes are missing
  const Counts c = counts();
  EXPECT_EQ(c.load_sectors, 1u);
  EXPECT_EQ(c.l1_hit_sectors, 0u);
}

TEST_P(ProfileCache, BlocksBeginWithAnEmptyL1AndShareL2) {
  DeviceArray<float> a(1024, 0.f);
  read<<<20, 32>>>(a.data(), 1024, 1, 2, a.data());
  const Counts c = counts();
  EXPECT_EQ(c.l1_hit_sectors, 20 * 128u);
  EXPECT_EQ(c.l2_sectors, 20 * 128u);
  EXPECT_EQ(c.l2_hit_sectors, 19 * 128u);
  EXPECT_EQ(c.dram_sectors, 128u);
}

__global__ void tile_beside(const float* a, int count, int times, float* out) {
  __shared__ float tile[1536];  // 6 KiB: ten blocks have 60 KiB, 3.6 KiB of L1 are left for each
  tile[threadIdx.x] = 0;
  float sum = tile[31 - threadIdx.x];
  for (int t = 0; t < times; ++t) {
    for (int i = threadIdx.x; i < count; i += 32) sum += a[i];
  }
  if (sum == -1) *out = sum;
}

TEST_P(ProfileCache, SharedMemoryIsTakenFromL1) {
  DeviceArray<float> a(1024, 0.f);
  tile_beside<<<1, 32>>>(a.data(), 1024, 2, a.data());
  EXPECT_EQ(counts().l1_hit_sectors, 0u);
  tile_beside<<<1, 32>>>(a.data(), 512, 2, a.data());
  EXPECT_EQ(counts().l1_hit_sectors, 64u);
}

__global__ void write(float* a, int times) {
  for (int t = 0; t < times; ++t) a[threadIdx.x] = static_cast<float>(t);
}

TEST_P(ProfileCache, StoresGoToL2AndToMemoryOnce) {
  DeviceArray<float> a(32, 0.f);
  write<<<1, 32>>>(a.data(), 5);
  const Counts c = counts();
  EXPECT_EQ(c.store_sectors, 5 * 4u);
  EXPECT_EQ(c.l2_sectors, 0u);
  EXPECT_EQ(c.dram_sectors, 4u);
}

__global__ void write_and_read(float* a) {
  a[threadIdx.x] = 1;
  __syncthreads();
  if (a[31 - threadIdx.x] == 2) a[64] = 1;
}

TEST_P(ProfileCache, AStoreBringsNothingIntoL1) {
  DeviceArray<float> a(128, 0.f);
  write_and_read<<<1, 32>>>(a.data());
  const Counts c = counts();
  EXPECT_EQ(c.l1_hit_sectors, 0u);
  EXPECT_EQ(c.l2_sectors, 4u);
  EXPECT_EQ(c.l2_hit_sectors, 4u);
  EXPECT_EQ(c.dram_sectors, 4u);
}

__global__ void count_up(int* n) { atomicAdd(n, 1); }

TEST_P(ProfileCache, AtomicFunctionsWorkInL2) {
  DeviceArray<int> n(1, 0);
  count_up<<<4, 64>>>(n.data());
  const Counts c = counts();
  EXPECT_EQ(c.l2_sectors, 8u);
  EXPECT_EQ(c.l2_hit_sectors, 7u);
  EXPECT_EQ(c.dram_sectors, 2u);  // there and back
}

TEST_P(ProfileCache, TheModelTellsWhoseItIs) {
  DeviceArray<int> n(1, 0);
  count_up<<<1, 1>>>(n.data());
  EXPECT_EQ(profile().gpu, "Tesla T4");
}

}  // namespace
}  // namespace gridstride::emulator
