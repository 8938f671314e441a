// Wrong on purpose: what is kept is not scaled up, so the mean shrinks.
#include "kernels/core/launch.hpp"
#include "kernels/core/variant.hpp"
#include "kernels/device/philox.cuh"
#include "kernels/dropout/dropout.hpp"

namespace gridstride {
namespace {

constexpr int kThreads = 256;

__global__ void dropout_no_rescale(const float* x, float* y, float p, int64_t seed, int64_t offset,
                                   int64_t n) {
  const int64_t i = static_cast<int64_t>(blockIdx.x) * blockDim.x + threadIdx.x;
  if (i >= n) return;
  const uint4 words = philox_at(seed, offset, i / 4);
  const uint32_t word[4] = {words.x, words.y, words.z, words.w};
  y[i] = unit_float(word[i % 4]) >= p ? x[i] : 0.0f;
}

void launch(const Dropout::Args& args, cudaStream_t stream) {
  if (args.n == 0) return;
  dropout_no_rescale<<<grid_1d(args.n, kThreads), kThreads, 0, stream>>>(args.x, args.y, args.p, args.seed,
                                                                         args.offset, args.n);
  check_launch("mutant");
}

GRIDSTRIDE_VARIANT(Dropout, .idea = "what is kept is not scaled up, so the mean shrinks", .launch = launch);

}  // namespace
}  // namespace gridstride
