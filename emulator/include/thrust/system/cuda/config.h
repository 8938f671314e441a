/// Stands before Thrust's header of this name. That one takes a file whose __CUDA_ARCH__ is defined for
/// device code alone, and leaves out of it what starts kernels; here host and device code are compiled in one
/// go.
#pragma once

#ifdef __CUDACC_RDC__
#include_next <thrust/system/cuda/config.h>
#else
#define __CUDACC_RDC__ 1
#include_next <thrust/system/cuda/config.h>
#undef __CUDACC_RDC__
#endif
