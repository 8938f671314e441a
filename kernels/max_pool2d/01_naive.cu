// One thread per output element looks at its window and remembers where the largest element was.
//
// The saved argmax is what makes the way back cheap: it needs neither x nor y. The clipping of the window at
// the image's edge is worked out by every thread, and so are three divisions that turn its number into (p,q).
#include "kernels/core/launch.hpp"
#include "kernels/core/variant.hpp"
#include "kernels/max_pool2d/max_pool2d.hpp"
#include "kernels/max_pool2d/maximum.cuh"

namespace gridstride {
namespace {

constexpr int kThreads = 256;

// [kernel]
__global__ void max_pool_naive(const float* x, float* y, int32_t* argmax, Pool2dShape shape, int64_t P,
                               int64_t Q) {
  const int64_t first = static_cast<int64_t>(blockIdx.x) * blockDim.x + threadIdx.x;
  const int64_t stride = static_cast<int64_t>(gridDim.x) * blockDim.x;
  for (int64_t i = first; i < shape.n * shape.c * P * Q; i += stride) {
    const int64_t q = i % Q, p = i / Q % P, plane = i / (P * Q);
    const int64_t top = p * shape.stride_h - shape.pad_h, left = q * shape.stride_w - shape.pad_w;
    const int64_t row0 = max(top, int64_t{0}), row1 = min(top + shape.r, shape.h);
    const int64_t col0 = max(left, int64_t{0}), col1 = min(left + shape.s, shape.w);

    const float* image = x + plane * shape.h * shape.w;
    const auto first_place = static_cast<int32_t>(row0 * shape.w + col0);
    Maximum best{image[first_place], first_place};
    for (int64_t row = row0; row < row1; ++row) {
      for (int64_t col = col0; col < col1; ++col) {
        best.see(image[row * shape.w + col], static_cast<int32_t>(row * shape.w + col));
      }
    }
    y[i] = best.value;
    argmax[i] = best.at;
  }
}
// [kernel]

void launch(const MaxPool2d::Args& args, cudaStream_t stream) {
  const Pool2dShape& shape = args.shape;
  if (shape.y_elems() == 0) return;
  max_pool_naive<<<grid_1d(shape.y_elems(), kThreads), kThreads, 0, stream>>>(args.x, args.y, args.argmax,
                                                                              shape, shape.p(), shape.q());
  check_launch("max_pool2d/01_naive");
}

GRIDSTRIDE_VARIANT(MaxPool2d, .idea = "one thread per window; the winner's place is saved", .launch = launch,
                   .suffers = {"unused-bytes"});

}  // namespace
}  // namespace gridstride
