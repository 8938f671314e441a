// Clusters: ranks, barriers, shared memory of other blocks by pointer and by address, and what is told when
// it has gone.
#include <cooperative_groups.h>

#include "tests/emulator/runtime_fixture.hpp"

namespace gridstride::emulator {
namespace {

namespace cg = cooperative_groups;

class Clusters : public RuntimeTest {
 protected:
  template <class... P, class... A>
  static cudaError_t launch(void (*kernel)(P...), dim3 grid, dim3 block, dim3 cluster, A... arguments) {
    cudaLaunchAttribute attribute{};
    attribute.id = cudaLaunchAttributeClusterDimension;
    attribute.val.clusterDim = {cluster.x, cluster.y, cluster.z};
    cudaLaunchConfig_t config{};
    config.gridDim = grid;
    config.blockDim = block;
    config.dynamicSmemBytes = 64;
    config.attrs = &attribute;
    config.numAttrs = 1;
    return cudaLaunchKernelEx(&config, kernel, arguments...);
  }
};
GRIDSTRIDE_EVERY_SCHEDULE(Clusters);

__global__ void tell_places(unsigned* out) {
  const cg::cluster_group cluster = cg::this_cluster();
  const unsigned block = blockIdx.x + gridDim.x * blockIdx.y;
  const dim3 place = cluster.block_index();
  if (threadIdx.x != 0) return;
  out[4 * block] = cluster.block_rank();
  out[4 * block + 1] = place.x + 10 * place.y;
  out[4 * block + 2] = cluster.num_threads();
  out[4 * block + 3] = __clusterIdx().x + 10 * __clusterIdx().y;
}

TEST_P(Clusters, PlacesInTwoDimensions) {
  DeviceArray<unsigned> out(8 * 4 * 4, 0);
  ASSERT_EQ(launch(tell_places, dim3(8, 4), 32, dim3(4, 2), out.data()), cudaSuccess);
  const auto got = out.host();
  for (unsigned y = 0; y < 4; ++y) {
    for (unsigned x = 0; x < 8; ++x) {
      const unsigned* block = &got[4 * (x + 8 * y)];
      EXPECT_EQ(block[0], x % 4 + 4 * (y % 2));
      EXPECT_EQ(block[1], x % 4 + 10 * (y % 2));
      EXPECT_EQ(block[2], 8 * 32u);
      EXPECT_EQ(block[3], x / 4 + 10 * (y / 2));
    }
  }
}

// A sum over the cluster, block 0 adding what it finds with the others; some threads leave before the
// barrier.
__global__ void sum_over_cluster(int* sums) {
  __shared__ int s_value;
  const cg::cluster_group cluster = cg::this_cluster();
  if (threadIdx.x >= 40) return;
  if (threadIdx.x == 0) s_value = static_cast<int>(blockIdx.x) + 1;
  cluster.sync();
  if (threadIdx.x == 0 && cluster.block_rank() == 0) {
    int sum = 0;
    for (unsigned rank = 0; rank < cluster.num_blocks(); ++rank)
      sum += *cluster.map_shared_rank(&s_value, static_cast<int>(rank));
    sums[blockIdx.x / cluster.num_blocks()] = sum;
  }
  cluster.sync();
}

TEST_P(Clusters, SharedMemoryOfTheOthers) {
  DeviceArray<int> sums(3, 0);
  ASSERT_EQ(launch(sum_over_cluster, 12, 64, 4, sums.data()), cudaSuccess);
  EXPECT_EQ(sums.host(), (std::vector<int>{10, 26, 42}));
  EXPECT_TRUE(reports().empty());
}

__global__ void there_and_back(int* wrong) {
  extern __shared__ int s_dynamic[];
  __shared__ int s_static[4];
  const cg::cluster_group cluster = cg::this_cluster();
  for (const int* p : {&s_dynamic[3], &s_static[1]}) {
    const auto address = static_cast<unsigned>(__cvta_generic_to_shared(p));
    if (__cvta_shared_to_generic(address) != p || !__isShared(p)) atomicAdd(wrong, 1);
    if (__cvta_shared_to_generic(address + 4) != p + 1) atomicAdd(wrong, 1);
    if (cluster.query_shared_rank(p) != cluster.block_rank()) atomicAdd(wrong, 1);
  }
  cluster.sync();
  const int* other = cluster.map_shared_rank(&s_static[1], static_cast<int>(cluster.block_rank() ^ 1));
  if (__isShared(other) || cluster.query_shared_rank(other) == cluster.block_rank()) atomicAdd(wrong, 1);
  if (__isGlobal(other) || __isLocal(other)) atomicAdd(wrong, 1);
  if (__isShared(wrong) || __isLocal(wrong) || !__isGlobal(wrong)) atomicAdd(wrong, 1);
  int own = 0;
  if (__isShared(&own) || !__isLocal(&own) || __isGlobal(&own)) atomicAdd(wrong, 1);
  if (__cvta_global_to_generic(__cvta_generic_to_global(wrong)) != wrong) atomicAdd(wrong, 1);
  cluster.sync();
}

TEST_P(Clusters, SharedAddressesBothWays) {
  DeviceArray<int> wrong(1, 0);
  ASSERT_EQ(launch(there_and_back, 4, 1, 2, wrong.data()), cudaSuccess);
  EXPECT_EQ(wrong.host()[0], 0);
}

__global__ void read_too_late(int* out) {
  __shared__ int s_value;
  s_value = 1;
  const cg::cluster_group cluster = cg::this_cluster();
  cluster.sync();
  if (cluster.block_rank() == 1) return;
  for (int turn = 0; turn < 100; ++turn) __nanosleep(1);
  *out = *cluster.map_shared_rank(&s_value, 1);
}

TEST_P(Clusters, SharedMemoryThatHasGoneIsTold) {
  DeviceArray<int> out(1, 0);
  ASSERT_EQ(launch(read_too_late, 2, 1, 2, out.data()), cudaSuccess);
  EXPECT_EQ(cudaDeviceSynchronize(), cudaErrorInvalidAddressSpace);
  EXPECT_NE(only_report().find("block 1 of the cluster has no shared memory"), std::string::npos)
      << only_report();
}

__global__ void __cluster_dims__(2, 2) tell_own_places(unsigned* out) {
  if (threadIdx.x == 0) out[blockIdx.x + gridDim.x * blockIdx.y] = cg::this_cluster().block_rank();
}

TEST_P(Clusters, DimensionsOfTheKernelItself) {
  DeviceArray<unsigned> out(4 * 2, 99);
  tell_own_places<<<dim3(4, 2), 32>>>(out.data());
  ASSERT_EQ(cudaDeviceSynchronize(), cudaSuccess);
  EXPECT_EQ(out.host(), (std::vector<unsigned>{0, 1, 0, 1, 2, 3, 2, 3}));
  tell_own_places<<<3, 32>>>(out.data());
  EXPECT_EQ(cudaGetLastError(), cudaErrorInvalidClusterSize);
  EXPECT_EQ(launch(tell_own_places, dim3(4, 2), 32, dim3(4, 1), out.data()), cudaErrorInvalidClusterSize);
  cudaFuncAttributes attributes;
  ASSERT_EQ(cudaFuncGetAttributes(&attributes, tell_own_places), cudaSuccess);
  EXPECT_EQ(attributes.clusterDimMustBeSet, 1);
  EXPECT_EQ(attributes.requiredClusterHeight, 2);
}

__global__ void count_blocks(int* count) {
  if (cg::this_cluster().num_blocks() == 16) atomicAdd(count, 1);
}

TEST_P(Clusters, SixteenBlocksMustBeAllowed) {
  DeviceArray<int> count(1, 0);
  int most = 0;
  ASSERT_EQ(cudaOccupancyMaxPotentialClusterSize(&most, count_blocks, nullptr), cudaSuccess);
  EXPECT_EQ(most, 8);
  EXPECT_EQ(launch(count_blocks, 32, 1, 16, count.data()), cudaErrorInvalidClusterSize);
  EXPECT_EQ(cudaGetLastError(), cudaErrorInvalidClusterSize);
  ASSERT_EQ(cudaFuncSetAttribute(count_blocks, cudaFuncAttributeNonPortableClusterSizeAllowed, 1),
            cudaSuccess);
  EXPECT_EQ(launch(count_blocks, 32, 1, 16, count.data()), cudaSuccess);
  EXPECT_EQ(count.host()[0], 32);
  ASSERT_EQ(cudaFuncSetAttribute(count_blocks, cudaFuncAttributeNonPortableClusterSizeAllowed, 0),
            cudaSuccess);
}

__global__ void wait_alone() { __cluster_barrier_wait(); }

TEST_P(Clusters, AWaitWithoutAnArrivalIsTold) {
  static_cast<void>(launch(wait_alone, 2, 1, 2));  // which may learn of it already
  EXPECT_EQ(cudaDeviceSynchronize(), cudaErrorLaunchFailure);
  EXPECT_NE(only_report().find("without an arrival"), std::string::npos) << only_report();
}

}  // namespace
}  // namespace gridstride::emulator
