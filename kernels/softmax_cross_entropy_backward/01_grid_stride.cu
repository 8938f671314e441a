// One element per thread and step; a division finds its row.
//
// Coalesced, but every element pays for a 64-bit division and reads its row's label again (from the cache).
#include "kernels/core/launch.hpp"
#include "kernels/core/variant.hpp"
#include "kernels/softmax_cross_entropy_backward/softmax_cross_entropy_backward.hpp"

namespace gridstride {
namespace {

constexpr int kThreads = 256;
constexpr int64_t kMostBlocks = 1024;

// [kernel]
__global__ void softmax_backward_grid_stride(const float* probs, const int32_t* labels, const float* dloss,
                                             float* dlogits, float scale, int64_t n, int64_t c) {
  const int64_t first = static_cast<int64_t>(blockIdx.x) * blockDim.x + threadIdx.x;
  const int64_t stride = static_cast<int64_t>(gridDim.x) * blockDim.x;
  const float factor = scale * *dloss;
  for (int64_t i = first; i < n * c; i += stride) {
    const int64_t row = i / c;
    const int32_t label = labels[row];
    const float onehot = i - row * c == label ? 1.0f : 0.0f;
    dlogits[i] = 0 <= label && label < c ? (probs[i] - onehot) * factor : NAN;
  }
}
// [kernel]

void launch(const SoftmaxCrossEntropyBackward::Args& args, cudaStream_t stream) {
  if (args.n == 0 || args.c == 0) return;
  softmax_backward_grid_stride<<<grid_1d(args.n * args.c, kThreads, kMostBlocks), kThreads, 0, stream>>>(
      args.probs, args.labels, args.dloss, args.dlogits, args.scale, args.n, args.c);
  check_launch("softmax_cross_entropy_backward/01_grid_stride");
}

GRIDSTRIDE_VARIANT(SoftmaxCrossEntropyBackward, .idea = "one element per thread, its row by division",
                   .launch = launch);

}  // namespace
}  // namespace gridstride
