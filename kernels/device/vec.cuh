// 16 bytes per thread in one instruction: fewer instructions in flight for the same bytes.
#pragma once

#include <cuda_runtime.h>

#include <cstdint>

namespace gridstride {

/// Whether every pointer may be dereferenced as float4; asked by launchers, on the host.
template <class... T>
inline bool aligned_for_float4(const T*... pointers) {
  return ((reinterpret_cast<std::uintptr_t>(pointers) % alignof(float4) == 0) && ...);
}

/// How many whole float4 lie in n elements, or none if a pointer forbids them. The rest is left to a scalar
/// loop.
template <class... T>
inline int64_t float4_count(int64_t n, const T*... pointers) {
  return aligned_for_float4(pointers...) ? n / 4 : 0;
}

/// f(a.x, b.x, ...), then y, z and w. The arguments may be changed in place.
template <class F, class... Float4>
__device__ __forceinline__ void each4(F f, Float4&... v) {
  f(v.x...);
  f(v.y...);
  f(v.z...);
  f(v.w...);
}

}  // namespace gridstride
