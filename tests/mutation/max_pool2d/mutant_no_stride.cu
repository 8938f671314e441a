// Wrong: the windows move on by one pixel, whatever the stride.
#include "kernels/core/launch.hpp"
#include "kernels/core/variant.hpp"
#include "kernels/max_pool2d/max_pool2d.hpp"

namespace gridstride {
namespace {

constexpr int kThreads = 128;

__global__ void max_pool_no_stride(MaxPool2d::Args args, int64_t P, int64_t Q) {
  const Pool2dShape& shape = args.shape;
  const int64_t i = static_cast<int64_t>(blockIdx.x) * blockDim.x + threadIdx.x;
  if (i >= shape.n * shape.c * P * Q) return;
  const int64_t q = i % Q, p = i / Q % P;
  const float* image = args.x + i / (P * Q) * shape.h * shape.w;
  float best = 0;
  int64_t winner = -1;
  for (int64_t r = 0; r < shape.r; ++r) {
    for (int64_t s = 0; s < shape.s; ++s) {
      const int64_t h = p - shape.pad_h + r, w = q - shape.pad_w + s;
      if (h < 0 || h >= shape.h || w < 0 || w >= shape.w) continue;
      if (winner < 0 || image[h * shape.w + w] > best)
        best = image[h * shape.w + w], winner = h * shape.w + w;
    }
  }
  args.y[i] = best;
  args.argmax[i] = static_cast<int32_t>(winner);
}

void launch(const MaxPool2d::Args& args, cudaStream_t stream) {
  const int64_t elems = args.shape.y_elems();
  if (elems == 0) return;
  max_pool_no_stride<<<grid_1d(elems, kThreads), kThreads, 0, stream>>>(args, args.shape.p(), args.shape.q());
  check_launch("max_pool2d/mutant_no_stride");
}

GRIDSTRIDE_VARIANT(MaxPool2d, .idea = "wrong: the stride is forgotten", .launch = launch);

}  // namespace
}  // namespace gridstride
