/// What a profiler is to record. There is none here, so both do nothing, as on a GPU without one.
#pragma once
#include "gridstride/emulator/api_types.hpp"

inline cudaError_t cudaProfilerStart() { return cudaSuccess; }
inline cudaError_t cudaProfilerStop() { return cudaSuccess; }
