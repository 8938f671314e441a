// Wrong: the maximum starts at 0, which beats every negative pixel.
#include "kernels/core/launch.hpp"
#include "kernels/core/variant.hpp"
#include "kernels/max_pool2d/max_pool2d.hpp"

namespace gridstride {
namespace {

constexpr int kThreads = 128;

__global__ void max_pool_starts_at_zero(MaxPool2d::Args args, int64_t P, int64_t Q) {
  const Pool2dShape& shape = args.shape;
  const int64_t i = static_cast<int64_t>(blockIdx.x) * blockDim.x + threadIdx.x;
  if (i >= shape.n * shape.c * P * Q) return;
  const int64_t q = i % Q, p = i / Q % P;
  const float* image = args.x + i / (P * Q) * shape.h * shape.w;
  const int64_t top = p * shape.stride_h - shape.pad_h, left = q * shape.stride_w - shape.pad_w;
  float best = 0;
  int64_t winner = max(top, int64_t{0}) * shape.w + max(left, int64_t{0});
  for (int64_t h = max(top, int64_t{0}); h < min(top + shape.r, shape.h); ++h) {
    for (int64_t w = max(left, int64_t{0}); w < min(left + shape.s, shape.w); ++w) {
      if (image[h * shape.w + w] > best) best = image[h * shape.w + w], winner = h * shape.w + w;
    }
  }
  args.y[i] = best;
  args.argmax[i] = static_cast<int32_t>(winner);
}

void launch(const MaxPool2d::Args& args, cudaStream_t stream) {
  const int64_t elems = args.shape.y_elems();
  if (elems == 0) return;
  max_pool_starts_at_zero<<<grid_1d(elems, kThreads), kThreads, 0, stream>>>(args, args.shape.p(),
                                                                             args.shape.q());
  check_launch("max_pool2d/mutant_starts_at_zero");
}

GRIDSTRIDE_VARIANT(MaxPool2d, .idea = "wrong: the maximum starts at zero", .launch = launch);

}  // namespace
}  // namespace gridstride
