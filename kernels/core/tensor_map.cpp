#include "kernels/core/tensor_map.hpp"

#include <stdexcept>
#include <string>

#include "kernels/core/error.hpp"

namespace gridstride {
namespace {

decltype(&cuTensorMapEncodeTiled) driver_function() {
  void* function = nullptr;
  cudaDriverEntryPointQueryResult found{};
#if CUDART_VERSION >= 12050
  GRIDSTRIDE_CUDA(cudaGetDriverEntryPointByVersion("cuTensorMapEncodeTiled", &function, 12000,
                                                   cudaEnableDefault, &found));
#else
  GRIDSTRIDE_CUDA(cudaGetDriverEntryPoint("cuTensorMapEncodeTiled", &function, cudaEnableDefault, &found));
#endif
  if (found != cudaDriverEntryPointSuccess) {
    throw CudaError(cudaErrorNotSupported, "[tensor_map] the driver has no cuTensorMapEncodeTiled");
  }
  return reinterpret_cast<decltype(&cuTensorMapEncodeTiled)>(function);
}

}  // namespace

CUtensorMap make_tensor_map(const TensorBoxes& boxes) {
  static const auto encode = driver_function();
  if (boxes.sizes.size() != boxes.box.size() || boxes.sizes.size() != boxes.strides_bytes.size() + 1) {
    throw std::invalid_argument(
        "[tensor_map] sizes, box and strides disagree about the number of dimensions");
  }
  constexpr uint32_t kEveryElement[5] = {1, 1, 1, 1, 1};
  CUtensorMap map{};
  const CUresult result =
      encode(&map, boxes.type, static_cast<uint32_t>(boxes.sizes.size()), boxes.address, boxes.sizes.data(),
             boxes.strides_bytes.data(), boxes.box.data(), kEveryElement, CU_TENSOR_MAP_INTERLEAVE_NONE,
             boxes.swizzle, CU_TENSOR_MAP_L2_PROMOTION_NONE, CU_TENSOR_MAP_FLOAT_OOB_FILL_NONE);
  if (result != CUDA_SUCCESS) {
    throw std::invalid_argument("[tensor_map] the driver refuses the boxes, CUresult " +
                                std::to_string(result));
  }
  return map;
}

}  // namespace gridstride
