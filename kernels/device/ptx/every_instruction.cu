// Every function of this folder, compiled for every architecture of the build: the test that their PTX
// assembles.
#include "kernels/device/ptx/cluster.cuh"
#include "kernels/device/ptx/cp_async.cuh"
#include "kernels/device/ptx/ldmatrix.cuh"
#include "kernels/device/ptx/tensor_copy.cuh"
#include "kernels/device/ptx/warp_control.cuh"
#include "kernels/device/ptx/wgmma.cuh"

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

__global__ void every_mbarrier(uint32_t* to) {
  __shared__ uint64_t s_barrier;
  const uint32_t barrier = shared_address(&s_barrier);
  mbarrier_init(barrier, 3);
  fence_mbarrier_init();
  fence_proxy_async();
  const uint64_t state = mbarrier_arrive(barrier);
  mbarrier_expect_tx(barrier, 16);
  mbarrier_arrive_expect_tx(barrier, 16);
  mbarrier_arrive_cluster(barrier);
  to[0] = mbarrier_test_wait(barrier, state);
  to[1] = mbarrier_test_wait_parity(barrier, 0);
  to[2] = mbarrier_try_wait_parity(barrier, 0);
  mbarrier_inval(barrier);
}

__global__ void every_bulk_copy(const __grid_constant__ CUtensorMap map, float4* global) {
  __shared__ alignas(128) float4 s_box[8];
  __shared__ uint64_t s_barrier;
  const uint32_t box = shared_address(s_box), barrier = shared_address(&s_barrier);
  bulk_load(box, global, 16, barrier);
  bulk_load_multicast(box, global, 16, barrier, 3);
  bulk_store(global, box, 16);
  prefetch_tensor_map(&map);
  tensor_load(box, &map, {0}, barrier);
  tensor_load(box, &map, {0, 0}, barrier);
  tensor_load(box, &map, {0, 0, 0}, barrier);
  tensor_load_multicast(box, &map, {0, 0}, barrier, 3);
  tensor_load_multicast(box, &map, {0, 0, 0}, barrier, 3);
  tensor_store(&map, {0}, box);
  tensor_store(&map, {0, 0}, box);
  tensor_store(&map, {0, 0, 0}, box);
  bulk_commit_group();
  bulk_wait_group_read<1>();
  bulk_wait_group<0>();
}

__global__ void every_cluster(uint32_t* to) {
  __shared__ uint32_t s_word;
  barrier_cluster_arrive();
  barrier_cluster_wait();
  const uint32_t there = mapa(shared_address(&s_word), cluster_rank() ^ 1);
  st_cluster(there, cluster_blocks());
  to[0] = ld_cluster(there);
}

__global__ void __launch_bounds__(128) every_warp_control(uint32_t* to) {
  griddepcontrol_wait();
  setmaxnreg_dec<40>();
  setmaxnreg_inc<232>();
  if (elect_sync()) to[0] = 1;
  griddepcontrol_launch_dependents();
}

template <int kN>
__global__ void every_wgmma(uint64_t a, uint64_t b, uint32_t* to) {
  constexpr Major k = Major::k, mn = Major::mn;
  float f[kN / 2] = {};
  int s[kN / 2] = {};
  const uint32_t rA[4] = {to[0], to[1], to[2], to[3]};
  wgmma_fence();
  wgmma_f32_f16<kN, k, k>(f, a, b, true);
  wgmma_f32_f16<kN, mn, mn>(f, a, b, true);
  wgmma_f32_f16<kN, mn>(f, rA, b, true);
  wgmma_f32_bf16<kN, k, mn>(f, a, b, true);
  wgmma_f32_bf16<kN>(f, rA, b, false);
  wgmma_f32_tf32<kN>(f, a, b, true);
  wgmma_f32_tf32<kN>(f, rA, b, true);
  wgmma_s32_s8<kN>(s, a, b, true);
  wgmma_s32_s8<kN>(s, rA, b, true);
  wgmma_commit_group();
  wgmma_wait_group<0>();
  for (int i = 0; i < kN / 2; ++i) to[i] = static_cast<uint32_t>(f[i]) + static_cast<uint32_t>(s[i]);
}
template __global__ void every_wgmma<64>(uint64_t, uint64_t, uint32_t*);
template __global__ void every_wgmma<128>(uint64_t, uint64_t, uint32_t*);
template __global__ void every_wgmma<256>(uint64_t, uint64_t, uint32_t*);

}  // namespace gridstride::ptx
