// Wrong: nobody clears dx, and pixels that won no window keep what was there.
#include "kernels/core/launch.hpp"
#include "kernels/core/variant.hpp"
#include "kernels/max_pool2d_backward/max_pool2d_backward.hpp"

namespace gridstride {
namespace {

constexpr int kThreads = 128;

__global__ void max_pool_not_zeroed(MaxPool2dBackward::Args args, int64_t P, int64_t Q) {
  const Pool2dShape& shape = args.shape;
  const int64_t i = static_cast<int64_t>(blockIdx.x) * blockDim.x + threadIdx.x;
  if (i >= shape.n * shape.c * P * Q) return;
  const int64_t q = i % Q, p = i / Q % P, at = args.argmax[i];
  const int64_t r = at / shape.w - (p * shape.stride_h - shape.pad_h);
  const int64_t s = at % shape.w - (q * shape.stride_w - shape.pad_w);
  if (at < 0 || at >= shape.h * shape.w || r < 0 || r >= shape.r || s < 0 || s >= shape.s) return;
  float* pixel = args.dx + i / (P * Q) * shape.h * shape.w + at;
  atomicAdd(pixel, args.dy[i]);
}

void launch(const MaxPool2dBackward::Args& args, cudaStream_t stream) {
  if (args.shape.x_elems() == 0) return;
  max_pool_not_zeroed<<<grid_1d(args.shape.y_elems(), kThreads), kThreads, 0, stream>>>(args, args.shape.p(),
                                                                                        args.shape.q());
  check_launch("max_pool2d_backward/mutant_not_zeroed");
}

GRIDSTRIDE_VARIANT(MaxPool2dBackward, .idea = "wrong: dx is not zeroed", .launch = launch);

}  // namespace
}  // namespace gridstride
