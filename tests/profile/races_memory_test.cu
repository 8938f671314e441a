// What is the same memory, and what an access: atomics, equal values, vectors, bytes, asynchronous copies.
#include <cuda_pipeline.h>

#include "tests/profile/races_fixture.hpp"

namespace gridstride::emulator {
namespace {

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

__global__ void copy_over_what_is_read(int* g) {
  __shared__ int s[64];
  for (int k = 0; k < 2; ++k) {
    const int* from = &g[4096 + 64 * k + threadIdx.x];
    __pipeline_memcpy_async(&s[threadIdx.x], from, 4);  // RACES copy_over_what_is_read
    __pipeline_commit();
    __pipeline_wait_prior(0);
    __syncthreads();
    g[64 * k + threadIdx.x] = s[63 - threadIdx.x];  // RACES copy_over_what_is_read
  }
}
RACE_CASE(copy_over_what_is_read, Block, 1, 64);

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

}  // namespace
}  // namespace gridstride::emulator
