// Four neighbouring elements share one Philox call and one 16-byte load and store.
//
// A quarter of the arithmetic; what remains hides behind the memory traffic. A quad that is cut off by the
// end of the array, or that is not 16-byte aligned, moves its elements one by one with the same random words.
#include "kernels/core/launch.hpp"
#include "kernels/core/variant.hpp"
#include "kernels/device/philox.cuh"
#include "kernels/device/vec.cuh"
#include "kernels/dropout/dropout.hpp"

namespace gridstride {
namespace {

constexpr int kThreads = 256;
constexpr int64_t kMostBlocks = 1024;

// [kernel]
__global__ void dropout_per_quad(const float* x, float* y, float p, float scale, int64_t seed, int64_t offset,
                                 int64_t n, bool aligned) {
  const int64_t first = static_cast<int64_t>(blockIdx.x) * blockDim.x + threadIdx.x;
  const int64_t stride = static_cast<int64_t>(gridDim.x) * blockDim.x;
  const auto drop = [p, scale](uint32_t word, float& v) { v = unit_float(word) >= p ? v * scale : 0.0f; };
  for (int64_t quad = first; 4 * quad < n; quad += stride) {
    const uint4 words = philox_at(seed, offset, quad);
    if (aligned && 4 * quad + 4 <= n) {
      float4 v = reinterpret_cast<const float4*>(x)[quad];
      each4(drop, words, v);
      reinterpret_cast<float4*>(y)[quad] = v;
    } else {
      const uint32_t word[4] = {words.x, words.y, words.z, words.w};
      for (int64_t i = 4 * quad; i < 4 * quad + 4 && i < n; ++i) {
        float v = x[i];
        drop(word[i % 4], v);
        y[i] = v;
      }
    }
  }
}
// [kernel]

void launch(const Dropout::Args& args, cudaStream_t stream) {
  if (args.n == 0) return;
  dropout_per_quad<<<grid_1d(ceil_div(args.n, 4), kThreads, kMostBlocks), kThreads, 0, stream>>>(
      args.x, args.y, args.p, 1 / (1 - args.p), args.seed, args.offset, args.n,
      aligned_for_float4(args.x, args.y));
  check_launch("dropout/02_per_quad");
}

GRIDSTRIDE_VARIANT(Dropout, .idea = "four elements share one Philox call", .launch = launch,
                   .cures = {"narrow-access"});

}  // namespace
}  // namespace gridstride
