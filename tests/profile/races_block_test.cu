// Races of a block's threads in shared memory, and of lanes that count on being in step.
#include <cooperative_groups.h>
#include <cuda_pipeline.h>

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

__global__ void barrier_that_votes(int* g) {
  __shared__ int s[64];
  s[threadIdx.x] = 1;
  if (__syncthreads_or(threadIdx.x == 3)) g[threadIdx.x] = s[(threadIdx.x + 1) % 64];
  if (__syncthreads_and(1)) s[threadIdx.x] = 2;
  if (__syncthreads_count(1) == 64) g[threadIdx.x] = s[(threadIdx.x + 33) % 64];
}
RACE_CASE(barrier_that_votes, Nothing, 1, 64);

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

__global__ void histogram_plain(int* g) {
  __shared__ int bins[8];
  if (threadIdx.x < 8) bins[threadIdx.x] = 0;
  __syncthreads();
  ++bins[threadIdx.x * 5 % 8];  // RACES histogram_plain
  __syncthreads();
  if (threadIdx.x < 8) g[threadIdx.x] = bins[threadIdx.x];
}
RACE_CASE(histogram_plain, Block, 1, 64);

__global__ void histogram_atomic(int* g) {
  __shared__ int bins[8];
  if (threadIdx.x < 8) bins[threadIdx.x] = 0;
  __syncthreads();
  atomicAdd(&bins[threadIdx.x * 5 % 8], 1);
  __syncthreads();
  if (threadIdx.x < 8) g[threadIdx.x] = bins[threadIdx.x];
}
RACE_CASE(histogram_atomic, Nothing, 1, 64);

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

__global__ void all_set_one_flag(int* g) {
  __shared__ int found;
  if (threadIdx.x % 3 == 0) found = 1;  // RACES all_set_one_flag
  __syncthreads();
  g[threadIdx.x] = found;
}
RACE_CASE(all_set_one_flag, Note, 1, 64);

__global__ void one_sets_the_flag(int* g) {
  __shared__ int found;
  if (threadIdx.x == 3) found = 1;
  __syncthreads();
  g[threadIdx.x] = found;
}
RACE_CASE(one_sets_the_flag, Nothing, 1, 64);

__global__ void all_set_their_own_value(int* g) {
  __shared__ int found;
  if (threadIdx.x % 3 == 0) found = threadIdx.x;  // RACES all_set_their_own_value
  __syncthreads();
  g[threadIdx.x] = found;
}
RACE_CASE(all_set_their_own_value, Block, 1, 64);

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

__global__ void copy_without_wait(int* g) {
  __shared__ int s[64];
  __pipeline_memcpy_async(&s[threadIdx.x], &g[4096 + threadIdx.x], 4);  // RACES copy_without_wait
  __pipeline_commit();
  g[threadIdx.x] = s[threadIdx.x];  // RACES copy_without_wait
}
RACE_CASE(copy_without_wait, Warp, 1, 64);

__global__ void copy_with_wait(int* g) {
  __shared__ int s[64];
  __pipeline_memcpy_async(&s[threadIdx.x], &g[4096 + threadIdx.x], 4);
  __pipeline_commit();
  __pipeline_wait_prior(0);
  g[threadIdx.x] = s[threadIdx.x];
}
RACE_CASE(copy_with_wait, Nothing, 1, 64);

__global__ void copy_without_barrier(int* g) {
  __shared__ int s[64];
  __pipeline_memcpy_async(&s[threadIdx.x], &g[4096 + threadIdx.x], 4);  // RACES copy_without_barrier
  __pipeline_commit();
  __pipeline_wait_prior(0);
  g[threadIdx.x] = s[63 - threadIdx.x];  // RACES copy_without_barrier
}
RACE_CASE(copy_without_barrier, Block, 1, 64);

__global__ void copies_into_two_stages(int* g) {
  __shared__ int s[2][64];
  int sum = 0;
  for (int k = 0; k < 4; ++k) {
    __pipeline_memcpy_async(&s[k % 2][threadIdx.x], &g[4096 + threadIdx.x], 4);
    __pipeline_commit();
    __pipeline_wait_prior(0);
    __syncthreads();
    sum += s[k % 2][63 - threadIdx.x];
  }
  g[threadIdx.x] = sum;
}
RACE_CASE(copies_into_two_stages, Nothing, 1, 64);

