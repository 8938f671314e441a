// One thread per filter element walks all images.
//
// Each thread owns its sum, so nothing is shared and the order is fixed. But a layer has few filter elements
// and many pixels: 288 threads for the first layer of a digit classifier, each with 10^5 products to add in
// one chain. The GPU stands idle for want of threads, and the long chain costs accuracy too.
#include "kernels/conv2d_wgrad/conv2d_wgrad.hpp"
#include "kernels/core/launch.hpp"
#include "kernels/core/variant.hpp"

namespace gridstride {
namespace {

constexpr int kThreads = 256;

// [kernel]
__global__ void conv2d_wgrad_direct(const float* x, const float* dy, float* dw, Conv2dShape shape, int64_t P,
                                    int64_t Q) {
  const int64_t first = static_cast<int64_t>(blockIdx.x) * blockDim.x + threadIdx.x;
  const int64_t stride = static_cast<int64_t>(gridDim.x) * blockDim.x;
  for (int64_t i = first; i < shape.k * shape.c * shape.r * shape.s; i += stride) {
    const int64_t s = i % shape.s, r = i / shape.s % shape.r;
    const int64_t c = i / (shape.s * shape.r) % shape.c, k = i / (shape.s * shape.r * shape.c);

    float sum = 0;
    for (int64_t n = 0; n < shape.n; ++n) {
      const float* x_plane = x + (n * shape.c + c) * shape.h * shape.w;
      const float* dy_plane = dy + (n * shape.k + k) * P * Q;
      for (int64_t p = 0; p < P; ++p) {
        const int64_t row = p * shape.stride_h - shape.pad_h + r;
        if (row < 0 || row >= shape.h) continue;
        for (int64_t q = 0; q < Q; ++q) {
          const int64_t col = q * shape.stride_w - shape.pad_w + s;
          if (col < 0 || col >= shape.w) continue;
          sum += dy_plane[p * Q + q] * x_plane[row * shape.w + col];
        }
      }
    }
    dw[i] += sum;
  }
}
// [kernel]

void launch(const Conv2dWgrad::Args& args, cudaStream_t stream) {
  const Conv2dShape& shape = args.shape;
  if (shape.w_elems() == 0) return;
  conv2d_wgrad_direct<<<grid_1d(shape.w_elems(), kThreads), kThreads, 0, stream>>>(
      args.x, args.dy, args.dw, shape, shape.p(), shape.q());
  check_launch("conv2d_wgrad/01_direct");
}

GRIDSTRIDE_VARIANT(Conv2dWgrad, .idea = "one thread per filter element walks all images", .launch = launch,
                   .suffers = {"unused-bytes"});

}  // namespace
}  // namespace gridstride
