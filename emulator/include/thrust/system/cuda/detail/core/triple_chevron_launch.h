/// Stands in for Thrust's header of this name, which starts kernels from device code wherever __CUDA_ARCH__
/// is defined. CUB and Thrust launch through this class.
#pragma once

#include <cuda_runtime.h>
#include <thrust/detail/config.h>

#include <cstddef>

THRUST_NAMESPACE_BEGIN
namespace cuda_cub::launcher {

struct triple_chevron {
  dim3 grid, block;
  std::size_t shared_mem = 0;
  cudaStream_t stream = nullptr;

  triple_chevron(dim3 blocks, dim3 threads, std::size_t shared_bytes = 0, cudaStream_t on = nullptr)
      : grid(blocks), block(threads), shared_mem(shared_bytes), stream(on) {}

  template <class Kernel, class... Args>
  cudaError_t doit(Kernel kernel, const Args&... args) const {
    kernel<<<grid, block, shared_mem, stream>>>(args...);
    return cudaPeekAtLastError();
  }
};

}  // namespace cuda_cub::launcher
THRUST_NAMESPACE_END
