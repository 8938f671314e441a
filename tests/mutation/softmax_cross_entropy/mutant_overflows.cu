// Wrong on purpose: the maximum is not subtracted, so exp overflows.
#include "kernels/core/launch.hpp"
#include "kernels/core/variant.hpp"
#include "kernels/softmax_cross_entropy/softmax_cross_entropy.hpp"

namespace gridstride {
namespace {

constexpr int kThreads = 256;

__global__ void softmax_overflows(const float* logits, const int32_t* labels, float* loss, float* probs,
                                  int64_t n, int64_t c) {
  const int64_t row = static_cast<int64_t>(blockIdx.x) * blockDim.x + threadIdx.x;
  if (row >= n) return;
  const float* x = logits + row * c;
  float sum = 0;
  for (int64_t j = 0; j < c; ++j) sum += expf(x[j]);
  loss[row] = c > 0 ? logf(sum) - x[labels[row]] : NAN;
  for (int64_t j = 0; j < c; ++j) probs[row * c + j] = expf(x[j]) / sum;
}

void launch(const SoftmaxCrossEntropy::Args& args, cudaStream_t stream) {
  if (args.n == 0) return;
  softmax_overflows<<<grid_1d(args.n, kThreads), kThreads, 0, stream>>>(args.logits, args.labels, args.loss,
                                                                        args.probs, args.n, args.c);
  check_launch("mutant");
}

GRIDSTRIDE_VARIANT(SoftmaxCrossEntropy, .idea = "the maximum is not subtracted, so exp overflows",
                   .launch = launch);

}  // namespace
}  // namespace gridstride
