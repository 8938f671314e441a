// Instructions on tensor cores: of the warp, and what they compute.
#include <cuda_fp16.h>
#include <mma.h>

#include "kernels/device/ptx/wgmma.cuh"
#include "tests/profile/profile_fixture.hpp"

namespace gridstride::emulator {
namespace {

class ProfileTensor : public ProfileTest {};
GRIDSTRIDE_EVERY_SCHEDULE(ProfileTensor);

__global__ void wmma_product(const __half* a, const __half* b, float* c, int times) {
  using namespace nvcuda::wmma;
  fragment<matrix_a, 16, 16, 16, __half, row_major> x;
  fragment<matrix_b, 16, 16, 16, __half, row_major> y;
  fragment<accumulator, 16, 16, 16, float> z;
  load_matrix_sync(x, a, 16);
  load_matrix_sync(y, b, 16);
  fill_fragment(z, 0.f);
  for (int i = 0; i < times; ++i) mma_sync(z, x, y, z);
  for (float& value : z.x) value *= 2;  // 8 of each lane
  store_matrix_sync(c, z, 16, mem_row_major);
}

TEST_P(ProfileTensor, WmmaIsOneInstructionOfTheWarp) {
  DeviceArray<__half> a(256, __half(1)), b(256, __half(1));
  DeviceArray<float> c(256, 0.f);
  wmma_product<<<2, 64>>>(a.data(), b.data(), c.data(), 3);
  const Counts counted = counts();
  EXPECT_EQ(counted.tensor_instructions, 4 * 3u);
  EXPECT_EQ(counted.tensor_flops, 4 * 3 * 2 * 16 * 16 * 16u);
  EXPECT_EQ(counted.fp32_flops, 4 * 256u);
  EXPECT_EQ(counted.fp16_flops + counted.fp64_flops, 0u);
}

__global__ void mma_product(float* out) {
  const uint32_t a[4] = {}, b[2] = {};
  float c[4] = {}, d[4];
  gridstride::ptx::mma_m16n8k16_f32_f16(d, a, b, c);
  double e[2] = {}, f[2];
  gridstride::ptx::mma_m8n8k4_f64(f, 1, 1, e);
  out[threadIdx.x] = d[0] + static_cast<float>(f[0]);
}

TEST_P(ProfileTensor, MmaHasItsShape) {
  DeviceArray<float> out(32, 0.f);
  mma_product<<<1, 32>>>(out.data());
  const Counts counted = counts();
  EXPECT_EQ(counted.tensor_instructions, 2u);
  EXPECT_EQ(counted.tensor_flops, 2 * 16 * 8 * 16 + 2 * 8 * 8 * 4u);
  EXPECT_EQ(counted.fp32_flops, 32u);
  EXPECT_EQ(counted.fp64_flops, 0u);
}

__global__ void wgmma_product(float* out) {
  __shared__ alignas(1024) unsigned char sA[64 * 128], sB[64 * 128];
  for (int i = threadIdx.x; i < 64 * 128; i += blockDim.x) sA[i] = sB[i] = 0;
  __syncthreads();
  const uint64_t a = gridstride::ptx::wgmma_descriptor<128>(gridstride::ptx::shared_address(sA), 16, 1024);
  const uint64_t b = gridstride::ptx::wgmma_descriptor<128>(gridstride::ptx::shared_address(sB), 16, 1024);
  float d[32];
  gridstride::ptx::wgmma_fence();
  gridstride::ptx::wgmma_f32_f16<64>(d, a, b, false);
  gridstride::ptx::wgmma_commit_group();
  gridstride::ptx::wgmma_wait_group<0>();
  out[threadIdx.x] = d[0];
}

TEST_P(ProfileTensor, WgmmaIsTheWorkOfFourWarps) {
  DeviceArray<float> out(128, 0.f);
  wgmma_product<<<1, 128>>>(out.data());
  const Counts counted = counts();
  EXPECT_EQ(counted.tensor_instructions, 4u);
  EXPECT_EQ(counted.tensor_flops, 2 * 64 * 64 * 16u);
  EXPECT_EQ(counted.fp32_flops, 0u);
  EXPECT_EQ(counted.shared_load_requests, 0u);
}

}  // namespace
}  // namespace gridstride::emulator
