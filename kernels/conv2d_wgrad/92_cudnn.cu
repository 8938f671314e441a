// cuDNN's graph API, NCHW, in fp32 without TF32: what the ladder is measured against.
//
// Its fp32 plans overwrite dw, while a gradient accumulates: the result goes aside and is added.
#include "kernels/conv2d/cudnn_plan.hpp"
#include "kernels/conv2d_wgrad/conv2d_wgrad.hpp"
#include "kernels/core/buffer.hpp"
#include "kernels/core/launch.hpp"
#include "kernels/core/variant.hpp"

namespace gridstride::conv {
namespace {

#if GRIDSTRIDE_HAS_CUDNN

constexpr int kThreads = 256;

__global__ void wgrad_cudnn_accumulate(const float* sum, float* dw, int64_t elems) {
  const int64_t stride = static_cast<int64_t>(gridDim.x) * blockDim.x;
  for (int64_t i = static_cast<int64_t>(blockIdx.x) * blockDim.x + threadIdx.x; i < elems; i += stride) {
    dw[i] += sum[i];
  }
}

void launch(const Conv2dWgrad::Args& args, cudaStream_t stream) {
  const Conv2dShape& shape = args.shape;
  if (shape.x_elems() == 0 || shape.w_elems() == 0 || shape.y_elems() == 0) return;
  DeviceBuffer<float> sum(shape.w_elems(), stream);
  run_cudnn(Pass::filter, shape, args.x, sum.data(), args.dy, stream);
  wgrad_cudnn_accumulate<<<grid_1d(shape.w_elems(), kThreads), kThreads, 0, stream>>>(sum.data(), args.dw,
                                                                                      shape.w_elems());
  check_launch("conv2d_wgrad/92_cudnn");
}

std::string unsupported(const Conv2dWgrad::Args& args) { return why_not_cudnn(Pass::filter, args.shape); }

#else
constexpr void (*launch)(const Conv2dWgrad::Args&, cudaStream_t) = nullptr;
constexpr std::string (*unsupported)(const Conv2dWgrad::Args&) = nullptr;
#endif

GRIDSTRIDE_VARIANT(Conv2dWgrad, .idea = "the library, fp32 without TF32, its fastest plan",
                   .needs = "cuDNN (a CUDA build)", .library = true, .deterministic = false, .launch = launch,
                   .unsupported = unsupported);

}  // namespace
}  // namespace gridstride::conv
