#pragma once

#if GRIDSTRIDE_HAS_THRUST
#include <thrust/execution_policy.h>

#include "kernels/core/error.hpp"

namespace gridstride {

/// Thrust's policy for work behind what `stream` holds. Its CUDA back end takes the stream; the others
/// compute on the calling thread's side, so the stream is waited for here.
inline auto thrust_policy([[maybe_unused]] cudaStream_t stream) {
#if THRUST_DEVICE_SYSTEM == THRUST_DEVICE_SYSTEM_CUDA
  return thrust::cuda::par_nosync.on(stream);
#else
  GRIDSTRIDE_CUDA(cudaStreamSynchronize(stream));
  return thrust::device;
#endif
}

}  // namespace gridstride
#endif
