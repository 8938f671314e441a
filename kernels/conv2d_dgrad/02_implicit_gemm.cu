// The gradient of the data is a convolution too: dy read through the filters turned by 180 degrees.
//
// So the tiled matrix product of the forward pass computes it, once it is told which element of dy a tap
// reads for a pixel of dx: p*sh-ph+r = h solved for p, where that is a whole number. Filters and channels
// swap their roles. At stride 1 nothing is wasted; at stride 2 three of four taps meet no window and multiply
// zeros (splitting dx into its stride_h*stride_w phases would mend that).
#include "kernels/conv2d/implicit_gemm.cuh"
#include "kernels/conv2d_dgrad/conv2d_dgrad.hpp"
#include "kernels/core/variant.hpp"

namespace gridstride {
namespace {

// [kernel]
/// Tap r reaches pixel h from the window p with p*sh = h+ph-r; -1 where there is none.
struct TurnedTaps {
  int stride_h, stride_w, pad_h, pad_w;
  explicit TurnedTaps(const Conv2dShape& shape)
      : stride_h(static_cast<int>(shape.stride_h)),
        stride_w(static_cast<int>(shape.stride_w)),
        pad_h(static_cast<int>(shape.pad_h)),
        pad_w(static_cast<int>(shape.pad_w)) {}
  __device__ int origin_row(int h) const { return h + pad_h; }
  __device__ int origin_col(int w) const { return w + pad_w; }
  __device__ int row(int origin, int r) const { return whole_quotient(origin - r, stride_h); }
  __device__ int col(int origin, int s) const { return whole_quotient(origin - s, stride_w); }
  __device__ static int whole_quotient(int a, int b) { return b == 1 ? a : a % b == 0 ? a / b : -1; }
};
// [kernel]

void launch(const Conv2dDgrad::Args& args, cudaStream_t stream) {
  const Conv2dShape& shape = args.shape;
  if (shape.x_elems() == 0) return;
  conv::Problem problem = conv::Problem::backward(shape);
  problem.source = args.dy, problem.target = args.dx;
  const int64_t filter = shape.r * shape.s;
  conv::launch_implicit_gemm(problem, TurnedTaps(shape), args.w, filter, shape.c * filter, stream);
  check_launch("conv2d_dgrad/02_implicit_gemm");
}

std::string unsupported(const Conv2dDgrad::Args& args) { return args.shape.why_not_tiled(); }

GRIDSTRIDE_VARIANT(Conv2dDgrad, .idea = "the forward pass's matrix product with the taps turned round",
                   .launch = launch, .unsupported = unsupported);

}  // namespace
}  // namespace gridstride
