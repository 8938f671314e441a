// One thread per pixel asks the windows that cover it whether it won.
//
// Every address has one writer: no atomics, nothing to zero, and the sum's order is fixed. The price is that
// each argmax is read by every pixel of its window, four times for 2 x 2; the caches carry most of that.
#include "kernels/core/launch.hpp"
#include "kernels/core/variant.hpp"
#include "kernels/max_pool2d_backward/max_pool2d_backward.hpp"

namespace gridstride {
namespace {

constexpr int kThreads = 256;

// [kernel]
/// The first of the windows, `size` long and `stride` apart, that reaches `place` in padded coordinates.
__device__ int64_t first_window(int64_t place, int64_t size, int64_t stride) {
  return place < size ? 0 : (place - size) / stride + 1;
}

__global__ void max_pool_gather(const float* dy, const int32_t* argmax, float* dx, Pool2dShape shape,
                                int64_t P, int64_t Q) {
  const int64_t first = static_cast<int64_t>(blockIdx.x) * blockDim.x + threadIdx.x;
  const int64_t stride = static_cast<int64_t>(gridDim.x) * blockDim.x;
  for (int64_t i = first; i < shape.n * shape.c * shape.h * shape.w; i += stride) {
    const int64_t plane = i / (shape.h * shape.w);
    const int64_t place = i - plane * shape.h * shape.w;
    const int64_t row = place / shape.w + shape.pad_h, col = place % shape.w + shape.pad_w;
    const int64_t p1 = min(row / shape.stride_h, P - 1), q1 = min(col / shape.stride_w, Q - 1);

    float sum = 0;
    for (int64_t p = first_window(row, shape.r, shape.stride_h); p <= p1; ++p) {
      for (int64_t q = first_window(col, shape.s, shape.stride_w); q <= q1; ++q) {
        const int64_t window = (plane * P + p) * Q + q;
        if (argmax[window] == place) sum += dy[window];
      }
    }
    dx[i] = sum;
  }
}
// [kernel]

void launch(const MaxPool2dBackward::Args& args, cudaStream_t stream) {
  const Pool2dShape& shape = args.shape;
  if (shape.x_elems() == 0) return;
  max_pool_gather<<<grid_1d(shape.x_elems(), kThreads), kThreads, 0, stream>>>(args.dy, args.argmax, args.dx,
                                                                               shape, shape.p(), shape.q());
  check_launch("max_pool2d_backward/02_gather");
}

GRIDSTRIDE_VARIANT(MaxPool2dBackward, .idea = "every pixel asks the windows that cover it", .launch = launch);

}  // namespace
}  // namespace gridstride
