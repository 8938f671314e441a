/// Pipelines, barriers and atomics of libcu++, each as a program that is wrong without it.
#include <cooperative_groups.h>
#include <cuda_pipeline.h>

#include <cuda/atomic>
#include <cuda/barrier>
#include <cuda/pipeline>
#include <cuda/std/atomic>
#include <cuda/std/limits>
#include <cuda/std/type_traits>
#include <numeric>

#include "tests/emulator/runtime_fixture.hpp"

namespace gridstride::emulator {
namespace {

namespace cg = cooperative_groups;

class Pipeline : public RuntimeTest {};
GRIDSTRIDE_EVERY_SCHEDULE(Pipeline);

std::vector<int> counted(int n) {
  std::vector<int> out(n);
  std::iota(out.begin(), out.end(), 1);
  return out;
}

__global__ void copy_by_primitives(const int4* in, int4* out) {
  __shared__ int4 staged[64];
  const unsigned i = threadIdx.x;
  __pipeline_memcpy_async(&staged[i], &in[i], sizeof(int4), i % 2 ? 8 : 0);
  __pipeline_commit();
  __pipeline_wait_prior(0);
  __syncthreads();
  out[i] = staged[63 - i];
}

TEST_P(Pipeline, PrimitivesCopyAndFillWithZeros) {
  std::vector<int4> values;
  for (int i = 0; i < 64; ++i) values.push_back(make_int4(i, i + 1, i + 2, i + 3));
  DeviceArray<int4> in(values), out(64, int4{});
  copy_by_primitives<<<1, 64>>>(in.data(), out.data());
  const std::vector<int4> got = out.host();
  for (int i = 0; i < 64; ++i) {
    const int from = 63 - i;
    EXPECT_EQ(got[i].x, from);
    EXPECT_EQ(got[i].y, from + 1);
    EXPECT_EQ(got[i].z, from % 2 ? 0 : from + 2);
    EXPECT_EQ(got[i].w, from % 2 ? 0 : from + 3);
  }
}

/// Every batch is copied while the one before is read.
__global__ void sum_batches(const int* in, int* out, int batches) {
  constexpr unsigned kStages = 2;
  __shared__ int staged[kStages][64];
  __shared__ cuda::pipeline_shared_state<cuda::thread_scope_block, kStages> state;
  const cg::thread_block block = cg::this_thread_block();
  auto pipe = cuda::make_pipeline(block, &state);
  int sum = 0;
  for (int batch = 0, filled = 0; batch < batches; ++batch) {
    for (; filled < batches && filled < batch + static_cast<int>(kStages); ++filled) {
      pipe.producer_acquire();
      cuda::memcpy_async(block, staged[filled % kStages], in + 64 * filled, sizeof staged[0], pipe);
      pipe.producer_commit();
    }
    pipe.consumer_wait();
    sum += staged[batch % kStages][(threadIdx.x + 37) % 64];
    pipe.consumer_release();
  }
  out[threadIdx.x] = sum;
}

TEST_P(Pipeline, ABlockFillsOneStageWhileItEmptiesAnother) {
  constexpr int kBatches = 9;
  const std::vector<int> values = counted(64 * kBatches);
  DeviceArray<int> in(values), out(64, -1);
  sum_batches<<<1, 64>>>(in.data(), out.data(), kBatches);
  const std::vector<int> got = out.host();
  for (int t = 0; t < 64; ++t) {
    int sum = 0;
    for (int batch = 0; batch < kBatches; ++batch) sum += values[64 * batch + (t + 37) % 64];
    EXPECT_EQ(got[t], sum);
  }
  EXPECT_TRUE(reports().empty());
}

/// One warp fills stages that the other one empties.
__global__ void hand_over(const int* in, int* out, int batches) {
  constexpr unsigned kStages = 3;
  __shared__ int staged[kStages][32];
  __shared__ cuda::pipeline_shared_state<cuda::thread_scope_block, kStages> state;
  const cg::thread_block block = cg::this_thread_block();
  auto pipe = cuda::make_pipeline(block, &state, 32);
  const unsigned lane = threadIdx.x % 32;
  for (int batch = 0; batch < batches; ++batch) {
    int* stage = staged[batch % kStages];
    if (threadIdx.x < 32) {
      pipe.producer_acquire();
      cuda::memcpy_async(&stage[lane], &in[32 * batch + lane], sizeof(int), pipe);
      pipe.producer_commit();
    } else {
      pipe.consumer_wait();
      out[32 * batch + lane] = stage[31 - lane];
      pipe.consumer_release();
    }
  }
}

TEST_P(Pipeline, ProducersAndConsumersAreDifferentThreads) {
  constexpr int kBatches = 10;
  const std::vector<int> values = counted(32 * kBatches);
  DeviceArray<int> in(values), out(32 * kBatches, -1);
  hand_over<<<1, 64>>>(in.data(), out.data(), kBatches);
  const std::vector<int> got = out.host();
  for (int i = 0; i < 32 * kBatches; ++i) EXPECT_EQ(got[i], values[i / 32 * 32 + 31 - i % 32]);
}

__global__ void thread_pipeline(const int* in, int* out) {
  __shared__ int staged[32];
  auto pipe = cuda::make_pipeline();
  pipe.producer_acquire();
  cuda::memcpy_async(&staged[threadIdx.x], &in[threadIdx.x], cuda::aligned_size_t<4>(sizeof(int)), pipe);
  pipe.producer_commit();
  cuda::pipeline_consumer_wait_prior<0>(pipe);
  out[threadIdx.x] = staged[threadIdx.x];
  pipe.consumer_release();
}

TEST_P(Pipeline, AThreadHasOneForItself) {
  const std::vector<int> values = counted(32);
  DeviceArray<int> in(values), out(32, -1);
  thread_pipeline<<<1, 32>>>(in.data(), out.data());
  EXPECT_EQ(out.host(), values);
}

__global__ void rounds_at_a_barrier(int* out, int rounds) {
  __shared__ cuda::barrier<cuda::thread_scope_block> barrier;
  __shared__ int values[96];
  if (threadIdx.x == 0) init(&barrier, blockDim.x);
  __syncthreads();
  values[threadIdx.x] = static_cast<int>(threadIdx.x);
  barrier.arrive_and_wait();
  for (int round = 0; round < rounds; ++round) {
    const int next = values[(threadIdx.x + 1) % 96];
    auto token = barrier.arrive();
    barrier.wait(std::move(token));
    values[threadIdx.x] = next;
    barrier.arrive_and_wait();
  }
  out[threadIdx.x] = values[threadIdx.x];
}

TEST_P(Pipeline, ABarrierSeparatesPhases) {
  DeviceArray<int> out(96, -1);
  rounds_at_a_barrier<<<1, 96>>>(out.data(), 7);
  const std::vector<int> got = out.host();
  for (int i = 0; i < 96; ++i) EXPECT_EQ(got[i], (i + 7) % 96);
}

__global__ void leave_a_barrier(int* out) {
  __shared__ cuda::barrier<cuda::thread_scope_block> barrier;
  __shared__ int count;
  if (threadIdx.x == 0) init(&barrier, 64), count = 0;
  __syncthreads();
  atomicAdd(&count, 1);
  if (threadIdx.x >= 40) return barrier.arrive_and_drop();
  barrier.arrive_and_wait();
  if (threadIdx.x == 0) *out = count;
  barrier.arrive_and_wait();
  atomicAdd(&count, 1);
  barrier.arrive_and_wait();
  if (threadIdx.x == 1) out[1] = count;
}

TEST_P(Pipeline, WhoDropsOutIsNotWaitedFor) {
  DeviceArray<int> out(2, -1);
  leave_a_barrier<<<1, 64>>>(out.data());
  EXPECT_EQ(out.host(), (std::vector<int>{64, 104}));
}

__global__ void pass_a_token(cuda::atomic<int, cuda::thread_scope_device>* turn, int* out) {
  const int me = static_cast<int>(blockIdx.x);
  if (threadIdx.x != 0) return;
  while (turn->load(cuda::memory_order_acquire) != me) {}
  *out = 3 * *out + me;
  turn->store(me + 1, cuda::memory_order_release);
}

TEST_P(Pipeline, AnAtomicOrdersBlocks) {
  DeviceArray<int> turn(1, 0), out(1, 1);
  pass_a_token<<<8, 32>>>(reinterpret_cast<cuda::atomic<int, cuda::thread_scope_device>*>(turn.data()),
                          out.data());
  int expected = 1;
  for (int block = 0; block < 8; ++block) expected = 3 * expected + block;
  EXPECT_EQ(out.host()[0], expected);
}

__global__ void refer_to_atomics(int* integers, float* sum) {
  const int i = static_cast<int>(threadIdx.x);
  cuda::atomic_ref<int, cuda::thread_scope_block> count(integers[0]), least(integers[1]), most(integers[2]);
  ++count;
  least.fetch_min(i - 5, cuda::std::memory_order_relaxed);
  most.fetch_max(i);
  cuda::atomic_ref<float>(*sum).fetch_add(0.5f);
  int expected = cuda::std::numeric_limits<int>::max();
  cuda::std::atomic_ref<int>(integers[3]).compare_exchange_strong(expected, i);
}

TEST_P(Pipeline, AnAtomicReferenceWorksOnPlainMemory) {
  DeviceArray<int> integers({0, 1000, -1000, 7});
  DeviceArray<float> sum(1, 0.0f);
  refer_to_atomics<<<3, 100>>>(integers.data(), sum.data());
  EXPECT_EQ(integers.host(), (std::vector<int>{300, -5, 99, 7}));
  EXPECT_EQ(sum.host()[0], 150.0f);
}

static_assert(cuda::std::is_same_v<cuda::std::atomic<int>::value_type, int>);

}  // namespace
}  // namespace gridstride::emulator
