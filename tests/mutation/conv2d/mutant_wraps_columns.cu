// Wrong: rows are kept inside the image, columns are not: the left padding reads the end of the row above.
#include "kernels/conv2d/conv2d.hpp"
#include "kernels/core/launch.hpp"
#include "kernels/core/variant.hpp"

namespace gridstride {
namespace {

constexpr int kThreads = 128;

__global__ void conv2d_wraps_columns(Conv2d::Args args, int64_t P, int64_t Q) {
  const Conv2dShape& shape = args.shape;
  const int64_t i = static_cast<int64_t>(blockIdx.x) * blockDim.x + threadIdx.x;
  if (i >= shape.n * shape.k * P * Q) return;
  const int64_t q = i % Q, p = i / Q % P, k = i / (P * Q) % shape.k, n = i / (P * Q * shape.k);
  float sum = 0;
  for (int64_t c = 0; c < shape.c; ++c) {
    for (int64_t r = 0; r < shape.r; ++r) {
      for (int64_t s = 0; s < shape.s; ++s) {
        const int64_t h = p * shape.stride_h - shape.pad_h + r, w = q * shape.stride_w - shape.pad_w + s;
        if (h < 0 || h >= shape.h || h * shape.w + w < 0 || h * shape.w + w >= shape.h * shape.w) continue;
        sum += args.x[((n * shape.c + c) * shape.h + h) * shape.w + w] *
               args.w[((k * shape.c + c) * shape.r + r) * shape.s + s];
      }
    }
  }
  if (args.epilogue != Epilogue::none) sum += args.bias[k];
  if (args.epilogue == Epilogue::bias_relu && sum < 0) sum = 0;
  args.y[i] = sum;
}

void launch(const Conv2d::Args& args, cudaStream_t stream) {
  const int64_t elems = args.shape.y_elems();
  if (elems == 0) return;
  conv2d_wraps_columns<<<grid_1d(elems, kThreads), kThreads, 0, stream>>>(args, args.shape.p(),
                                                                          args.shape.q());
  check_launch("conv2d/mutant_wraps_columns");
}

GRIDSTRIDE_VARIANT(Conv2d, .idea = "wrong: no guard for columns", .launch = launch);

}  // namespace
}  // namespace gridstride
