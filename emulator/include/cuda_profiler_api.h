/// What a profiler is to record. There is none here, so both do nothing, as on a GPU without one.
#pragma once
// The toolkit's guard: programs ask for it, and its own headers stand back.
#define __CUDA_PROFILER_API_H__
#include "gridstride/emulator/api_types.hpp"

inline cudaError_t cudaProfilerStart() { return cudaSuccess; }
inline cudaError_t cudaProfilerStop() { return cudaSuccess; }
