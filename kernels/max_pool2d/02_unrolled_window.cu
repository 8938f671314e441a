// The usual windows, 2 x 2 and 3 x 3, are compiled in, and a thread takes four windows one below the other.
//
// With its size known the window's loops unroll: its loads are in flight together instead of one after the
// other, and windows inside the image skip the clipping. The divisions are paid once per four outputs. Lanes
// still run along q, so loads and stores stay coalesced. Other sizes run through the same code, not unrolled.
#include "kernels/core/launch.hpp"
#include "kernels/core/variant.hpp"
#include "kernels/max_pool2d/max_pool2d.hpp"
#include "kernels/max_pool2d/maximum.cuh"
#include "kernels/max_pool2d/strips.cuh"

namespace gridstride {
namespace {

constexpr int kThreads = 256;

// [kernel]
/// kWindow x kWindow, or r x s where kWindow is 0.
template <int kWindow>
__global__ void max_pool_unrolled(const float* x, float* y, int32_t* argmax, PoolStrips pool) {
  const int r = kWindow ? kWindow : pool.r, s = kWindow ? kWindow : pool.s;
  const int64_t first = static_cast<int64_t>(blockIdx.x) * blockDim.x + threadIdx.x;
  const int64_t stride = static_cast<int64_t>(gridDim.x) * blockDim.x;
  for (int64_t i = first; i < pool.count(); i += stride) {
    const int64_t n = i / pool.per_plane;
    const int strip = static_cast<int>(i - n * pool.per_plane);
    const int q = strip % pool.q, p0 = strip / pool.q * PoolStrips::kStrip;
    const float* image = x + n * pool.h * pool.w;
    const int left = q * pool.stride_w - pool.pad_w;
    const int col0 = max(left, 0), col1 = min(left + s, pool.w);
    for (int p = p0; p < min(p0 + PoolStrips::kStrip, pool.p); ++p) {
      const int top = p * pool.stride_h - pool.pad_h;
      const int row0 = max(top, 0), row1 = min(top + r, pool.h);
      Maximum best{image[row0 * pool.w + col0], row0 * pool.w + col0};
      if (kWindow && row1 - row0 == r && col1 - col0 == s) {
#pragma unroll
        for (int row = 0; row < kWindow; ++row) {
#pragma unroll
          for (int col = 0; col < kWindow; ++col) {
            const int place = (top + row) * pool.w + left + col;
            best.see(image[place], place);
          }
        }
      } else {
        for (int row = row0; row < row1; ++row) {
          for (int col = col0; col < col1; ++col) best.see(image[row * pool.w + col], row * pool.w + col);
        }
      }
      const int64_t to = (n * pool.p + p) * pool.q + q;
      y[to] = best.value;
      argmax[to] = best.at;
    }
  }
}
// [kernel]

void launch(const MaxPool2d::Args& args, cudaStream_t stream) {
  const Pool2dShape& shape = args.shape;
  if (shape.y_elems() == 0) return;
  const PoolStrips pool(shape);
  const bool square = shape.r == shape.s;
  const auto kernel = square && shape.r == 2   ? max_pool_unrolled<2>
                      : square && shape.r == 3 ? max_pool_unrolled<3>
                                               : max_pool_unrolled<0>;
  kernel<<<grid_1d(pool.count(), kThreads), kThreads, 0, stream>>>(args.x, args.y, args.argmax, pool);
  check_launch("max_pool2d/02_unrolled_window");
}

GRIDSTRIDE_VARIANT(MaxPool2d, .idea = "2x2 and 3x3 windows unrolled, four of them per thread",
                   .launch = launch, .suffers = {"unused-bytes"});

}  // namespace
}  // namespace gridstride
