// Lanes that count on being in step, and groups of lanes that wait for each other.
#include <cooperative_groups.h>

#include "tests/profile/races_fixture.hpp"

namespace gridstride::emulator {
namespace {

namespace cg = cooperative_groups;

__global__ void tail_without_syncwarp(int* g) {
  __shared__ int s[64];
  s[threadIdx.x] = g[threadIdx.x];
  __syncthreads();
  if (threadIdx.x < 32) {
    s[threadIdx.x] += s[threadIdx.x + 32];  // RACES tail_without_syncwarp
    s[threadIdx.x] += s[threadIdx.x ^ 16];  // RACES tail_without_syncwarp
  }
}
RACE_CASE(tail_without_syncwarp, Warp, 1, 64);

__global__ void tail_with_syncwarp(int* g) {
  __shared__ int s[64];
  s[threadIdx.x] = g[threadIdx.x];
  __syncthreads();
  if (threadIdx.x < 32) {
    for (int k = 32; k > 0; k /= 2) {
      const int other = s[threadIdx.x + k];
      __syncwarp();
      s[threadIdx.x] += other;
      __syncwarp();
    }
  }
}
RACE_CASE(tail_with_syncwarp, Nothing, 1, 64);

__global__ void volatile_tail(int* g) {
  __shared__ int memory[64];
  volatile int* s = memory;
  s[threadIdx.x] = g[threadIdx.x];
  __syncthreads();
  if (threadIdx.x < 16) {
    s[threadIdx.x] = s[threadIdx.x + 8] + 1;  // RACES volatile_tail
  }
}
RACE_CASE(volatile_tail, Warp, 1, 64);

__global__ void volatile_tail_in_step(int* g) {
  __shared__ int memory[64];
  volatile int* s = memory;
  s[threadIdx.x] = g[threadIdx.x];
  __syncthreads();
  for (int k = 16; k > 0; k /= 2) {
    if (threadIdx.x < unsigned(k)) s[threadIdx.x] = s[threadIdx.x] + s[threadIdx.x + k];
    __syncwarp();
  }
}
RACE_CASE(volatile_tail_in_step, Nothing, 1, 32);

__global__ void half_a_mask(int* g) {
  __shared__ int s[32];
  s[threadIdx.x] = threadIdx.x;  // RACES half_a_mask
  __syncwarp(threadIdx.x < 16 ? 0xffff : 0xffff0000);
  g[threadIdx.x] = s[31 - threadIdx.x];  // RACES half_a_mask
}
RACE_CASE(half_a_mask, Warp, 1, 32);

__global__ void the_right_halves(int* g) {
  __shared__ int s[32];
  s[threadIdx.x] = threadIdx.x;
  __syncwarp(threadIdx.x < 16 ? 0xffff : 0xffff0000);
  g[threadIdx.x] = s[threadIdx.x ^ 15];
}
RACE_CASE(the_right_halves, Nothing, 1, 32);

__global__ void shuffle_is_no_barrier(int* g) {
  __shared__ int s[32];
  s[threadIdx.x] = threadIdx.x;  // RACES shuffle_is_no_barrier
  const int other = __shfl_xor_sync(0xffffffff, threadIdx.x, 1);
  g[threadIdx.x] = s[other];  // RACES shuffle_is_no_barrier
}
RACE_CASE(shuffle_is_no_barrier, Warp, 1, 32);

__global__ void shuffle_and_syncwarp(int* g) {
  __shared__ int s[32];
  s[threadIdx.x] = threadIdx.x;
  const int other = __shfl_xor_sync(0xffffffff, threadIdx.x, 1);
  __syncwarp();
  g[threadIdx.x] = s[other];
}
RACE_CASE(shuffle_and_syncwarp, Nothing, 1, 32);

__global__ void ballot_is_no_barrier(int* g) {
  __shared__ int s[32];
  s[threadIdx.x] = 1;  // RACES ballot_is_no_barrier
  if (__ballot_sync(0xffffffff, threadIdx.x < 7) != 0)
    g[threadIdx.x] = s[(threadIdx.x + 1) % 32];  // RACES ballot_is_no_barrier
}
RACE_CASE(ballot_is_no_barrier, Warp, 1, 32);

__global__ void syncwarp_for_a_block(int* g) {
  __shared__ int s[64];
  s[threadIdx.x] = threadIdx.x;  // RACES syncwarp_for_a_block
  __syncwarp();
  g[threadIdx.x] = s[threadIdx.x ^ 32];  // RACES syncwarp_for_a_block
}
RACE_CASE(syncwarp_for_a_block, Block, 1, 64);

__global__ void syncwarp_for_a_warp(int* g) {
  __shared__ int s[64];
  s[threadIdx.x] = threadIdx.x;
  __syncwarp();
  g[threadIdx.x] = s[threadIdx.x ^ 31];
}
RACE_CASE(syncwarp_for_a_warp, Nothing, 1, 64);

__global__ void tiles_of_16_beside_each_other(int* g) {
  __shared__ int s[64];
  const auto tile = cg::tiled_partition<16>(cg::this_thread_block());
  s[threadIdx.x] = threadIdx.x;  // RACES tiles_of_16_beside_each_other
  tile.sync();
  g[threadIdx.x] = s[threadIdx.x ^ 16];  // RACES tiles_of_16_beside_each_other
}
RACE_CASE(tiles_of_16_beside_each_other, Warp, 1, 64);

__global__ void tiles_of_16(int* g) {
  __shared__ int s[64];
  const auto tile = cg::tiled_partition<16>(cg::this_thread_block());
  s[threadIdx.x] = threadIdx.x;
  tile.sync();
  g[threadIdx.x] = s[threadIdx.x ^ 15];
  tile.sync();
  s[threadIdx.x ^ 7] = 1;
}
RACE_CASE(tiles_of_16, Nothing, 1, 64);

__global__ void tiles_of_64_beside_each_other(int* g) {
  __shared__ int s[128];
  const auto tile = cg::tiled_partition<64>(cg::this_thread_block());
  s[threadIdx.x] = threadIdx.x;  // RACES tiles_of_64_beside_each_other
  tile.sync();
  g[threadIdx.x] = s[threadIdx.x ^ 64];  // RACES tiles_of_64_beside_each_other
}
RACE_CASE(tiles_of_64_beside_each_other, Block, 1, 128);

__global__ void tiles_of_64(int* g) {
  __shared__ int s[128];
  const auto tile = cg::tiled_partition<64>(cg::this_thread_block());
  s[threadIdx.x] = threadIdx.x;
  tile.sync();
  g[threadIdx.x] = s[threadIdx.x ^ 63];
}
RACE_CASE(tiles_of_64, Nothing, 1, 128);

}  // namespace
}  // namespace gridstride::emulator
