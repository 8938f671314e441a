// Wrong on purpose: the shuffles start at offset 8, so the halves of the warp never meet.
#include "kernels/core/launch.hpp"
#include "kernels/core/variant.hpp"
#include "kernels/device/warp.cuh"
#include "kernels/softmax_cross_entropy/softmax_cross_entropy.hpp"

namespace gridstride {
namespace {

__global__ void softmax_half_warp(const float* logits, const int32_t* labels, float* loss, float* probs,
                                  int64_t c) {
  const int lane = static_cast<int>(threadIdx.x);
  const int64_t row = blockIdx.x;
  const float* x = logits + row * c;
  float max = -INFINITY, sum = 0;
  for (int64_t j = lane; j < c; j += kWarpSize) max = fmaxf(max, x[j]);
  for (int offset = 8; offset > 0; offset /= 2) max = fmaxf(max, __shfl_xor_sync(kWholeWarp, max, offset));
  for (int64_t j = lane; j < c; j += kWarpSize) sum += expf(x[j] - max);
  for (int offset = 8; offset > 0; offset /= 2) sum += __shfl_xor_sync(kWholeWarp, sum, offset);
  if (lane == 0) loss[row] = c > 0 ? logf(sum) - (x[labels[row]] - max) : NAN;
  for (int64_t j = lane; j < c; j += kWarpSize) probs[row * c + j] = expf(x[j] - max) / sum;
}

void launch(const SoftmaxCrossEntropy::Args& args, cudaStream_t stream) {
  if (args.n == 0) return;
  softmax_half_warp<<<static_cast<unsigned>(args.n), kWarpSize, 0, stream>>>(args.logits, args.labels,
                                                                             args.loss, args.probs, args.c);
  check_launch("mutant");
}

GRIDSTRIDE_VARIANT(SoftmaxCrossEntropy,
                   .idea = "the shuffles start at offset 8, so the halves of the warp never meet",
                   .launch = launch);

}  // namespace
}  // namespace gridstride
