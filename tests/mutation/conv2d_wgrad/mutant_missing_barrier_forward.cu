// Wrong: thread 0 adds up the block's partial sums without waiting for those who write them.
#include "kernels/conv2d_wgrad/conv2d_wgrad.hpp"
#include "kernels/core/launch.hpp"
#include "kernels/core/variant.hpp"

namespace gridstride {
namespace {

constexpr int kThreads = 64;

__global__ void wgrad_missing_barrier(Conv2dWgrad::Args args, int64_t P, int64_t Q) {
  __shared__ float s_sum[kThreads];
  const Conv2dShape& shape = args.shape;
  const int64_t i = blockIdx.x;
  const int64_t s = i % shape.s, r = i / shape.s % shape.r;
  const int64_t c = i / (shape.s * shape.r) % shape.c, k = i / (shape.s * shape.r * shape.c);
  float sum = 0;
  for (int64_t npq = threadIdx.x; npq < shape.n * P * Q; npq += kThreads) {
    const int64_t n = npq / (P * Q), p = npq / Q % P, q = npq % Q;
    const int64_t h = p * shape.stride_h - shape.pad_h + r, w = q * shape.stride_w - shape.pad_w + s;
    if (h < 0 || h >= shape.h || w < 0 || w >= shape.w) continue;
    sum += args.dy[((n * shape.k + k) * P + p) * Q + q] *
           args.x[((n * shape.c + c) * shape.h + h) * shape.w + w];
  }
  s_sum[threadIdx.x] = sum;
  // __syncthreads() belongs here
  if (threadIdx.x == 0) {
    for (int t = 1; t < kThreads; ++t) sum += s_sum[t];
    args.dw[i] += sum;
  }
}

void launch(const Conv2dWgrad::Args& args, cudaStream_t stream) {
  const int64_t elems = args.shape.w_elems();
  if (elems == 0) return;
  wgrad_missing_barrier<<<grid_1d(elems, 1), kThreads, 0, stream>>>(args, args.shape.p(), args.shape.q());
  check_launch("conv2d_wgrad/mutant_missing_barrier_forward");
}

GRIDSTRIDE_VARIANT(Conv2dWgrad, .idea = "wrong: no barrier before the block's sum", .launch = launch);

}  // namespace
}  // namespace gridstride
