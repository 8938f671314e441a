// cuDNN's graph API, NCHW, in fp32 without TF32: what the ladder is measured against.
#include "kernels/conv2d/cudnn_plan.hpp"
#include "kernels/conv2d_dgrad/conv2d_dgrad.hpp"
#include "kernels/core/error.hpp"
#include "kernels/core/variant.hpp"

namespace gridstride::conv {
namespace {

#if GRIDSTRIDE_HAS_CUDNN

void launch(const Conv2dDgrad::Args& args, cudaStream_t stream) {
  const Conv2dShape& shape = args.shape;
  if (shape.x_elems() == 0) return;
  if (shape.y_elems() == 0) {  // an empty sum, which cuDNN does not take
    const auto bytes = static_cast<std::size_t>(shape.x_elems()) * sizeof(float);
    GRIDSTRIDE_CUDA(cudaMemsetAsync(args.dx, 0, bytes, stream));
    return;
  }
  run_cudnn(Pass::data, shape, args.dx, args.w, args.dy, stream);
}

std::string unsupported(const Conv2dDgrad::Args& args) { return why_not_cudnn(Pass::data, args.shape); }

#else
constexpr void (*launch)(const Conv2dDgrad::Args&, cudaStream_t) = nullptr;
constexpr std::string (*unsupported)(const Conv2dDgrad::Args&) = nullptr;
#endif

GRIDSTRIDE_VARIANT(Conv2dDgrad, .idea = "the library, fp32 without TF32, its fastest plan",
                   .needs = "cuDNN (a CUDA build)", .library = true, .deterministic = false, .launch = launch,
                   .unsupported = unsupported);

}  // namespace
}  // namespace gridstride::conv
