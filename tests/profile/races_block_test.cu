// Races that a block's barriers prevent: missing, in the wrong place, or not reached by all.
#include <cooperative_groups.h>

#include <cuda/barrier>

#include "tests/profile/races_fixture.hpp"

namespace gridstride::emulator {
namespace {

namespace cg = cooperative_groups;

__global__ void reversed_without_barrier(int* g) {
  __shared__ int s[64];
  s[threadIdx.x] = threadIdx.x;                            // RACES reversed_without_barrier
  g[64 * blockIdx.x + threadIdx.x] = s[63 - threadIdx.x];  // RACES reversed_without_barrier
}
RACE_CASE(reversed_without_barrier, Block, 2, 64);

__global__ void reversed_with_barrier(int* g) {
  __shared__ int s[64];
  s[threadIdx.x] = threadIdx.x;
  __syncthreads();
  g[64 * blockIdx.x + threadIdx.x] = s[63 - threadIdx.x];
}
RACE_CASE(reversed_with_barrier, Nothing, 2, 64);

__global__ void tiles_without_second_barrier(int* g) {
  __shared__ int s[64];
  int sum = 0;
  for (int k = 0; k < 4; ++k) {
    s[threadIdx.x] = g[4096 + 64 * k + threadIdx.x];  // RACES tiles_without_second_barrier
    __syncthreads();
    for (int i = 0; i < 64; ++i) sum += s[i];  // RACES tiles_without_second_barrier
  }
  g[threadIdx.x] = sum;
}
RACE_CASE(tiles_without_second_barrier, Block, 1, 64);

__global__ void tiles_with_both_barriers(int* g) {
  __shared__ int s[64];
  int sum = 0;
  for (int k = 0; k < 4; ++k) {
    s[threadIdx.x] = g[4096 + 64 * k + threadIdx.x];
    __syncthreads();
    for (int i = 0; i < 64; ++i) sum += s[i];
    __syncthreads();
  }
  g[threadIdx.x] = sum;
}
RACE_CASE(tiles_with_both_barriers, Nothing, 1, 64);

__global__ void barrier_that_votes(int* g) {
  __shared__ int s[64];
  s[threadIdx.x] = 1;
  if (__syncthreads_or(threadIdx.x == 3)) g[threadIdx.x] = s[(threadIdx.x + 1) % 64];
  if (__syncthreads_and(1)) s[threadIdx.x] = 2;
  if (__syncthreads_count(1) == 64) g[threadIdx.x] = s[(threadIdx.x + 33) % 64];
}
RACE_CASE(barrier_that_votes, Nothing, 1, 64);

__global__ void shifted_in_place(int* g) {
  if (threadIdx.x < 63) g[threadIdx.x] = g[threadIdx.x + 1];  // RACES shifted_in_place
}
RACE_CASE(shifted_in_place, Block, 1, 64);

__global__ void shifted_by_registers(int* g) {
  const int next = g[threadIdx.x + 1];
  __syncthreads();
  g[threadIdx.x] = next;
}
RACE_CASE(shifted_by_registers, Nothing, 1, 64);

__global__ void buffers_without_barrier(int* g) {
  __shared__ int s[2][64];
  int sum = 0;
  for (int k = 0; k < 4; ++k) {
    s[k % 2][threadIdx.x] = k;                 // RACES buffers_without_barrier
    sum += s[k % 2][(threadIdx.x + 40) % 64];  // RACES buffers_without_barrier
  }
  g[threadIdx.x] = sum;
}
RACE_CASE(buffers_without_barrier, Block, 1, 64);

// The barrier of the next turn is between this turn's reads and the writes of the turn after it.
__global__ void two_buffers_one_barrier(int* g) {
  __shared__ int s[2][64];
  int sum = 0;
  for (int k = 0; k < 4; ++k) {
    s[k % 2][threadIdx.x] = k;
    __syncthreads();
    sum += s[k % 2][(threadIdx.x + 40) % 64];
  }
  g[threadIdx.x] = sum;
}
RACE_CASE(two_buffers_one_barrier, Nothing, 1, 64);

__global__ void one_buffer_one_barrier(int* g) {
  __shared__ int s[1][64];
  int sum = 0;
  for (int k = 0; k < 4; ++k) {
    s[0][threadIdx.x] = k;  // RACES one_buffer_one_barrier
    __syncthreads();
    sum += s[0][(threadIdx.x + 40) % 64];  // RACES one_buffer_one_barrier
  }
  g[threadIdx.x] = sum;
}
RACE_CASE(one_buffer_one_barrier, Block, 1, 64);

__global__ void cleared_too_late(int* g) {
  __shared__ int count;
  if (threadIdx.x == 0) count = 0;  // RACES cleared_too_late
  atomicAdd(&count, 1);             // RACES cleared_too_late
  __syncthreads();
  g[threadIdx.x] = count;
}
RACE_CASE(cleared_too_late, Block, 1, 64);

__global__ void read_too_early(int* g) {
  __shared__ int count;
  if (threadIdx.x == 0) count = 0;
  __syncthreads();
  atomicAdd(&count, 1);                // RACES read_too_early
  if (threadIdx.x == 0) g[0] = count;  // RACES read_too_early
}
RACE_CASE(read_too_early, Block, 1, 64);

__global__ void counted_and_read(int* g) {
  __shared__ int count;
  if (threadIdx.x == 0) count = 0;
  __syncthreads();
  atomicAdd(&count, 1);
  __syncthreads();
  g[threadIdx.x] = count;
}
RACE_CASE(counted_and_read, Nothing, 1, 64);

__global__ void leaves_early_and_reads(int* g) {
  __shared__ int s[64];
  s[threadIdx.x] = threadIdx.x;  // RACES leaves_early_and_reads
  if (threadIdx.x >= 40) {
    g[threadIdx.x] = s[threadIdx.x - 40];  // RACES leaves_early_and_reads
    return;
  }
  __syncthreads();
  g[threadIdx.x] = s[63 - threadIdx.x];
}
RACE_CASE(leaves_early_and_reads, Block, 1, 64);

__global__ void leaves_early(int* g) {
  __shared__ int s[64];
  s[threadIdx.x] = threadIdx.x;
  if (threadIdx.x >= 40) return;
  __syncthreads();
  g[threadIdx.x] = s[63 - threadIdx.x];
}
RACE_CASE(leaves_early, Nothing, 1, 64);

__global__ void group_of_the_block(int* g) {
  __shared__ int s[64];
  const cg::thread_block block = cg::this_thread_block();
  s[threadIdx.x] = threadIdx.x;
  block.sync();
  g[threadIdx.x] = s[63 - threadIdx.x];
}
RACE_CASE(group_of_the_block, Nothing, 1, 64);

__global__ void arrives_but_does_not_wait(int* g) {
  __shared__ cuda::barrier<cuda::thread_scope_block> barrier;
  __shared__ int s[64];
  if (threadIdx.x == 0) init(&barrier, 64);
  __syncthreads();
  s[threadIdx.x] = threadIdx.x;  // RACES arrives_but_does_not_wait
  auto token = barrier.arrive();
  g[threadIdx.x] = s[63 - threadIdx.x];  // RACES arrives_but_does_not_wait
  barrier.wait(std::move(token));
}
RACE_CASE(arrives_but_does_not_wait, Block, 1, 64);

__global__ void arrives_and_waits(int* g) {
  __shared__ cuda::barrier<cuda::thread_scope_block> barrier;
  __shared__ int s[64];
  if (threadIdx.x == 0) init(&barrier, 64);
  __syncthreads();
  for (int k = 0; k < 3; ++k) {
    s[threadIdx.x] = threadIdx.x;
    barrier.arrive_and_wait();
    g[threadIdx.x] = s[63 - threadIdx.x];
    barrier.arrive_and_wait();
  }
}
RACE_CASE(arrives_and_waits, Nothing, 1, 64);

__global__ void written_before_all_have_read(int* g) {
  __shared__ int pivot;
  if (threadIdx.x == 0) pivot = 0;
  __syncthreads();
  int sum = 0;
  for (int k = 0; k < 3; ++k) {
    sum += pivot;  // RACES written_before_all_have_read
    __syncwarp();
    if (threadIdx.x == 63) pivot = k;  // RACES written_before_all_have_read
    __syncthreads();
  }
  g[threadIdx.x] = sum;
}
RACE_CASE(written_before_all_have_read, Block, 1, 64);

__global__ void written_after_all_have_read(int* g) {
  __shared__ int pivot;
  if (threadIdx.x == 0) pivot = 0;
  __syncthreads();
  int sum = 0;
  for (int k = 0; k < 3; ++k) {
    sum += pivot;
    __syncthreads();
    if (threadIdx.x == 63) pivot = k;
    __syncthreads();
  }
  g[threadIdx.x] = sum;
}
RACE_CASE(written_after_all_have_read, Nothing, 1, 64);

}  // namespace
}  // namespace gridstride::emulator
