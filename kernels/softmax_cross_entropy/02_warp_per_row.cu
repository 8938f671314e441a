// One warp per row: neighbouring lanes read neighbouring classes.
//
// Every request is coalesced, and shuffles combine the lanes' maxima and sums. The row is still read three
// times; for rows longer than the cache that is three times the traffic. Rows shorter than a warp leave lanes
// idle.
#include "kernels/core/launch.hpp"
#include "kernels/core/variant.hpp"
#include "kernels/device/warp.cuh"
#include "kernels/softmax_cross_entropy/softmax_cross_entropy.hpp"

namespace gridstride {
namespace {

constexpr int kThreads = 128;
constexpr int64_t kRowsPerBlock = kThreads / kWarpSize;
constexpr int64_t kMostBlocks = 4096;

// [kernel]
__global__ void softmax_warp_per_row(const float* logits, const int32_t* labels, float* loss, float* probs,
                                     int64_t n, int64_t c) {
  const int lane = static_cast<int>(threadIdx.x) % kWarpSize;
  const int64_t first = (static_cast<int64_t>(blockIdx.x) * blockDim.x + threadIdx.x) / kWarpSize;
  const int64_t stride = static_cast<int64_t>(gridDim.x) * blockDim.x / kWarpSize;
  for (int64_t row = first; row < n; row += stride) {
    const float* x = logits + row * c;
    float* p = probs + row * c;
    float max = -INFINITY, sum = 0;
    for (int64_t j = lane; j < c; j += kWarpSize) max = fmaxf(max, x[j]);
    max = warp_max(max);
    for (int64_t j = lane; j < c; j += kWarpSize) sum += expf(x[j] - max);
    sum = warp_sum(sum);
    const int32_t label = labels[row];
    if (lane == 0 && !(0 <= label && label < c)) loss[row] = NAN;
    for (int64_t j = lane; j < c; j += kWarpSize) {
      const float shifted = x[j] - max;
      if (j == label) loss[row] = logf(sum) - shifted;  // the lane that has the label's logit
      p[j] = expf(shifted) / sum;
    }
  }
}
// [kernel]

void launch(const SoftmaxCrossEntropy::Args& args, cudaStream_t stream) {
  if (args.n == 0) return;
  softmax_warp_per_row<<<grid_1d(args.n, kRowsPerBlock, kMostBlocks), kThreads, 0, stream>>>(
      args.logits, args.labels, args.loss, args.probs, args.n, args.c);
  check_launch("softmax_cross_entropy/02_warp_per_row");
}

GRIDSTRIDE_VARIANT(SoftmaxCrossEntropy,
                   .idea = "one warp per row: coalesced reads, shuffles combine the lanes", .launch = launch,
                   .cures = {"uncoalesced-load", "uncoalesced-store"});

}  // namespace
}  // namespace gridstride
