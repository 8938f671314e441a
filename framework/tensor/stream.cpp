#include "framework/tensor/stream.hpp"

#include <cstdint>

#include "kernels/core/stream.hpp"

namespace gridstride {
namespace {

// By default CUDA's pool returns its memory to the driver at every synchronization.
void keep_freed_memory() {
  int device = 0;
  cudaMemPool_t pool{};
  uint64_t forever = UINT64_MAX;
  GRIDSTRIDE_CUDA(cudaGetDevice(&device));
  GRIDSTRIDE_CUDA(cudaDeviceGetDefaultMemPool(&pool, device));
  GRIDSTRIDE_CUDA(cudaMemPoolSetAttribute(pool, cudaMemPoolAttrReleaseThreshold, &forever));
}

}  // namespace

cudaStream_t current_stream() {
  // Never destroyed: tensors in static storage may be freed on it after main has returned.
  static Stream* const stream = [] {
    keep_freed_memory();
    return new Stream;
  }();
  return *stream;
}

}  // namespace gridstride
