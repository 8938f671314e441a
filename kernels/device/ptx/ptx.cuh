// How the functions of this folder choose between an instruction and its twin.
//
// Each function is one PTX instruction, and has three bodies:
//
//   #if GRIDSTRIDE_PTX(800)     inline PTX, where the architecture has the instruction (here from sm_80 on)
//   #elif GRIDSTRIDE_TWINS      C++ that does what the PTX manual says; <cuda_runtime.h> asks for it where
//                               the device has no PTX, and offers gridstride::twin to write it with
//   #else                       an older architecture: missing() ends a kernel that gets here
//
// Operands in shared memory are 32-bit addresses, as PTX has them. Where a rule of the manual can be checked,
// a twin ends the kernel that breaks it.
#pragma once

#include <cuda_runtime.h>

#include <cstdint>
#include <cstdio>

#ifdef GRIDSTRIDE_TWINS
#define GRIDSTRIDE_PTX(architecture) 0
#define GRIDSTRIDE_PTX_90A 0
#define GRIDSTRIDE_PTX_MULTICAST 0
#else
#define GRIDSTRIDE_TWINS 0
#define GRIDSTRIDE_PTX(architecture) (__CUDA_ARCH__ >= (architecture))
#ifdef __CUDA_ARCH_FEAT_SM90_ALL  // wgmma and setmaxnreg are for sm_90a alone, or for its successors' likes
#define GRIDSTRIDE_PTX_90A 1
#else
#define GRIDSTRIDE_PTX_90A 0
#endif
// ptxas takes multicast for other architectures with an advisory only.
#if defined(__CUDA_ARCH_FEAT_SM90_ALL) || defined(__CUDA_ARCH_FEAT_SM100_ALL) || \
    defined(__CUDA_ARCH_FEAT_SM103_ALL)
#define GRIDSTRIDE_PTX_MULTICAST 1
#else
#define GRIDSTRIDE_PTX_MULTICAST 0
#endif
#endif

namespace gridstride::ptx {

/// What a kernel ends with that was compiled for an architecture without the instruction.
__device__ inline void missing(const char* instruction, const char* needs) {
  printf("%s needs %s; this kernel was compiled for an architecture without it\n", instruction, needs);
  __trap();
}

/// The address by which instructions know a place in this block's shared memory.
__device__ __forceinline__ uint32_t shared_address(const void* shared) {
  return static_cast<uint32_t>(__cvta_generic_to_shared(shared));
}

/// This thread's place in its warp.
__device__ __forceinline__ int lane() {
  const unsigned rank = threadIdx.x + blockDim.x * (threadIdx.y + blockDim.y * threadIdx.z);
  return static_cast<int>(rank % 32);
}

}  // namespace gridstride::ptx
