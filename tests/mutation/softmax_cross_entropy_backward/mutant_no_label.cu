// Wrong on purpose: the one at the label is not subtracted.
#include "kernels/core/launch.hpp"
#include "kernels/core/variant.hpp"
#include "kernels/softmax_cross_entropy_backward/softmax_cross_entropy_backward.hpp"

namespace gridstride {
namespace {

constexpr int kThreads = 256;

__global__ void softmax_backward_no_label(const float* probs, const float* dloss, float* dlogits, float scale,
                                          int64_t elems) {
  const int64_t i = static_cast<int64_t>(blockIdx.x) * blockDim.x + threadIdx.x;
  if (i < elems) dlogits[i] = probs[i] * scale * *dloss;
}

void launch(const SoftmaxCrossEntropyBackward::Args& args, cudaStream_t stream) {
  const int64_t elems = args.n * args.c;
  if (elems == 0) return;
  softmax_backward_no_label<<<grid_1d(elems, kThreads), kThreads, 0, stream>>>(
      args.probs, args.dloss, args.dlogits, args.scale, elems);
  check_launch("mutant");
}

GRIDSTRIDE_VARIANT(SoftmaxCrossEntropyBackward, .idea = "the one at the label is not subtracted",
                   .launch = launch);

}  // namespace
}  // namespace gridstride
