// Every function of this folder, compiled for every architecture of the build: the test that their PTX assembles.
#include "kernels/device/ptx/cp_async.cuh"
#include "kernels/device/ptx/ldmatrix.cuh"
#include "kernels/device/ptx/mma.cuh"

namespace gridstride::ptx {

__global__ void every_cp_async(const void* global) {
  __shared__ float4 s_to[1];
  const uint32_t to = shared_address(s_to);
  cp_async_ca<4>(to, global);
  cp_async_ca<8>(to, global, 4);
  cp_async_ca<16>(to, global);
  cp_async_cg(to, global);
  cp_async_commit_group();
  cp_async_wait_group<1>();
  cp_async_wait_all();
}

template <Transposed kTransposed>
__device__ void every_ldmatrix(uint32_t row) {
  uint32_t one[1], two[2], four[4];
  ldmatrix_x1<kTransposed>(one, row);
  ldmatrix_x2<kTransposed>(two, row);
  ldmatrix_x4<kTransposed>(four, row);
  one[0] = movmatrix(one[0]);
  stmatrix_x1<kTransposed>(row, one);
  stmatrix_x2<kTransposed>(row, two);
  stmatrix_x4<kTransposed>(row, four);
}

__global__ void every_matrix_move() {
  __shared__ float4 s_rows[32];
  const uint32_t row = shared_address(&s_rows[lane()]);
  every_ldmatrix<Transposed::no>(row);
  every_ldmatrix<Transposed::yes>(row);
}

__global__ void every_mma(const uint32_t* from, float* to) {
  uint32_t a1[1] = {from[0]}, a2[2] = {from[0], from[1]}, a4[4] = {from[0], from[1], from[2], from[3]};
  float f[4] = {};
  uint32_t h[2] = {};
  int s[4] = {};
  double d[2] = {};
  mma_m16n8k8_f32_f16(f, a2, a1, f);
  mma_m16n8k8_f16_f16(h, a2, a1, h);
  mma_m16n8k16_f32_f16(f, a4, a2, f);
  mma_m16n8k16_f16_f16(h, a4, a2, h);
  mma_m16n8k8_f32_bf16(f, a2, a1, f);
  mma_m16n8k16_f32_bf16(f, a4, a2, f);
  mma_m16n8k4_f32_tf32(f, a2, a1, f);
  mma_m16n8k8_f32_tf32(f, a4, a2, f);
  mma_m16n8k16_s32_s8(s, a2, a1, s);
  mma_m16n8k16_s32_s8_u8(s, a2, a1, s);
  mma_m16n8k16_s32_u8_s8(s, a2, a1, s);
  mma_m16n8k16_s32_u8(s, a2, a1, s);
  mma_m16n8k32_s32_s8(s, a4, a2, s);
  mma_m16n8k32_s32_s8_u8(s, a4, a2, s);
  mma_m16n8k32_s32_u8_s8(s, a4, a2, s);
  mma_m16n8k32_s32_u8(s, a4, a2, s);
  mma_m8n8k4_f64(d, 1.0, 2.0, d);
  to[lane()] = f[0] + static_cast<float>(h[0]) + static_cast<float>(s[0]) + static_cast<float>(d[0]);
}

}  // namespace gridstride::ptx
