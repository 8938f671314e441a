// Wrong: threads read the shared row of x before their neighbours have written it. Only 1 x S filters in one
// image row; everything else is left to the definition, so that the barrier alone decides.
#include "kernels/conv2d/conv2d.hpp"
#include "kernels/core/launch.hpp"
#include "kernels/core/variant.hpp"

namespace gridstride {
namespace {

constexpr int kThreads = 64;
constexpr int kMostTaps = 8;

__global__ void conv2d_missing_barrier(Conv2d::Args args, int64_t Q) {
  __shared__ float s_row[kThreads + kMostTaps];
  const Conv2dShape& shape = args.shape;
  const int64_t q0 = static_cast<int64_t>(blockIdx.x) * kThreads, q = q0 + threadIdx.x;
  for (int64_t i = threadIdx.x; i < kThreads + kMostTaps; i += kThreads) {
    const int64_t w = q0 + i - shape.pad_w;
    s_row[i] = w >= 0 && w < shape.w ? args.x[w] : 0;
  }
  // __syncthreads() belongs here
  if (q >= Q) return;
  for (int64_t k = 0; k < shape.k; ++k) {
    float sum = args.epilogue == Epilogue::none ? 0 : args.bias[k];
    for (int64_t s = 0; s < shape.s; ++s) sum += s_row[threadIdx.x + s] * args.w[k * shape.s + s];
    args.y[k * Q + q] = args.epilogue == Epilogue::bias_relu && sum < 0 ? 0 : sum;
  }
}

void launch(const Conv2d::Args& args, cudaStream_t stream) {
  conv2d_missing_barrier<<<grid_1d(args.shape.q(), kThreads), kThreads, 0, stream>>>(args, args.shape.q());
  check_launch("conv2d/mutant_missing_barrier_forward");
}

std::string unsupported(const Conv2d::Args& args) {
  const Conv2dShape& s = args.shape;
  const bool one_row = s.n == 1 && s.c == 1 && s.h == 1 && s.r == 1 && s.pad_h == 0;
  return one_row && s.s <= kMostTaps && s.stride_w == 1 ? "" : "takes one row of one channel";
}

GRIDSTRIDE_VARIANT(Conv2d, .idea = "wrong: no barrier between fill and use", .launch = launch,
                   .unsupported = unsupported);

}  // namespace
}  // namespace gridstride
