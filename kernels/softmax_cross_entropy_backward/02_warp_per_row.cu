// One warp per row: the label is read once, and no element divides.
//
// With few classes most lanes of the warp have nothing to do; then the first rung wins.
#include "kernels/core/launch.hpp"
#include "kernels/core/variant.hpp"
#include "kernels/device/warp.cuh"
#include "kernels/softmax_cross_entropy_backward/softmax_cross_entropy_backward.hpp"

namespace gridstride {
namespace {

constexpr int kThreads = 128;
constexpr int64_t kRowsPerBlock = kThreads / kWarpSize;
constexpr int64_t kMostBlocks = 4096;

// [kernel]
__global__ void softmax_backward_warp_per_row(const float* probs, const int32_t* labels, const float* dloss,
                                              float* dlogits, float scale, int64_t n, int64_t c) {
  const int lane = static_cast<int>(threadIdx.x) % kWarpSize;
  const int64_t first = (static_cast<int64_t>(blockIdx.x) * blockDim.x + threadIdx.x) / kWarpSize;
  const int64_t stride = static_cast<int64_t>(gridDim.x) * blockDim.x / kWarpSize;
  const float factor = scale * *dloss;
  for (int64_t row = first; row < n; row += stride) {
    const int32_t label = labels[row];
    const bool valid = 0 <= label && label < c;
    for (int64_t j = lane; j < c; j += kWarpSize) {
      const float onehot = j == label ? 1.0f : 0.0f;
      dlogits[row * c + j] = valid ? (probs[row * c + j] - onehot) * factor : NAN;
    }
  }
}
// [kernel]

void launch(const SoftmaxCrossEntropyBackward::Args& args, cudaStream_t stream) {
  if (args.n == 0 || args.c == 0) return;
  softmax_backward_warp_per_row<<<grid_1d(args.n, kRowsPerBlock, kMostBlocks), kThreads, 0, stream>>>(
      args.probs, args.labels, args.dloss, args.dlogits, args.scale, args.n, args.c);
  check_launch("softmax_cross_entropy_backward/02_warp_per_row");
}

GRIDSTRIDE_VARIANT(SoftmaxCrossEntropyBackward, .idea = "one warp per row: one label, no division",
                   .launch = launch);

}  // namespace
}  // namespace gridstride
