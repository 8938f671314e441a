// Wrong: dw is overwritten where the gradient has to be added to it.
#include "kernels/conv2d_wgrad/conv2d_wgrad.hpp"
#include "kernels/core/launch.hpp"
#include "kernels/core/variant.hpp"

namespace gridstride {
namespace {

constexpr int kThreads = 128;

__global__ void wgrad_overwrites(Conv2dWgrad::Args args, int64_t P, int64_t Q) {
  const Conv2dShape& shape = args.shape;
  const int64_t i = static_cast<int64_t>(blockIdx.x) * blockDim.x + threadIdx.x;
  if (i >= shape.k * shape.c * shape.r * shape.s) return;
  const int64_t s = i % shape.s, r = i / shape.s % shape.r;
  const int64_t c = i / (shape.s * shape.r) % shape.c, k = i / (shape.s * shape.r * shape.c);
  float sum = 0;
  for (int64_t n = 0; n < shape.n; ++n) {
    for (int64_t p = 0; p < P; ++p) {
      for (int64_t q = 0; q < Q; ++q) {
        const int64_t h = p * shape.stride_h - shape.pad_h + r, w = q * shape.stride_w - shape.pad_w + s;
        if (h < 0 || h >= shape.h || w < 0 || w >= shape.w) continue;
        sum += args.dy[((n * shape.k + k) * P + p) * Q + q] *
               args.x[((n * shape.c + c) * shape.h + h) * shape.w + w];
      }
    }
  }
  args.dw[i] = sum;
}

void launch(const Conv2dWgrad::Args& args, cudaStream_t stream) {
  const int64_t elems = args.shape.w_elems();
  if (elems == 0) return;
  wgrad_overwrites<<<grid_1d(elems, kThreads), kThreads, 0, stream>>>(args, args.shape.p(), args.shape.q());
  check_launch("conv2d_wgrad/mutant_overwrites");
}

GRIDSTRIDE_VARIANT(Conv2dWgrad, .idea = "wrong: dw is not accumulated", .launch = launch);

}  // namespace
}  // namespace gridstride
