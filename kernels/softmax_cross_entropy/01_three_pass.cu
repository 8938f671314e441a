// One thread per row, three passes over it: the maximum, the sum of exponentials, the probabilities.
//
// Subtracting the maximum keeps exp from overflowing. Lanes of a warp read addresses c apart: with many
// classes every lane fetches a sector of its own and uses 4 of its 32 bytes. With ten classes the rows are
// short, the cache holds them, and this is hard to beat.
#include "kernels/core/launch.hpp"
#include "kernels/core/variant.hpp"
#include "kernels/softmax_cross_entropy/softmax_cross_entropy.hpp"

namespace gridstride {
namespace {

constexpr int kThreads = 64;  // few rows are common: small blocks spread them over more multiprocessors
constexpr int64_t kMostBlocks = 256;

// [kernel]
__global__ void softmax_three_pass(const float* logits, const int32_t* labels, float* loss, float* probs,
                                   int64_t n, int64_t c) {
  const int64_t first = static_cast<int64_t>(blockIdx.x) * blockDim.x + threadIdx.x;
  const int64_t stride = static_cast<int64_t>(gridDim.x) * blockDim.x;
  for (int64_t row = first; row < n; row += stride) {
    const float* x = logits + row * c;
    float* p = probs + row * c;
    float max = -INFINITY, sum = 0;
    for (int64_t j = 0; j < c; ++j) max = fmaxf(max, x[j]);
    for (int64_t j = 0; j < c; ++j) sum += expf(x[j] - max);
    const int32_t label = labels[row];
    loss[row] = 0 <= label && label < c ? logf(sum) - (x[label] - max) : NAN;
    for (int64_t j = 0; j < c; ++j) p[j] = expf(x[j] - max) / sum;
  }
}
// [kernel]

void launch(const SoftmaxCrossEntropy::Args& args, cudaStream_t stream) {
  if (args.n == 0) return;
  softmax_three_pass<<<grid_1d(args.n, kThreads, kMostBlocks), kThreads, 0, stream>>>(
      args.logits, args.labels, args.loss, args.probs, args.n, args.c);
  check_launch("softmax_cross_entropy/01_three_pass");
}

GRIDSTRIDE_VARIANT(SoftmaxCrossEntropy, .idea = "one thread per row: maximum, sum, probabilities",
                   .launch = launch, .suffers = {"uncoalesced-load", "uncoalesced-store"});

}  // namespace
}  // namespace gridstride
