/// The running GPU thread's coordinates, as every kernel sees them.
///
/// They are plain thread-local variables, so that a debugger prints them and the compiler keeps them in
/// registers. A block never leaves the worker that started it, hence their addresses may be cached.
#pragma once

#include "gridstride/emulator/vectors.hpp"

inline constinit thread_local uint3 threadIdx{};
inline constinit thread_local uint3 blockIdx{};
inline constinit thread_local dim3 blockDim{};
inline constinit thread_local dim3 gridDim{};
inline constexpr int warpSize = 32;

namespace gridstride::emulator::detail {

/// One past the last threadIdx.x that the plain loop over a block's threads still has to start. The loop
/// owner's first block-wide wait sets it to zero: the stack then belongs to the waiting thread, and another
/// fiber goes on with the loop. A type of its own, so that a kernel's stores cannot alias it.
enum class LoopEnd : unsigned {};
inline constinit thread_local LoopEnd loop_end{};

/// threadIdx.x where the loop over threads keeps its count in a register.
inline constexpr unsigned kUnknownThread = ~0u;

/// Names one run of one block on this worker: what is cached for a block is valid while this is unchanged.
inline constinit thread_local unsigned long long block_epoch = 0;

/// Atomics and fences executed since the last check for a spin-wait.
inline constinit thread_local unsigned spin_points = 0;
inline constexpr unsigned kSpinPointsPerCheck = 32;
void check_spin();
void trace_spin_point();

/// Called by every operation that a spin-wait may consist of; lets the other threads run once in a while.
inline void spin_point() {
#if defined(__GRIDSTRIDE_PROFILE__)
  trace_spin_point();  // not inlined: it is no way that a warp could go
#else
  if (++spin_points >= kSpinPointsPerCheck) [[unlikely]]
    check_spin();
#endif
}

}  // namespace gridstride::emulator::detail
