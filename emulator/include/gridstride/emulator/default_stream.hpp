/// What streams tell of themselves, and which stream is the default one.
///
/// With CUDA_API_PER_THREAD_DEFAULT_STREAM (nvcc's --default-stream per-thread) stream 0 is the calling host
/// thread's own stream. One source file that asks for it decides for the whole program.
#pragma once

#include <cstddef>

#include "gridstride/emulator/api_types.hpp"

cudaError_t cudaStreamGetPriority(cudaStream_t stream, int* priority);
cudaError_t cudaStreamGetDevice(cudaStream_t stream, int* device);
cudaError_t cudaStreamGetId(cudaStream_t stream, unsigned long long* id);
cudaError_t cudaStreamAttachMemAsync(cudaStream_t stream, void* pointer, std::size_t bytes = 0,
                                     unsigned flags = cudaMemAttachSingle);
template <class T>
cudaError_t cudaStreamAttachMemAsync(cudaStream_t stream, T* pointer, std::size_t bytes = 0,
                                     unsigned flags = cudaMemAttachSingle) {
  return cudaStreamAttachMemAsync(stream, static_cast<void*>(pointer), bytes, flags);
}

namespace gridstride::emulator::detail {

bool use_per_thread_default_stream();
#if defined(CUDA_API_PER_THREAD_DEFAULT_STREAM)
inline const bool per_thread_default_stream = use_per_thread_default_stream();
#endif

}  // namespace gridstride::emulator::detail
