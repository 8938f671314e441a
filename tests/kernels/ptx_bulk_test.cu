// mbarriers, bulk and tensor copies, clusters: phases, boxes of every kind, swizzles, what a missing wait
// does.
#include <numeric>

#include "kernels/core/tensor_map.hpp"
#include "kernels/device/ptx/cluster.cuh"
#include "kernels/device/ptx/tensor_copy.cuh"
#include "kernels/device/ptx/warp_control.cuh"
#include "tests/kernels/ptx.hpp"

namespace gridstride {
namespace {

using namespace ptx;
using testing_support::to_device;
using testing_support::to_host;

__device__ void wait_for(uint32_t barrier, uint32_t parity) {
  while (!mbarrier_try_wait_parity(barrier, parity)) {}
}

// Warp 0 fills a number, the others read it, over and over: two barriers tell each side when it may.
__global__ void hand_over(int* sums, int rounds) {
  __shared__ uint64_t s_full, s_empty;
  __shared__ int s_value;
  const uint32_t full = shared_address(&s_full), empty = shared_address(&s_empty);
  if (threadIdx.x == 0) {
    mbarrier_init(full, 1);
    mbarrier_init(empty, 96);
  }
  __syncthreads();
  int sum = 0;
  for (int round = 0; round < rounds; ++round) {
    const uint32_t parity = round % 2;
    if (threadIdx.x < 32) {
      wait_for(empty, parity ^ 1);  // the phase before the first one counts as over
      if (elect_sync()) {
        s_value = round + 1;
        mbarrier_arrive(full);
      }
    } else {
      wait_for(full, parity);
      sum += s_value;
      mbarrier_arrive(empty);
    }
  }
  sums[threadIdx.x] = sum;
}

TEST(MbarrierTest, PhasesTakeTurns) {
  GRIDSTRIDE_NEEDS_SM(90);
  DeviceBuffer<int> sums(128);
  hand_over<<<1, 128>>>(sums.data(), 5);
  check_launch("ptx_bulk_test");
  std::vector<int> expected(128, 15);
  std::fill_n(expected.begin(), 32, 0);
  EXPECT_EQ(to_host(sums), expected);
}

__global__ void watch_states(uint32_t* seen) {
  __shared__ uint64_t s_barrier;
  const uint32_t barrier = shared_address(&s_barrier);
  mbarrier_init(barrier, 2);
  const uint64_t first = mbarrier_arrive(barrier);
  seen[0] = mbarrier_test_wait(barrier, first);
  seen[1] = mbarrier_test_wait_parity(barrier, 1);
  mbarrier_arrive(barrier);
  seen[2] = mbarrier_test_wait(barrier, first);
  seen[3] = mbarrier_test_wait_parity(barrier, 0);
  seen[4] = mbarrier_test_wait_parity(barrier, 1);
  mbarrier_inval(barrier);
}

TEST(MbarrierTest, APhaseIsOverWhenAllHaveArrived) {
  GRIDSTRIDE_NEEDS_SM(80);
  DeviceBuffer<uint32_t> seen(5);
  watch_states<<<1, 1>>>(seen.data());
  check_launch("ptx_bulk_test");
  EXPECT_EQ(to_host(seen), (std::vector<uint32_t>{0, 1, 1, 1, 0}));
}

// In, doubled, and out again; `before` is what the second half of the buffer held before anybody waited for
// it.
__global__ void bulk_round_trip(const int* from, int* to, int* before) {
  __shared__ alignas(16) int s_values[256];
  __shared__ uint64_t s_barriers[2];
  const uint32_t barriers[2] = {shared_address(&s_barriers[0]), shared_address(&s_barriers[1])};
  s_values[threadIdx.x] = s_values[threadIdx.x + 128] = -1;
  if (threadIdx.x == 0) {
    for (const uint32_t barrier : barriers) mbarrier_init(barrier, 1);
    fence_mbarrier_init();
  }
  fence_proxy_async();
  __syncthreads();
  if (threadIdx.x == 0) {
    for (int half = 0; half < 2; ++half) {
      mbarrier_arrive_expect_tx(barriers[half], 512);
      bulk_load(shared_address(&s_values[128 * half]), from + 128 * half, 512, barriers[half]);
    }
  }
  wait_for(barriers[0], 0);
  before[threadIdx.x] = s_values[threadIdx.x + 128];
  __syncthreads();
  wait_for(barriers[1], 0);
  s_values[threadIdx.x] *= 2;
  s_values[threadIdx.x + 128] *= 2;
  fence_proxy_async();
  __syncthreads();
  if (threadIdx.x == 0) {
    bulk_store(to, shared_address(s_values), 1024);
    bulk_commit_group();
    bulk_wait_group<0>();
  }
}

TEST(BulkCopyTest, RoundTripAndAMissingWait) {
  GRIDSTRIDE_NEEDS_SM(90);
  std::vector<int> values(256);
  std::iota(values.begin(), values.end(), 0);
  const auto from = to_device(values);
  DeviceBuffer<int> to(256), before(128);
  bulk_round_trip<<<1, 128>>>(from.data(), to.data(), before.data());
  check_launch("ptx_bulk_test");
  for (int& value : values) value *= 2;
  EXPECT_EQ(to_host(to), values);
  if (testing_support::work_is_done_when_waited_for()) {
    EXPECT_EQ(to_host(before), std::vector<int>(128, -1));
  }
}

struct Coordinates {
  int32_t at[3];
};

// One box comes in and lies in shared memory as it does; then it goes out to another place.
template <int kRank>
__global__ void move_box(const __grid_constant__ CUtensorMap map, const __grid_constant__ CUtensorMap target,
                         Coordinates from, Coordinates to, uint32_t bytes, unsigned char* in_shared) {
  extern __shared__ __align__(1024) unsigned char s_box[];
  __shared__ uint64_t s_barrier;
  const uint32_t barrier = shared_address(&s_barrier), box = shared_address(s_box);
  int32_t first[kRank], place[kRank];
  for (int i = 0; i < kRank; ++i) first[i] = from.at[i], place[i] = to.at[i];
  if (threadIdx.x == 0) {
    prefetch_tensor_map(&map);
    mbarrier_init(barrier, 1);
    fence_mbarrier_init();
  }
  __syncthreads();
  if (threadIdx.x == 0) {
    mbarrier_arrive_expect_tx(barrier, bytes);
    tensor_load(box, &map, first, barrier);
  }
  wait_for(barrier, 0);
  for (uint32_t i = threadIdx.x; i < bytes; i += 32) in_shared[i] = s_box[i];
  __syncthreads();
  if (threadIdx.x == 0) {
    tensor_store(&target, place, box);
    bulk_commit_group();
    bulk_wait_group_read<0>();
    bulk_wait_group<0>();
  }
}

/// A tensor of bytes-sized elements in which every byte tells its place, with room behind each row.
struct Tensor {
  int size[3], rank, element_bytes;

