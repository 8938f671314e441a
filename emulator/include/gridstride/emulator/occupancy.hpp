/// How many blocks of a kernel a processor of the chosen GPU holds at once. Registers are not known to us, so
/// that a GPU may hold fewer.
#pragma once

#include <cstddef>

#include "gridstride/emulator/api.hpp"

namespace gridstride::emulator::detail {

cudaError_t occupancy(int* blocks, KernelHandle* kernel, int block_size, std::size_t shared_bytes);
cudaError_t available_shared(std::size_t* bytes, KernelHandle* kernel, int blocks, int block_size);

/// The largest of the block sizes that put the most threads on a processor.
template <class SharedBytes>
cudaError_t best_block_size(int* grid_size, int* block_size, KernelHandle* kernel, SharedBytes shared_bytes,
                            int limit) {
  constexpr int kWarp = 32;
  constexpr int kMost = 1024;
  if (grid_size == nullptr || block_size == nullptr) return cudaErrorInvalidValue;
  int processors = 0;
  cudaDeviceGetAttribute(&processors, cudaDevAttrMultiProcessorCount, 0);
  const int most = limit > 0 && limit < kMost ? limit : kMost;
  int best_threads = 0;
  for (int size = most; size > 0; size = (size - 1) / kWarp * kWarp) {
    int blocks = 0;
    const cudaError_t error = occupancy(&blocks, kernel, size, static_cast<std::size_t>(shared_bytes(size)));
    if (error != cudaSuccess) return error;
    if (blocks * size <= best_threads) continue;
    best_threads = blocks * size;
    *block_size = size;
    *grid_size = blocks * processors;
  }
  return best_threads == 0 ? cudaErrorInvalidConfiguration : cudaSuccess;
}

}  // namespace gridstride::emulator::detail

template <class... P>
cudaError_t cudaOccupancyMaxActiveBlocksPerMultiprocessor(int* blocks, void (*kernel)(P...), int block_size,
                                                          std::size_t dynamic_shared_bytes) {
  using namespace gridstride::emulator::detail;
  return occupancy(blocks, identify(kernel), block_size, dynamic_shared_bytes);
}
template <class... P>
cudaError_t cudaOccupancyMaxActiveBlocksPerMultiprocessorWithFlags(int* blocks, void (*kernel)(P...),
                                                                   int block_size,
                                                                   std::size_t dynamic_shared_bytes,
                                                                   unsigned) {
  return cudaOccupancyMaxActiveBlocksPerMultiprocessor(blocks, kernel, block_size, dynamic_shared_bytes);
}
template <class... P>
cudaError_t cudaOccupancyAvailableDynamicSMemPerBlock(std::size_t* bytes, void (*kernel)(P...), int blocks,
                                                      int block_size) {
  using namespace gridstride::emulator::detail;
  return available_shared(bytes, identify(kernel), blocks, block_size);
}

template <class SharedBytes, class... P>
cudaError_t cudaOccupancyMaxPotentialBlockSizeVariableSMem(int* grid_size, int* block_size,
                                                           void (*kernel)(P...), SharedBytes shared_bytes,
                                                           int block_size_limit = 0) {
  using namespace gridstride::emulator::detail;
  return best_block_size(grid_size, block_size, identify(kernel), shared_bytes, block_size_limit);
}
template <class SharedBytes, class... P>
cudaError_t cudaOccupancyMaxPotentialBlockSizeVariableSMemWithFlags(int* grid_size, int* block_size,
                                                                    void (*kernel)(P...),
                                                                    SharedBytes shared_bytes,
                                                                    int block_size_limit = 0, unsigned = 0) {
  return cudaOccupancyMaxPotentialBlockSizeVariableSMem(grid_size, block_size, kernel, shared_bytes,
                                                        block_size_limit);
}
template <class... P>
cudaError_t cudaOccupancyMaxPotentialBlockSize(int* grid_size, int* block_size, void (*kernel)(P...),
                                               std::size_t dynamic_shared_bytes = 0,
                                               int block_size_limit = 0) {
  return cudaOccupancyMaxPotentialBlockSizeVariableSMem(
      grid_size, block_size, kernel, [=](int) { return dynamic_shared_bytes; }, block_size_limit);
}
template <class... P>
cudaError_t cudaOccupancyMaxPotentialBlockSizeWithFlags(int* grid_size, int* block_size, void (*kernel)(P...),
                                                        std::size_t dynamic_shared_bytes = 0,
                                                        int block_size_limit = 0, unsigned = 0) {
  return cudaOccupancyMaxPotentialBlockSize(grid_size, block_size, kernel, dynamic_shared_bytes,
                                            block_size_limit);
}
