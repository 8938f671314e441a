// Small instructions that steer warps: who issues, with how many registers, after which kernel.
#pragma once

#include "kernels/device/ptx/twin.cuh"

namespace gridstride::ptx {

/// elect.sync: true in one lane of a whole warp, always the same one.
/// Source: PTX ISA, Parallel Synchronization and Communication Instructions: elect.sync
__device__ __forceinline__ bool elect_sync() {
#if GRIDSTRIDE_PTX(900)
  uint32_t elected;
  asm volatile(
      "{\n"
      ".reg .pred p;\n"
      "elect.sync _|p, 0xffffffff;\n"
      "selp.u32 %0, 1, 0, p;\n"
      "}"
      : "=r"(elected));
  return elected != 0;
#elif GRIDSTRIDE_TWINS
  __syncwarp();
  return lane() == 0;
#else
  missing("elect.sync", "sm_90");
  return false;
#endif
}

/// setmaxnreg.inc: this warp group may use so many registers per thread; waits until they are free.
/// Source: PTX ISA, Miscellaneous Instructions: setmaxnreg
template <int kRegisters>
__device__ __forceinline__ void setmaxnreg_inc() {
  static_assert(kRegisters % 8 == 0 && kRegisters >= 24 && kRegisters <= 256, "24 to 256, a multiple of 8");
#if GRIDSTRIDE_PTX_90A
  asm volatile("setmaxnreg.inc.sync.aligned.u32 %0;" ::"n"(kRegisters));
#elif !GRIDSTRIDE_TWINS
  missing("setmaxnreg", "sm_90a");
#endif
}

/// setmaxnreg.dec: gives registers back.
template <int kRegisters>
__device__ __forceinline__ void setmaxnreg_dec() {
  static_assert(kRegisters % 8 == 0 && kRegisters >= 24 && kRegisters <= 256, "24 to 256, a multiple of 8");
#if GRIDSTRIDE_PTX_90A
  asm volatile("setmaxnreg.dec.sync.aligned.u32 %0;" ::"n"(kRegisters));
#elif !GRIDSTRIDE_TWINS
  missing("setmaxnreg", "sm_90a");
#endif
}

/// griddepcontrol.wait: until the kernels before, if they let this one start early, have ended. Twins start a
/// kernel when that is so.
/// Source: PTX ISA, Parallel Synchronization and Communication Instructions: griddepcontrol
__device__ __forceinline__ void griddepcontrol_wait() {
#if GRIDSTRIDE_PTX(900)
  asm volatile("griddepcontrol.wait;" ::: "memory");
#elif !GRIDSTRIDE_TWINS
  missing("griddepcontrol", "sm_90");
#endif
}

/// griddepcontrol.launch_dependents: the next kernel may start as far as this block is concerned.
__device__ __forceinline__ void griddepcontrol_launch_dependents() {
#if GRIDSTRIDE_PTX(900)
  asm volatile("griddepcontrol.launch_dependents;" ::: "memory");
#elif !GRIDSTRIDE_TWINS
  missing("griddepcontrol", "sm_90");
#endif
}

}  // namespace gridstride::ptx
