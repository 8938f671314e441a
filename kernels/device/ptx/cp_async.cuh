// cp.async: from global to shared memory past the registers, while the thread goes on.
//
// A thread gathers copies, closes them as a group, and waits until all but its latest groups have arrived.
// What has arrived is seen by the thread itself; a barrier shows it to the others.
#pragma once

#include "kernels/device/ptx/twin.cuh"

namespace gridstride::ptx {

#if GRIDSTRIDE_TWINS
namespace twins {

/// Copied when the thread waits: whoever forgets to finds the old bytes.
template <int kBytes>
void copy_later(uint32_t shared, const void* global, uint32_t source_bytes) {
  require(shared % kBytes == 0 && reinterpret_cast<std::uintptr_t>(global) % kBytes == 0,
          "cp.async: both addresses must be multiples of the size");
  require(source_bytes <= kBytes, "cp.async: src-size is greater than cp-size");
  twin::start_copy(shared_pointer(shared), global, kBytes, kBytes - source_bytes);
}

}  // namespace twins
#endif

/// cp.async.ca.shared.global: kBytes (4, 8 or 16) through both caches; only the first `source_bytes` are
/// read, the rest becomes zero. Both addresses are multiples of kBytes. Source: PTX ISA, Data Movement and
/// Conversion Instructions: cp.async
template <int kBytes>
__device__ __forceinline__ void cp_async_ca(uint32_t shared, const void* global,
                                            uint32_t source_bytes = kBytes) {
  static_assert(kBytes == 4 || kBytes == 8 || kBytes == 16, "cp.async.ca copies 4, 8 or 16 bytes");
#if GRIDSTRIDE_PTX(800)
  asm volatile("cp.async.ca.shared.global [%0], [%1], %2, %3;"
               :
               : "r"(shared), "l"(__cvta_generic_to_global(global)), "n"(kBytes), "r"(source_bytes)
               : "memory");
#elif GRIDSTRIDE_TWINS
  twins::copy_later<kBytes>(shared, global, source_bytes);
#else
  missing("cp.async", "sm_80");
#endif
}

/// cp.async.cg.shared.global: 16 bytes through the second-level cache only.
__device__ __forceinline__ void cp_async_cg(uint32_t shared, const void* global, uint32_t source_bytes = 16) {
#if GRIDSTRIDE_PTX(800)
  asm volatile("cp.async.cg.shared.global [%0], [%1], 16, %2;"
               :
               : "r"(shared), "l"(__cvta_generic_to_global(global)), "r"(source_bytes)
               : "memory");
#elif GRIDSTRIDE_TWINS
  twins::copy_later<16>(shared, global, source_bytes);
#else
  missing("cp.async", "sm_80");
#endif
}

/// cp.async.commit_group: the copies since the last group are a group, if only an empty one.
__device__ __forceinline__ void cp_async_commit_group() {
#if GRIDSTRIDE_PTX(800)
  asm volatile("cp.async.commit_group;" ::: "memory");
#elif GRIDSTRIDE_TWINS
  twin::commit(twin::Kind::Copies);
#else
  missing("cp.async.commit_group", "sm_80");
#endif
}

/// cp.async.wait_group: until at most the latest kLeft groups of this thread are under way.
template <int kLeft>
__device__ __forceinline__ void cp_async_wait_group() {
  static_assert(kLeft >= 0);
#if GRIDSTRIDE_PTX(800)
  asm volatile("cp.async.wait_group %0;" ::"n"(kLeft) : "memory");
#elif GRIDSTRIDE_TWINS
  twin::wait(twin::Kind::Copies, kLeft);
#else
  missing("cp.async.wait_group", "sm_80");
#endif
}

/// cp.async.wait_all: until every copy of this thread has arrived, in a group or not.
__device__ __forceinline__ void cp_async_wait_all() {
#if GRIDSTRIDE_PTX(800)
  asm volatile("cp.async.wait_all;" ::: "memory");
#elif GRIDSTRIDE_TWINS
  twin::commit(twin::Kind::Copies);
  twin::wait(twin::Kind::Copies, 0);
#else
  missing("cp.async.wait_all", "sm_80");
#endif
}

}  // namespace gridstride::ptx
