/// Block-wide barriers, fences and the other points at which a thread may have to wait.
#pragma once

#include "gridstride/emulator/site.hpp"
#include "gridstride/emulator/switch.hpp"
#include "gridstride/emulator/thread.hpp"

namespace gridstride::emulator::detail {

struct BarrierVotes {
  unsigned arrived = 0;  // threads that reached this barrier
  unsigned agreed = 0;   // of those, the ones whose predicate held
};

/// The shortest way through a barrier, which its caller takes: threads meet there in the order of the last
/// one.
Step next_step(Site site);
void block_barrier(Site site);
BarrierVotes block_votes(const char* name, bool predicate, Site site);
bool launched_together();
void grid_barrier(Site site);
[[noreturn]] void trap(Site site);
[[noreturn]] void exit_thread();
void yield();

}  // namespace gridstride::emulator::detail

[[gnu::always_inline]] inline void __syncthreads(
    gridstride::emulator::Site site = gridstride::emulator::Site::here()) {
  using namespace gridstride::emulator;
#if GRIDSTRIDE_INLINE_SWITCH && defined(__OPTIMIZE__)  // else a debugger steps over the call
  if (const Step step = detail::next_step(site); step.to != nullptr) {
    switch_context(*step.from, step.to);
    return;
  }
#endif
  detail::block_barrier(site);
}

inline int __syncthreads_count(int predicate,
                               gridstride::emulator::Site site = gridstride::emulator::Site::here()) {
  using namespace gridstride::emulator::detail;
  return static_cast<int>(block_votes("__syncthreads_count", predicate != 0, site).agreed);
}

inline int __syncthreads_and(int predicate,
                             gridstride::emulator::Site site = gridstride::emulator::Site::here()) {
  using namespace gridstride::emulator::detail;
  const BarrierVotes votes = block_votes("__syncthreads_and", predicate != 0, site);
  return votes.agreed == votes.arrived;
}

inline int __syncthreads_or(int predicate,
                            gridstride::emulator::Site site = gridstride::emulator::Site::here()) {
  using namespace gridstride::emulator::detail;
  return block_votes("__syncthreads_or", predicate != 0, site).agreed != 0;
}

// Threads of one block share an OS thread, so a block-wide fence only has to stop the compiler.
inline void __threadfence_block() {
  __atomic_signal_fence(__ATOMIC_SEQ_CST);
  gridstride::emulator::detail::spin_point();
}

inline void __threadfence() {
  __atomic_thread_fence(__ATOMIC_SEQ_CST);
  gridstride::emulator::detail::spin_point();
}

inline void __threadfence_system() { __threadfence(); }

inline void __nanosleep(unsigned) { gridstride::emulator::detail::yield(); }

[[noreturn]] inline void __trap(gridstride::emulator::Site site = gridstride::emulator::Site::here()) {
  gridstride::emulator::detail::trap(site);
}
