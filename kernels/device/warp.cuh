// What 32 threads can do together without shared memory.
#pragma once

#include <cuda_runtime.h>

namespace gridstride {

inline constexpr int kWarpSize = 32;
inline constexpr unsigned kWholeWarp = 0xffffffffu;

/// Combine one value per lane; every lane gets the result. All 32 lanes must call.
/// The butterfly always pairs the same lanes, so a floating-point result does not depend on timing.
template <class T, class Combine>
__device__ __forceinline__ T warp_reduce(T value, Combine combine) {
  for (int offset = kWarpSize / 2; offset > 0; offset /= 2) {
    value = combine(value, __shfl_xor_sync(kWholeWarp, value, offset));
  }
  return value;
}

__device__ __forceinline__ float warp_sum(float value) {
  return warp_reduce(value, [](float a, float b) { return a + b; });
}

/// NaN lanes are ignored, as fmaxf does.
__device__ __forceinline__ float warp_max(float value) {
  return warp_reduce(value, [](float a, float b) { return fmaxf(a, b); });
}

}  // namespace gridstride