  int row_bytes() const { return (size[0] * element_bytes + 15) / 16 * 16 + 16; }
  int rows() const { return (rank > 1 ? size[1] : 1) * (rank > 2 ? size[2] : 1); }
  int bytes() const { return row_bytes() * rows(); }
  /// Of a coordinate's first byte, or -1 beyond the ends.
  int offset(int x, int y, int z) const {
    if (x < 0 || y < 0 || z < 0 || x >= size[0] || (rank > 1 ? y >= size[1] : y > 0) ||
        (rank > 2 ? z >= size[2] : z > 0)) {
      return -1;
    }
    return row_bytes() * (y + (rank > 1 ? size[1] : 1) * z) + x * element_bytes;
  }
};

/// 16-byte pieces of a row of `span` bytes change places by the row's number, as the manual's figures show
/// it.
int swizzled_offset(int offset, int span) {
  if (span == 16) return offset;
  const int line = offset / 128, piece = offset / 16 % 8;
  const int pattern = span == 128 ? line % 8 : span == 64 ? line % 4 : line % 2;
  return line * 128 + (piece ^ pattern) * 16 + offset % 16;
}

template <int kRank>
void expect_box(const Tensor& tensor, CUtensorMapDataType type, std::vector<uint32_t> box, Coordinates from,
                CUtensorMapSwizzle swizzle) {
  std::vector<unsigned char> bytes(tensor.bytes());
  for (std::size_t i = 0; i < bytes.size(); ++i) bytes[i] = static_cast<unsigned char>(1 + i * 37 % 251);
  auto source = to_device(bytes);
  auto target = to_device(std::vector<unsigned char>(bytes.size(), 0xEE));
  std::vector<uint64_t> sizes, strides;
  for (int i = 0; i < kRank; ++i) sizes.push_back(static_cast<uint64_t>(tensor.size[i]));
  if (kRank > 1) strides.push_back(static_cast<uint64_t>(tensor.row_bytes()));
  if (kRank > 2) strides.push_back(static_cast<uint64_t>(tensor.row_bytes() * tensor.size[1]));
  TensorBoxes boxes{source.data(), type, sizes, strides, box, swizzle};
  const CUtensorMap map = make_tensor_map(boxes);
  boxes.address = target.data();
  const CUtensorMap target_map = make_tensor_map(boxes);
  box.resize(3, 1);
  const auto box_bytes = box[0] * box[1] * box[2] * static_cast<uint32_t>(tensor.element_bytes);
  const Coordinates to = {{from.at[0] + 1, kRank > 1 ? from.at[1] - 1 : 0, kRank > 2 ? from.at[2] + 1 : 0}};
  DeviceBuffer<unsigned char> in_shared(box_bytes);
  move_box<kRank><<<1, 32, box_bytes>>>(map, target_map, from, to, box_bytes, in_shared.data());
  check_launch("ptx_bulk_test");

  std::vector<unsigned char> expected(box_bytes), expected_target(bytes.size(), 0xEE);
  int element = 0;
  for (int z = 0; z < static_cast<int>(box[2]); ++z) {
    for (int y = 0; y < static_cast<int>(box[1]); ++y) {
      for (int x = 0; x < static_cast<int>(box[0]); ++x, ++element) {
        const int there = tensor.offset(from.at[0] + x, from.at[1] + y, from.at[2] + z);
        const int out = tensor.offset(to.at[0] + x, to.at[1] + y, to.at[2] + z);
        for (int b = 0; b < tensor.element_bytes; ++b) {
          const unsigned char byte = there < 0 ? 0 : bytes[there + b];
          expected[swizzled_offset(element * tensor.element_bytes + b, 16 << swizzle)] = byte;
          if (out >= 0) expected_target[out + b] = byte;
        }
      }
    }
  }
  EXPECT_EQ(to_host(in_shared), expected);
  EXPECT_EQ(to_host(target), expected_target);
}

TEST(TensorCopyTest, BoxesInsideAndAcrossTheEnds) {
  GRIDSTRIDE_NEEDS_SM(90);
  constexpr auto kNone = CU_TENSOR_MAP_SWIZZLE_NONE;
  expect_box<1>({{100}, 1, 4}, CU_TENSOR_MAP_DATA_TYPE_FLOAT32, {32}, {{8, 0, 0}}, kNone);
  expect_box<1>({{100}, 1, 2}, CU_TENSOR_MAP_DATA_TYPE_FLOAT16, {64}, {{70, 0, 0}}, kNone);
  for (const int x : {-3, 0, 20}) {
    for (const int y : {-2, 1, 17}) {
      expect_box<2>({{37, 19}, 2, 4}, CU_TENSOR_MAP_DATA_TYPE_FLOAT32, {20, 5}, {{x, y, 0}}, kNone);
    }
  }
  expect_box<2>({{50, 9}, 2, 1}, CU_TENSOR_MAP_DATA_TYPE_UINT8, {48, 6}, {{5, 2, 0}}, kNone);
  expect_box<2>({{10, 9}, 2, 8}, CU_TENSOR_MAP_DATA_TYPE_FLOAT64, {4, 3}, {{5, 2, 0}}, kNone);
  for (const int z : {-1, 1, 4}) {
    expect_box<3>({{20, 7, 5}, 3, 2}, CU_TENSOR_MAP_DATA_TYPE_BFLOAT16, {8, 4, 3}, {{14, 3, z}}, kNone);
  }
}

TEST(TensorCopyTest, SwizzlesFollowTheFigures) {
  GRIDSTRIDE_NEEDS_SM(90);
  const auto half = CU_TENSOR_MAP_DATA_TYPE_FLOAT16;
  expect_box<2>({{100, 40}, 2, 2}, half, {16, 32}, {{8, 3, 0}}, CU_TENSOR_MAP_SWIZZLE_32B);
  expect_box<2>({{100, 40}, 2, 2}, half, {32, 32}, {{8, 3, 0}}, CU_TENSOR_MAP_SWIZZLE_64B);
  expect_box<2>({{100, 40}, 2, 2}, half, {64, 32}, {{8, 3, 0}}, CU_TENSOR_MAP_SWIZZLE_128B);
  expect_box<2>({{100, 40}, 2, 2}, half, {64, 32}, {{60, 20, 0}}, CU_TENSOR_MAP_SWIZZLE_128B);
  expect_box<3>({{40, 9, 4}, 3, 4}, CU_TENSOR_MAP_DATA_TYPE_FLOAT32, {32, 4, 3}, {{1, 2, 1}},
                CU_TENSOR_MAP_SWIZZLE_128B);
}

TEST(TensorMapTest, WhatTheDriverRefuses) {
  GRIDSTRIDE_NEEDS_SM(90);
  DeviceBuffer<float> data(64 * 64);
  const uint64_t sizes[] = {64, 64}, strides[] = {256}, odd_strides[] = {260}, no_sizes[] = {64, 0};
  const uint32_t box[] = {32, 8}, wide[] = {64, 8}, tall[] = {32, 257}, odd[] = {3, 8};
  const TensorBoxes good{data.data(), CU_TENSOR_MAP_DATA_TYPE_FLOAT32, sizes, strides, box};
  EXPECT_NO_THROW(make_tensor_map(good));
  const auto refused = [&](auto change) {
    TensorBoxes boxes = good;
    change(boxes);
    EXPECT_THROW(make_tensor_map(boxes), std::invalid_argument);
  };
  refused([&](TensorBoxes& b) { b.address = data.data() + 1; });
  refused([&](TensorBoxes& b) { b.strides_bytes = odd_strides; });
  refused([&](TensorBoxes& b) { b.sizes = no_sizes; });
  refused([&](TensorBoxes& b) { b.box = tall; });
  refused([&](TensorBoxes& b) { b.box = odd; });
  refused([&](TensorBoxes& b) { b.box = wide, b.swizzle = CU_TENSOR_MAP_SWIZZLE_128B; });
  refused([&](TensorBoxes& b) { b.strides_bytes = {}; });
}

template <class... P, class... A>
void launch_clusters(void (*kernel)(P...), int blocks, int threads, int per_cluster, A... arguments) {
  cudaLaunchAttribute attribute{};
  attribute.id = cudaLaunchAttributeClusterDimension;
  attribute.val.clusterDim.x = static_cast<unsigned>(per_cluster);
  attribute.val.clusterDim.y = attribute.val.clusterDim.z = 1;
  cudaLaunchConfig_t config{};
  config.gridDim = static_cast<unsigned>(blocks);
  config.blockDim = static_cast<unsigned>(threads);
  config.attrs = &attribute;
  config.numAttrs = 1;
  GRIDSTRIDE_CUDA(cudaLaunchKernelEx(&config, kernel, arguments...));
}

// Every block writes into its right neighbour's shared memory and reads its left neighbour's.
__global__ void pass_around(uint32_t* out) {
  __shared__ uint32_t s_mine[32], s_given[32];
  s_mine[threadIdx.x] = 100 * blockIdx.x + threadIdx.x;
  barrier_cluster_arrive();
  barrier_cluster_wait();
  const uint32_t rank = cluster_rank(), blocks = cluster_blocks();
  st_cluster(mapa(shared_address(&s_given[threadIdx.x]), (rank + 1) % blocks), 7 * blockIdx.x + threadIdx.x);
  const uint32_t left = ld_cluster(mapa(shared_address(&s_mine[threadIdx.x]), (rank + blocks - 1) % blocks));
  barrier_cluster_arrive();
  barrier_cluster_wait();
  uint32_t* mine = out + 64 * blockIdx.x;
  mine[threadIdx.x] = left;
  mine[32 + threadIdx.x] = s_given[threadIdx.x];
}

TEST(ClusterTest, BlocksReachEachOthersSharedMemory) {
  GRIDSTRIDE_NEEDS_SM(90);
  for (const int per_cluster : {1, 2, 4, 8}) {
    DeviceBuffer<uint32_t> out(16 * 64);
    launch_clusters(pass_around, 16, 32, per_cluster, out.data());
    const auto got = to_host(out);
    for (int block = 0; block < 16; ++block) {
      const int first = block / per_cluster * per_cluster;
      const auto left = static_cast<uint32_t>(first + (block - first + per_cluster - 1) % per_cluster);
      for (uint32_t thread = 0; thread < 32; ++thread) {
        EXPECT_EQ(got[64 * block + thread], 100 * left + thread);
        EXPECT_EQ(got[64 * block + 32 + thread], 7 * left + thread);
      }
    }
  }
}

/// Copies to many blocks are compiled for sm_90a and its like only.
__global__ void has_multicast(int* answer) { *answer = GRIDSTRIDE_PTX_MULTICAST || GRIDSTRIDE_TWINS; }

// Block 0 of each cluster has one copy sent to all; each block tells block 0 when it has seen it.
__global__ void multicast(const int* from, int* to, int* told) {
  __shared__ alignas(16) int s_values[32];
  __shared__ uint64_t s_full, s_seen;
  const uint32_t full = shared_address(&s_full), seen = shared_address(&s_seen);
  if (threadIdx.x == 0) {
    mbarrier_init(full, 1);
    mbarrier_init(seen, 32 * cluster_blocks());
    fence_mbarrier_init();
    mbarrier_arrive_expect_tx(full, sizeof s_values);
  }
  barrier_cluster_arrive();
  barrier_cluster_wait();
  if (threadIdx.x == 0 && cluster_rank() == 0) {
    const auto everybody = static_cast<uint16_t>((1u << cluster_blocks()) - 1);
    bulk_load_multicast(shared_address(s_values), from, sizeof s_values, full, everybody);
  }
  wait_for(full, 0);
  to[32 * blockIdx.x + threadIdx.x] = s_values[threadIdx.x] + static_cast<int>(blockIdx.x);
  mbarrier_arrive_cluster(mapa(seen, 0));
  if (cluster_rank() == 0) {
    wait_for(seen, 0);
    told[blockIdx.x] = 1;
  }
  barrier_cluster_arrive();
  barrier_cluster_wait();
}

TEST(ClusterTest, OneCopyForAllBlocks) {
  GRIDSTRIDE_NEEDS_SM(90);
  DeviceBuffer<int> answer(1);
  has_multicast<<<1, 1>>>(answer.data());
  check_launch("ptx_bulk_test");
  if (to_host(answer)[0] == 0) GTEST_SKIP() << "needs code for sm_90a";
  std::vector<int> values(32);
  std::iota(values.begin(), values.end(), 5);
  const auto from = to_device(values);
  DeviceBuffer<int> to(8 * 32);
  auto told = to_device(std::vector<int>(8, 0));
  launch_clusters(multicast, 8, 32, 4, from.data(), to.data(), told.data());
  const auto got = to_host(to);
  for (int i = 0; i < 8 * 32; ++i) EXPECT_EQ(got[i], values[i % 32] + i / 32);
  EXPECT_EQ(to_host(told), (std::vector<int>{1, 0, 0, 0, 1, 0, 0, 0}));
}

}  // namespace
}  // namespace gridstride
