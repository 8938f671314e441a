// Requests to global memory: sectors and bytes in closed form.
#include <cuda_fp16.h>

#include "tests/profile/profile_fixture.hpp"

namespace gridstride::emulator {
namespace {

template <class T>
__global__ void put(T* a, int stride, int offset) {
  a[threadIdx.x * stride + offset] = T{};
}

template <class T>
__global__ void get(const T* a, int stride, int offset, T* out) {
  out[threadIdx.x] = a[threadIdx.x * stride + offset];
}

/// Lane i takes the bytes from i * step on: as long as steps are no longer than a sector, no sector between
/// the first and the last is left out; beyond that every lane has its own.
unsigned sectors_of(unsigned step, unsigned bytes) {
  return step < 32 ? (31 * step + bytes - 1) / 32 + 1 : 32;
}

class ProfileGlobal : public ProfileTest {
 protected:
  template <class T>
  void expect_strides() {
    DeviceArray<unsigned char> memory(32 * 34 * sizeof(T), 0);
    T* a = reinterpret_cast<T*>(memory.data());
    for (int stride = 1; stride <= 33; ++stride) {
      const auto bytes = static_cast<unsigned>(sizeof(T));
      const unsigned sectors = sectors_of(static_cast<unsigned>(stride) * bytes, bytes);
      put<<<1, 32>>>(a, stride, 0);
      const Counts stores = counts();
      EXPECT_EQ(stores.store_requests, 1u) << stride;
      EXPECT_EQ(stores.store_sectors, sectors) << stride;
      EXPECT_EQ(stores.store_bytes, 32 * bytes) << stride;
      EXPECT_EQ(stores.instructions, 1u) << stride;
      EXPECT_EQ(stores.lanes, 32u) << stride;
      get<<<1, 32>>>(a, stride, 0, a);
      const Counts loads = counts();
      EXPECT_EQ(loads.load_requests, 1u) << stride;
      EXPECT_EQ(loads.load_sectors, sectors) << stride;
      EXPECT_EQ(loads.load_bytes, 32 * bytes) << stride;
      EXPECT_EQ(loads.store_sectors, bytes) << stride;
      EXPECT_EQ(loads.instructions, 2u) << stride;
    }
  }
};
GRIDSTRIDE_EVERY_SCHEDULE(ProfileGlobal);

TEST_P(ProfileGlobal, StridesOfHalf) { expect_strides<__half>(); }
TEST_P(ProfileGlobal, StridesOfFloat) { expect_strides<float>(); }
TEST_P(ProfileGlobal, StridesOfFloat2) { expect_strides<float2>(); }
TEST_P(ProfileGlobal, StridesOfFloat4) { expect_strides<float4>(); }
TEST_P(ProfileGlobal, StridesOfDouble) { expect_strides<double>(); }

TEST_P(ProfileGlobal, AnOffsetThatIsNoSectorsCostsOneSectorMore) {
  DeviceArray<float> a(64, 0);
  for (int offset = 0; offset <= 16; ++offset) {
    put<<<1, 32>>>(a.data(), 1, offset);
    EXPECT_EQ(counts().store_sectors, offset % 8 == 0 ? 4u : 5u) << offset;
  }
}

TEST_P(ProfileGlobal, ABroadcastIsOneSector) {
  DeviceArray<float> a(64, 0);
  get<<<1, 32>>>(a.data(), 0, 5, a.data());
  const Counts broadcast = counts();
  EXPECT_EQ(broadcast.load_sectors, 1u);
  EXPECT_EQ(broadcast.load_bytes, 4u);  // asked for by all lanes, moved once
}

TEST_P(ProfileGlobal, EveryWarpOfEveryBlockMakesItsRequest) {
  DeviceArray<float> a(256, 0);
  put<<<dim3(5, 3), 100>>>(a.data(), 1, 0);
  const KernelProfile of = profile();
  EXPECT_EQ(of.blocks, 15u);
  EXPECT_EQ(of.traced_blocks, 15u);
  EXPECT_EQ(of.traced_warps, 60u);
  EXPECT_EQ(of.total.store_requests, 60u);
  EXPECT_EQ(of.total.store_sectors, 15u * (3 * 4 + 1));
  EXPECT_EQ(of.total.lanes, 1500u);
  EXPECT_EQ(of.total.divergent, 0u);
}

__global__ void reversed(float* a) { a[31 - threadIdx.x] = 1; }
__global__ void permuted(float* a) { a[threadIdx.x * 13 % 32] = 1; }
__global__ void matrix(float* a) { a[threadIdx.y * 32 + threadIdx.x] = 1; }
__global__ void matrix_column(float* a) { a[threadIdx.x * 32 + threadIdx.y] = 1; }

TEST_P(ProfileGlobal, TheOrderOfLanesDoesNotMatter) {
  DeviceArray<float> a(1024, 0);
  reversed<<<1, 32>>>(a.data());
  EXPECT_EQ(counts().store_sectors, 4u);
  permuted<<<1, 32>>>(a.data());
  EXPECT_EQ(counts().store_sectors, 4u);
}

TEST_P(ProfileGlobal, LanesOfATwoDimensionalBlockGoAlongX) {
  DeviceArray<float> a(1024, 0);
  matrix<<<1, dim3(32, 4)>>>(a.data());
  EXPECT_EQ(counts().store_sectors, 4u * 4);
  matrix_column<<<1, dim3(32, 4)>>>(a.data());
  EXPECT_EQ(counts().store_sectors, 4u * 32);
  matrix<<<1, dim3(8, 4)>>>(a.data());  // four rows of a warp, each in a line of its own
  EXPECT_EQ(counts().store_sectors, 4u);
}

template <class T>
__global__ void add(T* a, unsigned mask) {
  atomicAdd(&a[threadIdx.x & mask], T(1));
}

TEST_P(ProfileGlobal, AtomicsOfAllTypesAreOneRequestAndTakeTurns) {
  DeviceArray<int> ints(64, 0);
  DeviceArray<float> floats(64, 0);
  for (const unsigned mask : {0u, 1u, 3u, 31u}) {
    const unsigned addresses = mask + 1;
    const auto expect = [&](const Counts& of) {
      EXPECT_EQ(of.instructions, 1u);
      EXPECT_EQ(of.atomic_requests, 1u);
      EXPECT_EQ(of.atomic_sectors, (addresses + 7) / 8);
      EXPECT_EQ(of.atomic_bytes, 4 * addresses);
      EXPECT_EQ(of.atomic_turns, 32 / addresses);
      EXPECT_EQ(of.load_requests + of.store_requests, 0u);
    };
    add<<<1, 32>>>(ints.data(), mask);
    expect(counts());
    add<<<1, 32>>>(floats.data(), mask);
    expect(counts());
  }
  EXPECT_EQ(floats.host()[0], 32 + 16 + 8 + 1);
}

TEST_P(ProfileGlobal, BlocksCanBeSampled) {
  DeviceArray<float> a(64, 0);
  set_traced_blocks(3);
  put<<<10, 64>>>(a.data(), 1, 0);
  const KernelProfile of = profile();
  EXPECT_EQ(of.blocks, 10u);
  EXPECT_EQ(of.traced_blocks, 3u);
  EXPECT_EQ(of.total.store_requests, 6u);
}

__global__ void own_array(int* out, int k) {
  int own[8];
  for (int i = 0; i < 8; ++i) own[i] = i * k;
  int* volatile escapes = own;
  out[threadIdx.x] = escapes[k & 7];
}

TEST_P(ProfileGlobal, AThreadsOwnArrayIsLocalMemory) {
  DeviceArray<int> a(32, 0);
  own_array<<<1, 32>>>(a.data(), 3);
  const Counts of = counts();
  EXPECT_EQ(of.store_requests, 1u);
  EXPECT_EQ(of.load_requests, 0u);
  EXPECT_GT(of.local_requests, 0u);
}

}  // namespace
}  // namespace gridstride::emulator
