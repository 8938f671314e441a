#pragma once

#include <cuda.h>
#include <cuda_runtime.h>

#include <cstdint>
#include <span>

namespace gridstride {

/// A tensor in global memory, and the box of it that one instruction of tensor_copy.cuh moves.
struct TensorBoxes {
  void* address = nullptr;  // a multiple of 16
  CUtensorMapDataType type{};
  std::span<const uint64_t> sizes;          // in elements, the dimension whose elements are neighbours first
  std::span<const uint64_t> strides_bytes;  // of the other dimensions, multiples of 16
  std::span<const uint32_t> box;            // in elements, each at most 256
  CUtensorMapSwizzle swizzle = CU_TENSOR_MAP_SWIZZLE_NONE;
};

/// What a kernel takes as a `const __grid_constant__ CUtensorMap`. The driver's function is asked for at run
/// time, so nothing links with the driver's library. Throws CudaError when it is missing,
/// std::invalid_argument when the driver refuses the boxes.
CUtensorMap make_tensor_map(const TensorBoxes& boxes);

}  // namespace gridstride
