// Clusters: up to 8 blocks that run at the same time and reach each other's shared memory.
//
// Before a block touches another's shared memory, all must have started; before it ends, the others must be
// done with its own: arrive and wait at both ends. Source: PTX ISA, Special Registers (%cluster_ctarank and
// its like), mapa, barrier.cluster, ld, st
#pragma once

#include "kernels/device/ptx/twin.cuh"

namespace gridstride::ptx {

/// %cluster_ctarank: which block of its cluster this is.
__device__ __forceinline__ uint32_t cluster_rank() {
#if GRIDSTRIDE_PTX(900)
  uint32_t rank;
  asm volatile("mov.u32 %0, %%cluster_ctarank;" : "=r"(rank));
  return rank;
#elif GRIDSTRIDE_TWINS
  return __clusterRelativeBlockRank();
#else
  missing("a cluster", "sm_90");
  return 0;
#endif
}

/// %cluster_nctarank: how many blocks the cluster has.
__device__ __forceinline__ uint32_t cluster_blocks() {
#if GRIDSTRIDE_PTX(900)
  uint32_t blocks;
  asm volatile("mov.u32 %0, %%cluster_nctarank;" : "=r"(blocks));
  return blocks;
#elif GRIDSTRIDE_TWINS
  return __clusterSizeInBlocks();
#else
  missing("a cluster", "sm_90");
  return 0;
#endif
}

/// mapa.shared::cluster: the same place in the shared memory of the block of this rank.
__device__ __forceinline__ uint32_t mapa(uint32_t shared, uint32_t rank) {
#if GRIDSTRIDE_PTX(900)
  uint32_t there;
  asm volatile("mapa.shared::cluster.u32 %0, %1, %2;" : "=r"(there) : "r"(shared), "r"(rank));
  return there;
#elif GRIDSTRIDE_TWINS
  return shared_address(__cluster_map_shared_rank(twins::shared_pointer(shared), rank));
#else
  missing("mapa", "sm_90");
  return 0;
#endif
}

/// ld.shared::cluster.u32
__device__ __forceinline__ uint32_t ld_cluster(uint32_t address) {
#if GRIDSTRIDE_PTX(900)
  uint32_t value;
  asm volatile("ld.shared::cluster.u32 %0, [%1];" : "=r"(value) : "r"(address) : "memory");
  return value;
#elif GRIDSTRIDE_TWINS
  return twins::load<uint32_t>(twins::shared_pointer(address));
#else
  missing("ld.shared::cluster", "sm_90");
  return 0;
#endif
}

/// st.shared::cluster.u32
__device__ __forceinline__ void st_cluster(uint32_t address, uint32_t value) {
#if GRIDSTRIDE_PTX(900)
  asm volatile("st.shared::cluster.u32 [%0], %1;" ::"r"(address), "r"(value) : "memory");
#elif GRIDSTRIDE_TWINS
  std::memcpy(twins::shared_pointer(address), &value, sizeof value);
#else
  missing("st.shared::cluster", "sm_90");
#endif
}

/// barrier.cluster.arrive.release: this thread has come. All threads of all blocks of the cluster call it.
__device__ __forceinline__ void barrier_cluster_arrive() {
#if GRIDSTRIDE_PTX(900)
  asm volatile("barrier.cluster.arrive.release.aligned;" ::: "memory");
#elif GRIDSTRIDE_TWINS
  __cluster_barrier_arrive();
#else
  missing("barrier.cluster", "sm_90");
#endif
}

/// barrier.cluster.wait.acquire: until all have come that have not exited.
__device__ __forceinline__ void barrier_cluster_wait() {
#if GRIDSTRIDE_PTX(900)
  asm volatile("barrier.cluster.wait.acquire.aligned;" ::: "memory");
#elif GRIDSTRIDE_TWINS
  __cluster_barrier_wait();
#else
  missing("barrier.cluster", "sm_90");
#endif
}

}  // namespace gridstride::ptx
