// cp.async.bulk: one thread has the copy engine move a run of bytes between global and shared memory.
//
// Addresses and sizes are multiples of 16. What comes in ends at an mbarrier, which was promised the bytes
// (mbarrier_arrive_expect_tx); what goes out ends with a group of the thread, as cp.async does.
// Source: PTX ISA, Data Movement and Conversion Instructions: cp.async.bulk
#pragma once

#include "kernels/device/ptx/mbarrier.cuh"

namespace gridstride::ptx {

#if GRIDSTRIDE_TWINS
namespace twins {

inline void require_bulk(uint32_t shared, const void* global, uint32_t bytes) {
  require(shared % 16 == 0 && reinterpret_cast<std::uintptr_t>(global) % 16 == 0 && bytes % 16 == 0,
          "cp.async.bulk: addresses and size must be multiples of 16");
}

/// Copied when somebody looks at the barrier.
inline void bulk_load(uint32_t shared, const void* global, uint32_t bytes, uint32_t barrier) {
  auto* to = shared_pointer(shared);
  twin::start_until(barrier, twin::Task([=] {
                      std::memcpy(to, global, bytes);
                      complete_bytes(barrier, bytes);
                    }),
                    {to, bytes, global, bytes});
}

/// Calls f(the place for the block of this rank) for every block that the mask names.
template <class F>
void for_each_block(uint16_t blocks, F f) {
  for (uint32_t rank = 0; rank < 16; ++rank) {
    if (blocks >> rank & 1) {
      f([rank](uint32_t shared) {
        return shared_address(__cluster_map_shared_rank(shared_pointer(shared), rank));
      });
    }
  }
}

}  // namespace twins
#endif

/// cp.async.bulk.shared::cluster.global.mbarrier::complete_tx::bytes: into shared memory.
__device__ __forceinline__ void bulk_load(uint32_t shared, const void* global, uint32_t bytes,
                                          uint32_t barrier) {
#if GRIDSTRIDE_PTX(900)
  asm volatile(
      "cp.async.bulk.shared::cluster.global.mbarrier::complete_tx::bytes [%0], [%1], %2, [%3];" ::"r"(shared),
      "l"(__cvta_generic_to_global(global)), "r"(bytes), "r"(barrier)
      : "memory");
#elif GRIDSTRIDE_TWINS
  twins::require_bulk(shared, global, bytes);
  twins::bulk_load(shared, global, bytes, barrier);
#else
  missing("cp.async.bulk", "sm_90");
#endif
}

/// The same with .multicast::cluster: into the same place of every block of the cluster that the mask names,
/// where it ends at the same barrier.
__device__ __forceinline__ void bulk_load_multicast(uint32_t shared, const void* global, uint32_t bytes,
                                                    uint32_t barrier, uint16_t blocks) {
#if GRIDSTRIDE_PTX_MULTICAST
  asm volatile(
      "cp.async.bulk.shared::cluster.global.mbarrier::complete_tx::bytes.multicast::cluster [%0], [%1], %2, "
      "[%3], %4;" ::"r"(shared),
      "l"(__cvta_generic_to_global(global)), "r"(bytes), "r"(barrier), "h"(blocks)
      : "memory");
#elif GRIDSTRIDE_TWINS
  twins::require_bulk(shared, global, bytes);
  twins::for_each_block(blocks,
                        [&](auto there) { twins::bulk_load(there(shared), global, bytes, there(barrier)); });
#else
  missing("cp.async.bulk to many blocks", "sm_90a or sm_100a");
#endif
}

/// cp.async.bulk.global.shared::cta.bulk_group: out of shared memory.
__device__ __forceinline__ void bulk_store(void* global, uint32_t shared, uint32_t bytes) {
#if GRIDSTRIDE_PTX(900)
  asm volatile(
      "cp.async.bulk.global.shared::cta.bulk_group [%0], [%1], %2;" ::"l"(__cvta_generic_to_global(global)),
      "r"(shared), "r"(bytes)
      : "memory");
#elif GRIDSTRIDE_TWINS
  twins::require_bulk(shared, global, bytes);
  const auto* from = twins::shared_pointer(shared);
  twin::start(twin::Kind::BulkCopies, twin::Task([=] { std::memcpy(global, from, bytes); }),
              {global, bytes, from, bytes});
#else
  missing("cp.async.bulk", "sm_90");
#endif
}

/// cp.async.bulk.commit_group: the stores since the last group are a group.
__device__ __forceinline__ void bulk_commit_group() {
#if GRIDSTRIDE_PTX(900)
  asm volatile("cp.async.bulk.commit_group;" ::: "memory");
#elif GRIDSTRIDE_TWINS
  twin::commit(twin::Kind::BulkCopies);
#else
  missing("cp.async.bulk", "sm_90");
#endif
}

/// cp.async.bulk.wait_group: until at most the latest kLeft groups of this thread are under way.
template <int kLeft>
__device__ __forceinline__ void bulk_wait_group() {
#if GRIDSTRIDE_PTX(900)
  asm volatile("cp.async.bulk.wait_group %0;" ::"n"(kLeft) : "memory");
#elif GRIDSTRIDE_TWINS
  twin::wait(twin::Kind::BulkCopies, kLeft);
#else
  missing("cp.async.bulk", "sm_90");
#endif
}

/// cp.async.bulk.wait_group.read: until the others have at least read their shared memory, which may then be
/// written again. Here they have also been written.
template <int kLeft>
__device__ __forceinline__ void bulk_wait_group_read() {
#if GRIDSTRIDE_PTX(900)
  asm volatile("cp.async.bulk.wait_group.read %0;" ::"n"(kLeft) : "memory");
#elif GRIDSTRIDE_TWINS
  twin::wait(twin::Kind::BulkCopies, kLeft);
#else
  missing("cp.async.bulk", "sm_90");
#endif
}

}  // namespace gridstride::ptx
