// cuDNN's graph API, NCHW, in fp32 without TF32: what the ladder is measured against.
//
// Every plan that cuDNN proposes is timed once per shape and the fastest is kept. Its plans for fp32 know no
// bias, so a small kernel follows for the epilogue; it costs one more pass over y.
#include "kernels/conv2d/conv2d.hpp"
#include "kernels/conv2d/cudnn_plan.hpp"
#include "kernels/core/launch.hpp"
#include "kernels/core/variant.hpp"

namespace gridstride::conv {
namespace {

#if GRIDSTRIDE_HAS_CUDNN

constexpr int kThreads = 256;

__global__ void conv2d_cudnn_epilogue(float* y, const float* bias, int64_t elems, int64_t plane,
                                      int64_t filters, bool has_product, bool relu) {
  const int64_t stride = static_cast<int64_t>(gridDim.x) * blockDim.x;
  for (int64_t i = static_cast<int64_t>(blockIdx.x) * blockDim.x + threadIdx.x; i < elems; i += stride) {
    float value = has_product ? y[i] : 0;
    if (bias) value += bias[i / plane % filters];
    y[i] = relu && value < 0 ? 0 : value;
  }
}

void launch(const Conv2d::Args& args, cudaStream_t stream) {
  const Conv2dShape& shape = args.shape;
  if (shape.y_elems() == 0) return;
  const bool has_product = shape.x_elems() > 0 && shape.w_elems() > 0;
  if (has_product) run_cudnn(Pass::forward, shape, args.x, args.w, args.y, stream);
  if (has_product && args.epilogue == Epilogue::none) return;
  conv2d_cudnn_epilogue<<<grid_1d(shape.y_elems(), kThreads), kThreads, 0, stream>>>(
      args.y, args.epilogue == Epilogue::none ? nullptr : args.bias, shape.y_elems(), shape.p() * shape.q(),
      shape.k, has_product, args.epilogue == Epilogue::bias_relu);
  check_launch("conv2d/92_cudnn");
}

std::string unsupported(const Conv2d::Args& args) { return why_not_cudnn(Pass::forward, args.shape); }

#else
constexpr void (*launch)(const Conv2d::Args&, cudaStream_t) = nullptr;
constexpr std::string (*unsupported)(const Conv2d::Args&) = nullptr;
#endif

GRIDSTRIDE_VARIANT(Conv2d, .idea = "the library, fp32 without TF32, its fastest plan",
                   .needs = "cuDNN (a CUDA build)", .library = true, .launch = launch,
                   .unsupported = unsupported);

}  // namespace
}  // namespace gridstride::conv