__global__ void vector_over_scalars(int* g) {
  __shared__ alignas(16) int s[128];
  s[threadIdx.x] = 1;  // RACES vector_over_scalars
  const int4* vectors = reinterpret_cast<int4*>(s);
  int4* to = reinterpret_cast<int4*>(g);
  if (threadIdx.x < 16) to[threadIdx.x] = vectors[threadIdx.x];  // RACES vector_over_scalars
}
RACE_CASE(vector_over_scalars, Block, 1, 64);

__global__ void vector_beside_scalars(int* g) {
  __shared__ alignas(16) int s[128];
  s[64 + threadIdx.x] = 1;
  if (threadIdx.x < 16) reinterpret_cast<int4*>(s)[threadIdx.x] = int4{1, 2, 3, 4};
  __syncthreads();
  g[threadIdx.x] = s[threadIdx.x];
}
RACE_CASE(vector_beside_scalars, Nothing, 1, 64);

__global__ void bytes_of_a_word(int* g) {
  __shared__ unsigned char s[64];
  s[threadIdx.x] = threadIdx.x;
  __syncthreads();
  g[threadIdx.x] = s[63 - threadIdx.x];
}
RACE_CASE(bytes_of_a_word, Nothing, 1, 64);

__global__ void bytes_and_their_word(int* g) {
  __shared__ alignas(4) unsigned char s[64];
  s[threadIdx.x] = threadIdx.x;  // RACES bytes_and_their_word
  if (threadIdx.x % 4 == 0)
    g[threadIdx.x] = *reinterpret_cast<int*>(&s[threadIdx.x]);  // RACES bytes_and_their_word
}
RACE_CASE(bytes_and_their_word, Warp, 1, 64);

struct Bits {
  unsigned low : 16, high : 16;
};

// Bit-fields of one word are one memory: to write the one is to read and write the other.
__global__ void bit_fields(int* g) {
  __shared__ Bits s;
  if (threadIdx.x == 0) s.low = g[0] & 0xfff;                           // RACES bit_fields
  if (threadIdx.x == 32) reinterpret_cast<unsigned&>(s) |= g[1] << 20;  // RACES bit_fields
}
RACE_CASE(bit_fields, Block, 1, 64);

__global__ void volatile_spin(int* g) {
  __shared__ int data;
  __shared__ volatile int flag;
  if (threadIdx.x == 0) flag = 0;
  __syncthreads();
  if (threadIdx.x == 0) {
    data = 7;
    __threadfence_block();
    flag = 1;
  } else if (threadIdx.x == 32) {
    while (flag == 0) {}
    __threadfence_block();
    g[0] = data;
  }
}
RACE_CASE(volatile_spin, Nothing, 1, 64);

__global__ void volatile_spin_without_fence(int* g) {
  __shared__ int data;
  __shared__ volatile int flag;
  if (threadIdx.x == 0) flag = 0;
  __syncthreads();
  if (threadIdx.x == 0) {
    data = 7;  // RACES volatile_spin_without_fence
    flag = 1;
  } else if (threadIdx.x == 32) {
    while (flag == 0) {}
    g[0] = data;  // RACES volatile_spin_without_fence
  }
}
RACE_CASE(volatile_spin_without_fence, Block, 1, 64);

__global__ void dynamic_without_barrier(int* g) {
  extern __shared__ int s[];
  s[threadIdx.x] = 1;                          // RACES dynamic_without_barrier
  g[threadIdx.x] = s[(threadIdx.x + 1) % 64];  // RACES dynamic_without_barrier
}
RACE_CASE(dynamic_without_barrier, Block, 1, 64, 256);

__global__ void dynamic_with_barrier(int* g) {
  extern __shared__ int s[];
  s[threadIdx.x] = 1;
  __syncthreads();
  g[threadIdx.x] = s[(threadIdx.x + 1) % 64];
}
RACE_CASE(dynamic_with_barrier, Nothing, 1, 64, 256);

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
