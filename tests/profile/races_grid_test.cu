// Races of different blocks in global memory, and the flags, fences and counters that order them.
#include <cooperative_groups.h>

#include <cuda/atomic>

#include "tests/profile/races_fixture.hpp"

namespace gridstride::emulator {
namespace {

namespace cg = cooperative_groups;
constexpr int kFlag = 32768;

__global__ void neighbours_element(int* g) {
  const int i = blockIdx.x * blockDim.x + threadIdx.x;
  g[i] = i;                           // RACES neighbours_element
  if (i > 0) g[4096 + i] = g[i - 1];  // RACES neighbours_element
}
RACE_CASE(neighbours_element, Grid, 4, 1);

__global__ void own_element(int* g) {
  const int i = blockIdx.x * blockDim.x + threadIdx.x;
  g[i] = i;
  g[4096 + i] = g[i];
}
RACE_CASE(own_element, Nothing, 4, 32);

__global__ void sum_of_blocks_plain(int* g) {
  if (threadIdx.x == 0) g[0] += blockIdx.x + 1;  // RACES sum_of_blocks_plain
}
RACE_CASE(sum_of_blocks_plain, Grid, 4, 32);

__global__ void sum_of_blocks_atomic(int* g) {
  if (threadIdx.x == 0) atomicAdd(g, blockIdx.x + 1);
}
RACE_CASE(sum_of_blocks_atomic, Nothing, 4, 32);

__global__ void overlapping_tiles(int* g) {
  g[48 * blockIdx.x + threadIdx.x] = blockIdx.x;  // RACES overlapping_tiles
}
RACE_CASE(overlapping_tiles, Grid, 3, 64);

__global__ void tiles_side_by_side(int* g) {
  g[64 * blockIdx.x + threadIdx.x] = blockIdx.x;
  g[4096 + 64 * blockIdx.x + threadIdx.x] = g[8192 + 48 * blockIdx.x + threadIdx.x];
}
RACE_CASE(tiles_side_by_side, Nothing, 3, 64);

__global__ void blocks_agree(int* g) {
  if (threadIdx.x == 5) g[0] = 42;  // RACES blocks_agree
}
RACE_CASE(blocks_agree, Note, 4, 32);

__global__ void flag_without_fence(int* g) {
  volatile int* flag = g + kFlag;
  if (blockIdx.x == 0) {
    g[0] = 7;  // RACES flag_without_fence
    *flag = 1;
  } else {
    while (*flag == 0) {}
    g[1] = g[0];  // RACES flag_without_fence
  }
}
RACE_CASE(flag_without_fence, Grid, 2, 1);

__global__ void flag_with_fences(int* g) {
  volatile int* flag = g + kFlag;
  if (blockIdx.x == 0) {
    g[0] = 7;
    __threadfence();
    *flag = 1;
  } else {
    while (*flag == 0) {}
    __threadfence();
    g[1] = g[0];
  }
}
RACE_CASE(flag_with_fences, Nothing, 2, 1);

__global__ void flag_fenced_by_the_writer_alone(int* g) {
  volatile int* flag = g + kFlag;
  if (blockIdx.x == 0) {
    g[0] = 7;  // RACES flag_fenced_by_the_writer_alone
    __threadfence();
    *flag = 1;
  } else {
    while (*flag == 0) {}
    g[1] = g[0];  // RACES flag_fenced_by_the_writer_alone
  }
}
RACE_CASE(flag_fenced_by_the_writer_alone, Grid, 2, 1);

__global__ void flag_with_a_blocks_fence(int* g) {
  volatile int* flag = g + kFlag;
  if (blockIdx.x == 0) {
    g[0] = 7;  // RACES flag_with_a_blocks_fence
    __threadfence_block();
    *flag = 1;
  } else {
    while (*flag == 0) {}
    __threadfence();
    g[1] = g[0];  // RACES flag_with_a_blocks_fence
  }
}
RACE_CASE(flag_with_a_blocks_fence, Grid, 2, 1);

__global__ void fence_too_early(int* g) {
  if (blockIdx.x == 0) {
    __threadfence();
    g[0] = 7;  // RACES fence_too_early
    atomicExch(g + kFlag, 1);
  } else {
    while (atomicAdd(g + kFlag, 0) == 0) {}
    __threadfence();
    g[1] = g[0];  // RACES fence_too_early
  }
}
RACE_CASE(fence_too_early, Grid, 2, 1);

__global__ void fence_in_time(int* g) {
  if (blockIdx.x == 0) {
    g[0] = 7;
    __threadfence();
    atomicExch(g + kFlag, 1);
  } else {
    while (atomicAdd(g + kFlag, 0) == 0) {}
    __threadfence();
    g[1] = g[0];
  }
}
RACE_CASE(fence_in_time, Nothing, 2, 1);

__global__ void relaxed_flag(int* g) {
  cuda::atomic_ref<int> flag(g[kFlag]);
  if (blockIdx.x == 0) {
    g[0] = 7;  // RACES relaxed_flag
    flag.store(1, cuda::memory_order_relaxed);
  } else {
    while (flag.load(cuda::memory_order_relaxed) == 0) {}
    g[1] = g[0];  // RACES relaxed_flag
  }
}
RACE_CASE(relaxed_flag, Grid, 2, 1);

__global__ void released_flag(int* g) {
  cuda::atomic_ref<int> flag(g[kFlag]);
  if (blockIdx.x == 0) {
    g[0] = 7;
    flag.store(1, cuda::memory_order_release);
  } else {
    while (flag.load(cuda::memory_order_acquire) == 0) {}
    g[1] = g[0];
  }
}
RACE_CASE(released_flag, Nothing, 2, 1);

__global__ void released_but_not_acquired(int* g) {
  cuda::atomic_ref<int> flag(g[kFlag]);
  if (blockIdx.x == 0) {
    g[0] = 7;  // RACES released_but_not_acquired
    flag.store(1, cuda::memory_order_release);
  } else {
    while (flag.load(cuda::memory_order_relaxed) == 0) {}
    g[1] = g[0];  // RACES released_but_not_acquired
  }
}
RACE_CASE(released_but_not_acquired, Grid, 2, 1);

__global__ void plain_flag(int* g) {
  if (blockIdx.x == 0) {
    g[0] = 7;  // RACES plain_flag
    __threadfence();
    g[kFlag] = 1;  // RACES plain_flag
  } else {
    while (atomicAdd(g + kFlag, 0) == 0) {}  // RACES plain_flag
    __threadfence();
    g[1] = g[0];  // RACES plain_flag
  }
}
RACE_CASE(plain_flag, Grid, 2, 1);

template <bool kFences>
__device__ bool is_last(int* g) {
  __shared__ bool last;
  if (kFences) __threadfence();
  if (threadIdx.x == 0) last = atomicAdd(g + kFlag, 1) == int(gridDim.x) - 1;
  __syncthreads();
  return last;
}

__global__ void last_block_without_fence(int* g) {
  if (threadIdx.x == 0) g[blockIdx.x] = blockIdx.x;  // RACES last_block_without_fence
  if (is_last<false>(g) && threadIdx.x < gridDim.x)
    g[4096 + threadIdx.x] = g[threadIdx.x];  // RACES last_block_without_fence
}
RACE_CASE(last_block_without_fence, Grid, 8, 64);

__global__ void last_block_with_fence(int* g) {
  if (threadIdx.x == 0) g[blockIdx.x] = blockIdx.x;
  if (is_last<true>(g) && threadIdx.x < gridDim.x) g[4096 + threadIdx.x] = g[threadIdx.x];
}
RACE_CASE(last_block_with_fence, Nothing, 8, 64);

__global__ void last_block_resets_the_counter(int* g) {
  if (is_last<true>(g) && threadIdx.x == blockDim.x - 1) g[kFlag] = 0;
}
RACE_CASE(last_block_resets_the_counter, Nothing, 8, 64);

// Lanes come in any order: the last of them may stand between two that came before.
__global__ void last_thread_resets_the_counter(int* g) {
  if (atomicAdd(g, 1) == int(blockDim.x) - 1) g[0] = 0;
}
RACE_CASE(last_thread_resets_the_counter, Nothing, 1, 96);

__global__ void some_block_resets_the_counter(int* g) {
  if (threadIdx.x != 0) return;
  if (blockIdx.x != 3) atomicAdd(g + kFlag, 1);  // RACES some_block_resets_the_counter
  if (blockIdx.x == 3) g[kFlag] = 0;             // RACES some_block_resets_the_counter
}
RACE_CASE(some_block_resets_the_counter, Grid, 8, 64);

__global__ void last_block_of_which_all_write(int* g) {
  g[64 * blockIdx.x + threadIdx.x] = 1;
  __syncthreads();
  __threadfence();
  if (is_last<true>(g)) {
    for (unsigned k = 0; k < gridDim.x; ++k) g[4096 + threadIdx.x] += g[64 * k + threadIdx.x];
  }
}
RACE_CASE(last_block_of_which_all_write, Nothing, 8, 64);

// Thread 0's fence is for what it knows, and it knows nothing of the others before a barrier.
__global__ void last_block_without_barrier(int* g) {
  g[64 * blockIdx.x + threadIdx.x] = 1;  // RACES last_block_without_barrier
  __shared__ bool last;
  if (threadIdx.x == 0) {
    __threadfence();
    last = atomicAdd(g + kFlag, 1) == int(gridDim.x) - 1;
  }
  __syncthreads();
  if (!last) return;
  for (unsigned k = 0; k < gridDim.x; ++k)
    g[4096 + threadIdx.x] += g[64 * k + threadIdx.x];  // RACES last_block_without_barrier
}
RACE_CASE(last_block_without_barrier, Grid, 8, 64);

__global__ void counter_beside_plain_reads(int* g) {
  if (threadIdx.x == 0) atomicAdd(g, 1);            // RACES counter_beside_plain_reads
  if (threadIdx.x == 1) g[64 + blockIdx.x] = g[0];  // RACES counter_beside_plain_reads
}
RACE_CASE(counter_beside_plain_reads, Grid, 4, 32);

__global__ void counter_read_atomically(int* g) {
  if (threadIdx.x == 0) atomicAdd(g, 1);
  if (threadIdx.x == 1) g[64 + blockIdx.x] = atomicAdd(g, 0);
}
RACE_CASE(counter_read_atomically, Nothing, 4, 32);

__global__ void lock_without_fence(int* g) {
  if (threadIdx.x != 0) return;
  while (atomicCAS(g + kFlag, 0, 1) != 0) {}
  g[0] += 1;  // RACES lock_without_fence
  atomicExch(g + kFlag, 0);
}
RACE_CASE(lock_without_fence, Grid, 4, 32);

__global__ void lock_with_fence(int* g) {
  if (threadIdx.x != 0) return;
  while (atomicCAS(g + kFlag, 0, 1) != 0) {}
  __threadfence();
  g[0] += 1;
  __threadfence();
  atomicExch(g + kFlag, 0);
}
RACE_CASE(lock_with_fence, Nothing, 4, 32);

__global__ void chain_of_blocks(int* g) {
  if (threadIdx.x == 0) {
    volatile int* turn = g + kFlag;
    while (*turn != int(blockIdx.x)) {}
    __threadfence();
    g[0] += g[1] + 1;
    g[1] = g[0];
    __threadfence();
    *turn = blockIdx.x + 1;
  }
}
RACE_CASE(chain_of_blocks, Nothing, 4, 32);

__global__ void chain_that_forgets(int* g) {
  if (threadIdx.x == 0) {
    volatile int* turn = g + kFlag;
    while (*turn != int(blockIdx.x)) {}
    __threadfence();
    g[0] += 1;  // RACES chain_that_forgets
    *turn = blockIdx.x + 1;
  }
}
RACE_CASE(chain_that_forgets, Grid, 4, 32);

__global__ void grid_without_sync(int* g) {
  const int i = blockIdx.x * blockDim.x + threadIdx.x, n = gridDim.x * blockDim.x;
  g[i] = i;                    // RACES grid_without_sync
  g[4096 + i] = g[n - 1 - i];  // RACES grid_without_sync
}
RACE_CASE(grid_without_sync, Grid, 4, 32);

__global__ void grid_sync(int* g) {
  const int i = blockIdx.x * blockDim.x + threadIdx.x, n = gridDim.x * blockDim.x;
  for (int k = 0; k < 3; ++k) {
    g[i] = i + k;
    cg::this_grid().sync();
    g[4096 + i] = g[n - 1 - i];
    cg::this_grid().sync();
  }
}
const bool registered_grid_sync =
    (race_cases().push_back({"grid_sync", __FILE__, Expected::Nothing,
                             [](int* g) {
                               void* arguments[] = {&g};
                               cudaLaunchCooperativeKernel(grid_sync, dim3(4), dim3(32), arguments);
                             }}),
     true);

__global__ void half_words_of_blocks(int* g) { reinterpret_cast<short*>(g)[blockIdx.x] = 1; }
RACE_CASE(half_words_of_blocks, Nothing, 8, 1);

__global__ void half_words_too_wide(int* g) {
  char* to = reinterpret_cast<char*>(g) + 2 * blockIdx.x;
  *reinterpret_cast<int*>(to) = blockIdx.x + 1;  // RACES half_words_too_wide
}
RACE_CASE(half_words_too_wide, Grid, 4, 1);

__global__ void first(int* g) { g[blockIdx.x] = 1; }
__global__ void two_launches(int* g) { g[64 + blockIdx.x] = g[7 - blockIdx.x]; }
const bool registered_two_launches = (race_cases().push_back({"two_launches", __FILE__, Expected::Nothing,
                                                              [](int* g) {
                                                                first<<<8, 1>>>(g);
                                                                two_launches<<<8, 1>>>(g);
                                                              }}),
                                      true);

__global__ void atomic_load_beside_plain_ones(int* g) {
  g[1 + threadIdx.x + 64 * blockIdx.x] =
      threadIdx.x % 2 == 0 ? cuda::atomic_ref<int>(g[0]).load(cuda::memory_order_relaxed) : g[0];
}
RACE_CASE(atomic_load_beside_plain_ones, Nothing, 4, 32);

}  // namespace
}  // namespace gridstride::emulator
