// What a block can do together: shuffles inside each warp, shared memory between the warps.
#pragma once

#include "kernels/device/warp.cuh"

namespace gridstride {

/// Sum one value per thread; thread 0 gets the result. All threads of a one-dimensional block of kThreads
/// must call, as often as they like.
template <int kThreads>
__device__ __forceinline__ float block_sum(float value) {
  static_assert(kThreads % kWarpSize == 0 && kThreads <= kWarpSize * kWarpSize);
  constexpr int kWarps = kThreads / kWarpSize;
  __shared__ float s_warp[kWarps];
  const int lane = static_cast<int>(threadIdx.x) % kWarpSize;
  const int warp = static_cast<int>(threadIdx.x) / kWarpSize;

  value = warp_sum(value);
  __syncthreads();  // an earlier call may still be reading s_warp
  if (lane == 0) s_warp[warp] = value;
  __syncthreads();
  if (warp == 0) value = warp_sum(lane < kWarps ? s_warp[lane] : 0.0f);
  return value;
}

}  // namespace gridstride
