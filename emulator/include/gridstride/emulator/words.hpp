/// CUDA's words in a file that is not translated: a .cpp that includes headers which it shares with .cu
/// files.
#pragma once

#if !defined(__GRIDSTRIDE_TRANSLATES__)
#define __host__
#define __device__
#define __global__
#define __constant__
#define __managed__
#define __grid_constant__
#define __launch_bounds__(...)
#define __forceinline__ inline __attribute__((always_inline))
#define __align__(n) __attribute__((aligned(n)))
#endif
