// Where windows do not overlap, a pixel has one window, and that window writes all of its pixels.
//
// The usual pooling has a stride as large as its window. Then dy and argmax are read once, every pixel is
// written once, and nobody searches: the least traffic there can be. Pixels between or behind the windows, if
// there are any, get their zeros from a memset.
#include "kernels/core/launch.hpp"
#include "kernels/core/variant.hpp"
#include "kernels/max_pool2d/strips.cuh"
#include "kernels/max_pool2d_backward/max_pool2d_backward.hpp"

namespace gridstride {
namespace {

constexpr int kThreads = 256;

// [kernel]
__global__ void max_pool_disjoint(const float* dy, const int32_t* argmax, float* dx, PoolStrips pool) {
  const int64_t first = static_cast<int64_t>(blockIdx.x) * blockDim.x + threadIdx.x;
  const int64_t stride = static_cast<int64_t>(gridDim.x) * blockDim.x;
  for (int64_t i = first; i < pool.count(); i += stride) {
    const int64_t n = i / pool.per_plane;
    const int strip = static_cast<int>(i - n * pool.per_plane);
    const int q = strip % pool.q, p0 = strip / pool.q * PoolStrips::kStrip;
    const int left = q * pool.stride_w - pool.pad_w;
    const int col0 = max(left, 0), col1 = min(left + pool.s, pool.w);
    float* image = dx + n * pool.h * pool.w;
    for (int p = p0; p < min(p0 + PoolStrips::kStrip, pool.p); ++p) {
      const int top = p * pool.stride_h - pool.pad_h;
      const int row1 = min(top + pool.r, pool.h);
      const int64_t window = (n * pool.p + p) * pool.q + q;
      const float gradient = dy[window];
      const int winner = argmax[window];
      for (int row = max(top, 0); row < row1; ++row) {
        for (int col = col0; col < col1; ++col) {
          const int place = row * pool.w + col;
          image[place] = place == winner ? gradient : 0;
        }
      }
    }
  }
}
// [kernel]

bool windows_cover_image(const Pool2dShape& shape) {
  return shape.stride_h == shape.r && shape.stride_w == shape.s &&
         shape.p() * shape.r - shape.pad_h >= shape.h && shape.q() * shape.s - shape.pad_w >= shape.w;
}

void launch(const MaxPool2dBackward::Args& args, cudaStream_t stream) {
  const Pool2dShape& shape = args.shape;
  if (shape.x_elems() == 0) return;
  if (!windows_cover_image(shape)) {
    const auto bytes = static_cast<std::size_t>(shape.x_elems()) * sizeof(float);
    GRIDSTRIDE_CUDA(cudaMemsetAsync(args.dx, 0, bytes, stream));
  }
  const PoolStrips pool(shape);
  max_pool_disjoint<<<grid_1d(pool.count(), kThreads), kThreads, 0, stream>>>(args.dy, args.argmax, args.dx,
                                                                              pool);
  check_launch("max_pool2d_backward/03_disjoint_windows");
}

std::string unsupported(const MaxPool2dBackward::Args& args) {
  const Pool2dShape& shape = args.shape;
  if (shape.stride_h >= shape.r && shape.stride_w >= shape.s) return {};
  return "windows of " + std::to_string(shape.r) + " x " + std::to_string(shape.s) + " overlap at stride " +
         std::to_string(shape.stride_h) + " x " + std::to_string(shape.stride_w);
}

GRIDSTRIDE_VARIANT(MaxPool2dBackward, .idea = "windows that do not overlap write their own pixels",
                   .launch = launch, .unsupported = unsupported);

}  // namespace
}  // namespace gridstride
