// mbarrier: a barrier in shared memory that counts arrivals of threads and bytes of asynchronous copies.
//
// It is 8 bytes, aligned to 8. Its phase is over when as many arrivals have come as init() said and no bytes
// are awaited; the next one begins at once. Whoever waits names the parity of the phase: 0 for the first, 1
// for the second, 0 for the third. One thread initializes; fence_mbarrier_init() and a barrier show it to the
// others. Source: PTX ISA, Parallel Synchronization and Communication Instructions: mbarrier
#pragma once

#include "kernels/device/ptx/twin.cuh"

namespace gridstride::ptx {

#if GRIDSTRIDE_TWINS
namespace twins {

/// The manual leaves the 64 bits open; these are ours.
struct Mbarrier {
  uint64_t phase : 1;
  uint64_t expected : 20;  // arrivals in each phase
  uint64_t pending : 20;   // of this one, still to come
  int64_t bytes : 23;  // promised and not yet here; those that come before the promise count down from zero

  static Mbarrier at(uint32_t address) {
    require(address % 8 == 0, "mbarrier: the address must be a multiple of 8");
    const uint64_t bits = __atomic_load_n(shared_pointer<uint64_t>(address), __ATOMIC_ACQUIRE);
    return load<Mbarrier>(&bits);
  }
  void put(uint32_t address) {
    if (pending == 0 && bytes == 0) {
      phase ^= 1;
      pending = expected;
    }
    __atomic_store_n(shared_pointer<uint64_t>(address), load<uint64_t>(this), __ATOMIC_RELEASE);
  }
};
static_assert(sizeof(Mbarrier) == 8);

/// Returns the state before the arrival.
inline uint64_t arrive(uint32_t address, uint32_t count, uint32_t promised_bytes) {
  Mbarrier barrier = Mbarrier::at(address);
  const auto before = load<uint64_t>(&barrier);
  require(count <= barrier.pending, "mbarrier.arrive: more arrivals than the phase takes");
  barrier.bytes += promised_bytes;
  barrier.pending -= count;
  barrier.put(address);
  return before;
}

/// Bytes of a copy have come.
inline void complete_bytes(uint32_t address, uint32_t bytes) {
  Mbarrier barrier = Mbarrier::at(address);
  barrier.bytes -= bytes;
  barrier.put(address);
}

inline bool is_over(uint32_t address, uint32_t parity) {
  twin::finish_until(address);
  const bool over = Mbarrier::at(address).phase != parity;
  if (!over) __nanosleep(0);  // the others' turn
  return over;
}

}  // namespace twins
#endif

/// mbarrier.init: each phase takes `arrivals` of them, 1 to 2^20 - 1.
__device__ __forceinline__ void mbarrier_init(uint32_t barrier, uint32_t arrivals) {
#if GRIDSTRIDE_PTX(800)
  asm volatile("mbarrier.init.shared::cta.b64 [%0], %1;" ::"r"(barrier), "r"(arrivals) : "memory");
#elif GRIDSTRIDE_TWINS
  twins::require(arrivals >= 1 && arrivals < 1u << 20, "mbarrier.init: the count must be 1 to 2^20 - 1");
  twins::Mbarrier{0, arrivals, arrivals, 0}.put(barrier);
#else
  missing("mbarrier", "sm_80");
#endif
}

/// mbarrier.inval: its memory may be used for something else.
__device__ __forceinline__ void mbarrier_inval(uint32_t barrier) {
#if GRIDSTRIDE_PTX(800)
  asm volatile("mbarrier.inval.shared::cta.b64 [%0];" ::"r"(barrier) : "memory");
#elif GRIDSTRIDE_TWINS
  std::memset(twins::shared_pointer(barrier), 0xFF, sizeof(twins::Mbarrier));
#else
  missing("mbarrier", "sm_80");
#endif
}

/// mbarrier.arrive: one arrival; returns the state that mbarrier_test_wait() takes.
__device__ __forceinline__ uint64_t mbarrier_arrive(uint32_t barrier) {
#if GRIDSTRIDE_PTX(800)
  uint64_t state;
  asm volatile("mbarrier.arrive.shared::cta.b64 %0, [%1];" : "=l"(state) : "r"(barrier) : "memory");
  return state;
#elif GRIDSTRIDE_TWINS
  return twins::arrive(barrier, 1, 0);
#else
  missing("mbarrier", "sm_80");
  return 0;
#endif
}

/// mbarrier.arrive.expect_tx: the phase also awaits `bytes` more bytes; then one arrival.
__device__ __forceinline__ uint64_t mbarrier_arrive_expect_tx(uint32_t barrier, uint32_t bytes) {
#if GRIDSTRIDE_PTX(900)
  uint64_t state;
  asm volatile("mbarrier.arrive.expect_tx.shared::cta.b64 %0, [%1], %2;"
               : "=l"(state)
               : "r"(barrier), "r"(bytes)
               : "memory");
  return state;
#elif GRIDSTRIDE_TWINS
  return twins::arrive(barrier, 1, bytes);
#else
  missing("mbarrier.arrive.expect_tx", "sm_90");
  return 0;
#endif
}

/// mbarrier.expect_tx: the phase also awaits `bytes` more bytes.
__device__ __forceinline__ void mbarrier_expect_tx(uint32_t barrier, uint32_t bytes) {
#if GRIDSTRIDE_PTX(900)
  asm volatile("mbarrier.expect_tx.relaxed.cta.shared::cta.b64 [%0], %1;" ::"r"(barrier), "r"(bytes)
               : "memory");
#elif GRIDSTRIDE_TWINS
  twins::arrive(barrier, 0, bytes);
#else
  missing("mbarrier.expect_tx", "sm_90");
#endif
}

/// mbarrier.arrive.release.cluster: one arrival at a barrier of any block of the cluster, as mapa() names it.
__device__ __forceinline__ void mbarrier_arrive_cluster(uint32_t barrier) {
#if GRIDSTRIDE_PTX(900)
  asm volatile("mbarrier.arrive.release.cluster.shared::cluster.b64 _, [%0];" ::"r"(barrier) : "memory");
#elif GRIDSTRIDE_TWINS
  twins::arrive(barrier, 1, 0);
#else
  missing("mbarrier in a cluster", "sm_90");
#endif
}

// Returns the predicate that an instruction makes of the barrier and one more operand.
#define GRIDSTRIDE_ASK(INSTRUCTION, OPERAND)                                              \
  uint32_t over;                                                                          \
  asm volatile("{\n.reg .pred p;\n" INSTRUCTION " p, [%1], %2;\nselp.u32 %0, 1, 0, p;\n}" \
               : "=r"(over)                                                               \
               : "r"(barrier), OPERAND                                                    \
               : "memory");                                                               \
  return over != 0

/// mbarrier.test_wait: whether the phase of an arrival's state is over.
__device__ __forceinline__ bool mbarrier_test_wait(uint32_t barrier, uint64_t state) {
#if GRIDSTRIDE_PTX(800)
  GRIDSTRIDE_ASK("mbarrier.test_wait.shared::cta.b64", "l"(state));
#elif GRIDSTRIDE_TWINS
  return twins::is_over(barrier, twins::load<twins::Mbarrier>(&state).phase);
#else
  missing("mbarrier", "sm_80");
  return false;
#endif
}

/// mbarrier.test_wait.parity: whether the phase of this parity is over.
__device__ __forceinline__ bool mbarrier_test_wait_parity(uint32_t barrier, uint32_t parity) {
#if GRIDSTRIDE_PTX(800)
  GRIDSTRIDE_ASK("mbarrier.test_wait.parity.shared::cta.b64", "r"(parity));
#elif GRIDSTRIDE_TWINS
  return twins::is_over(barrier, parity);
#else
  missing("mbarrier", "sm_80");
  return false;
#endif
}

/// mbarrier.try_wait.parity: the same, after some time that the hardware chooses if it is not over at once.
__device__ __forceinline__ bool mbarrier_try_wait_parity(uint32_t barrier, uint32_t parity) {
#if GRIDSTRIDE_PTX(900)
  GRIDSTRIDE_ASK("mbarrier.try_wait.parity.shared::cta.b64", "r"(parity));
#elif GRIDSTRIDE_TWINS
  return twins::is_over(barrier, parity);
#else
  missing("mbarrier.try_wait", "sm_90");
  return false;
#endif
}

#undef GRIDSTRIDE_ASK

/// fence.mbarrier_init: other blocks of the cluster, and copies, see the barriers that this thread
/// initialized.
__device__ __forceinline__ void fence_mbarrier_init() {
#if GRIDSTRIDE_PTX(900)
  asm volatile("fence.mbarrier_init.release.cluster;" ::: "memory");
#elif !GRIDSTRIDE_TWINS
  missing("fence.mbarrier_init", "sm_90");
#endif
}

/// fence.proxy.async: what this thread wrote to shared memory is seen by bulk copies and wgmma that follow.
/// The twins have one view of memory: a kernel that forgets this fence is right here, and wrong on a GPU.
__device__ __forceinline__ void fence_proxy_async() {
#if GRIDSTRIDE_PTX(900)
  asm volatile("fence.proxy.async.shared::cta;" ::: "memory");
#elif !GRIDSTRIDE_TWINS
  missing("fence.proxy.async", "sm_90");
#endif
}

}  // namespace gridstride::ptx
