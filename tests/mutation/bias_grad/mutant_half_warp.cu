// Wrong: the reduction starts at offset 8, as if a warp had 16 lanes, and half of the lanes are never added.
#include "kernels/bias_grad/bias_grad.hpp"
#include "kernels/core/launch.hpp"
#include "kernels/core/variant.hpp"
#include "kernels/device/warp.cuh"

namespace gridstride {
namespace {

__global__ void bias_grad_half_warp(BiasGrad::Args args) {
  const int64_t c = blockIdx.x;
  float sum = 0;
  for (int64_t i = threadIdx.x; i < args.outer * args.inner; i += kWarpSize) {
    sum += args.dy[(i / args.inner * args.channels + c) * args.inner + i % args.inner];
  }
  for (int offset = 8; offset > 0; offset /= 2) sum += __shfl_down_sync(kWholeWarp, sum, offset);
  if (threadIdx.x == 0) args.db[c] += sum;
}

void launch(const BiasGrad::Args& args, cudaStream_t stream) {
  if (args.outer == 0 || args.channels == 0 || args.inner == 0) return;
  bias_grad_half_warp<<<grid_1d(args.channels, 1), kWarpSize, 0, stream>>>(args);
  check_launch("bias_grad/mutant_half_warp");
}

GRIDSTRIDE_VARIANT(BiasGrad, .idea = "wrong: half of the lanes are never added", .launch = launch);

}  // namespace
}  // namespace gridstride
