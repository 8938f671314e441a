// Wrong: dy is read through the filter as it stands, not turned by 180 degrees.
#include "kernels/conv2d_dgrad/conv2d_dgrad.hpp"
#include "kernels/core/launch.hpp"
#include "kernels/core/variant.hpp"

namespace gridstride {
namespace {

constexpr int kThreads = 128;

__global__ void dgrad_unturned_filter(Conv2dDgrad::Args args, int64_t P, int64_t Q) {
  const Conv2dShape& shape = args.shape;
  const int64_t i = static_cast<int64_t>(blockIdx.x) * blockDim.x + threadIdx.x;
  if (i >= shape.n * shape.c * shape.h * shape.w) return;
  const int64_t col = i % shape.w, row = i / shape.w % shape.h;
  const int64_t c = i / (shape.w * shape.h) % shape.c, n = i / (shape.w * shape.h * shape.c);
  float sum = 0;
  for (int64_t k = 0; k < shape.k; ++k) {
    for (int64_t r = 0; r < shape.r; ++r) {
      for (int64_t s = 0; s < shape.s; ++s) {
        const int64_t top = row - shape.pad_h + r, left = col - shape.pad_w + s;
        if (top < 0 || left < 0 || top % shape.stride_h != 0 || left % shape.stride_w != 0) continue;
        const int64_t p = top / shape.stride_h, q = left / shape.stride_w;
        if (p >= P || q >= Q) continue;
        sum += args.dy[((n * shape.k + k) * P + p) * Q + q] *
               args.w[((k * shape.c + c) * shape.r + r) * shape.s + s];
      }
    }
  }
  args.dx[i] = sum;
}

void launch(const Conv2dDgrad::Args& args, cudaStream_t stream) {
  const int64_t elems = args.shape.x_elems();
  if (elems == 0) return;
  dgrad_unturned_filter<<<grid_1d(elems, kThreads), kThreads, 0, stream>>>(args, args.shape.p(),
                                                                           args.shape.q());
  check_launch("conv2d_dgrad/mutant_unturned_filter");
}

GRIDSTRIDE_VARIANT(Conv2dDgrad, .idea = "wrong: the filter is not turned", .launch = launch);

}  // namespace
}  // namespace gridstride
