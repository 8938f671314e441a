// Wrong on purpose: rows and columns are exchanged.
#include "kernels/core/launch.hpp"
#include "kernels/core/variant.hpp"
#include "kernels/softmax_cross_entropy_backward/softmax_cross_entropy_backward.hpp"

namespace gridstride {
namespace {

constexpr int kThreads = 256;

__global__ void softmax_backward_column_major(const float* probs, const int32_t* labels, const float* dloss,
                                              float* dlogits, float scale, int64_t n, int64_t c) {
  const int64_t i = static_cast<int64_t>(blockIdx.x) * blockDim.x + threadIdx.x;
  if (i >= n * c) return;
  const float onehot = i / n == labels[i % n] ? 1.0f : 0.0f;
  dlogits[i] = (probs[i] - onehot) * scale * *dloss;
}

void launch(const SoftmaxCrossEntropyBackward::Args& args, cudaStream_t stream) {
  const int64_t elems = args.n * args.c;
  if (elems == 0) return;
  softmax_backward_column_major<<<grid_1d(elems, kThreads), kThreads, 0, stream>>>(
      args.probs, args.labels, args.dloss, args.dlogits, args.scale, args.n, args.c);
  check_launch("mutant");
}

GRIDSTRIDE_VARIANT(SoftmaxCrossEntropyBackward, .idea = "rows and columns are exchanged", .launch = launch);

}  // namespace
}  // namespace gridstride
