// Wrong on purpose: four neighbours share one random word, and so their fate.
#include "kernels/core/launch.hpp"
#include "kernels/core/variant.hpp"
#include "kernels/device/philox.cuh"
#include "kernels/dropout/dropout.hpp"

namespace gridstride {
namespace {

constexpr int kThreads = 256;

__global__ void dropout_same_word(const float* x, float* y, float p, float scale, int64_t seed,
                                  int64_t offset, int64_t n) {
  const int64_t i = static_cast<int64_t>(blockIdx.x) * blockDim.x + threadIdx.x;
  if (i >= n) return;
  const uint4 words = philox_at(seed, offset, i / 4);
  y[i] = unit_float(words.x) >= p ? x[i] * scale : 0.0f;
}

void launch(const Dropout::Args& args, cudaStream_t stream) {
  if (args.n == 0) return;
  dropout_same_word<<<grid_1d(args.n, kThreads), kThreads, 0, stream>>>(
      args.x, args.y, args.p, 1 / (1 - args.p), args.seed, args.offset, args.n);
  check_launch("mutant");
}

GRIDSTRIDE_VARIANT(Dropout, .idea = "four neighbours share one random word, and so their fate",
                   .launch = launch);

}  // namespace
}  // namespace gridstride
