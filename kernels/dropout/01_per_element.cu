// Every thread computes the random number of its element, from nothing but the element's index.
//
// No state, no stored mask, any order: the same bits on every device. But Philox makes four words at a time,
// and three of them are thrown away.
#include "kernels/core/launch.hpp"
#include "kernels/core/variant.hpp"
#include "kernels/device/philox.cuh"
#include "kernels/dropout/dropout.hpp"

namespace gridstride {
namespace {

constexpr int kThreads = 256;
constexpr int64_t kMostBlocks = 1024;

// [kernel]
__global__ void dropout_per_element(const float* x, float* y, float p, float scale, int64_t seed,
                                    int64_t offset, int64_t n) {
  const int64_t first = static_cast<int64_t>(blockIdx.x) * blockDim.x + threadIdx.x;
  const int64_t stride = static_cast<int64_t>(gridDim.x) * blockDim.x;
  for (int64_t i = first; i < n; i += stride) {
    const uint4 words = philox_at(seed, offset, i / 4);
    const int which = static_cast<int>(i % 4);
    const uint32_t word = which == 0 ? words.x : which == 1 ? words.y : which == 2 ? words.z : words.w;
    y[i] = unit_float(word) >= p ? x[i] * scale : 0.0f;
  }
}
// [kernel]

void launch(const Dropout::Args& args, cudaStream_t stream) {
  if (args.n == 0) return;
  dropout_per_element<<<grid_1d(args.n, kThreads, kMostBlocks), kThreads, 0, stream>>>(
      args.x, args.y, args.p, 1 / (1 - args.p), args.seed, args.offset, args.n);
  check_launch("dropout/01_per_element");
}

GRIDSTRIDE_VARIANT(Dropout, .idea = "the random number is a function of the index", .launch = launch,
                   .suffers = {"narrow-access"});

}  // namespace
}  // namespace gridstride
