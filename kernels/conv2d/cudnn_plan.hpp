#pragma once

#if GRIDSTRIDE_HAS_CUDNN
#include <cuda_runtime.h>

#include <string>

#include "kernels/conv2d/shape.hpp"

namespace gridstride::conv {

/// Which of the three tensors of a convolution is computed from the other two.
enum class Pass { forward, data, filter };

/// Let cuDNN's graph API compute one tensor, overwriting it: fp32, NCHW, no TF32. The first call for a shape
/// times every plan that the heuristics propose, and the fastest is kept.
void run_cudnn(Pass pass, const Conv2dShape& shape, const float* x, const float* w, const float* y,
               cudaStream_t stream);

/// Why cuDNN cannot do it; empty if it can.
std::string why_not_cudnn(Pass pass, const Conv2dShape& shape);

}  // namespace gridstride::conv
#endif
