// Maximum and sum in one pass: when a larger maximum turns up, the sum so far is scaled down to it.
//
// The pair (maximum, sum) of two parts combines into that of the whole, in any grouping, so lanes combine by
// the same rule: the row is read twice instead of three times. The price is a second exponential where the
// maximum grows. A part that has seen nothing but -inf must stay (-inf, 0): exp(-inf - -inf) would be NaN.
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
struct Normalizer {
  float max, sum;  // sum of exp(x - max) over the part of the row seen so far
};

__device__ __forceinline__ void add(Normalizer& part, float x) {
  if (x > part.max) {
    part.sum = part.sum * expf(part.max - x) + expf(x - x);  // x - x is 0, or NaN where x is +inf
    part.max = x;
  } else if (x != -INFINITY) {
    part.sum += expf(x - part.max);
  }
}

__device__ __forceinline__ Normalizer combine(Normalizer a, Normalizer b) {
  const float max = fmaxf(a.max, b.max);
  const auto rescaled = [max](Normalizer part) {
    return part.sum == 0 ? 0.0f : part.sum * expf(part.max - max);
  };
  return {max, rescaled(a) + rescaled(b)};
}

__global__ void softmax_online(const float* logits, const int32_t* labels, float* loss, float* probs,
                               int64_t n, int64_t c) {
  const int lane = static_cast<int>(threadIdx.x) % kWarpSize;
  const int64_t first = (static_cast<int64_t>(blockIdx.x) * blockDim.x + threadIdx.x) / kWarpSize;
  const int64_t stride = static_cast<int64_t>(gridDim.x) * blockDim.x / kWarpSize;
  for (int64_t row = first; row < n; row += stride) {
    const float* x = logits + row * c;
    float* p = probs + row * c;
    Normalizer all{-INFINITY, 0};
    for (int64_t j = lane; j < c; j += kWarpSize) add(all, x[j]);
    for (int offset = kWarpSize / 2; offset > 0; offset /= 2) {
      all = combine(all, {__shfl_xor_sync(kWholeWarp, all.max, offset),  //
                          __shfl_xor_sync(kWholeWarp, all.sum, offset)});
    }
    const int32_t label = labels[row];
    if (lane == 0 && !(0 <= label && label < c)) loss[row] = NAN;
    for (int64_t j = lane; j < c; j += kWarpSize) {
      const float shifted = x[j] - all.max;
      if (j == label) loss[row] = logf(all.sum) - shifted;
      p[j] = expf(shifted) / all.sum;
    }
  }
}
// [kernel]

void launch(const SoftmaxCrossEntropy::Args& args, cudaStream_t stream) {
  if (args.n == 0) return;
  softmax_online<<<grid_1d(args.n, kRowsPerBlock, kMostBlocks), kThreads, 0, stream>>>(
      args.logits, args.labels, args.loss, args.probs, args.n, args.c);
  check_launch("softmax_cross_entropy/03_online");
}

GRIDSTRIDE_VARIANT(SoftmaxCrossEntropy, .idea = "maximum and sum in one pass that rescales as it goes",
                   .launch = launch);

}  // namespace
}  // namespace gridstride
