// Wrong on purpose: the product replaces y instead of being added to it.
#include "kernels/accumulate/accumulate.hpp"
#include "kernels/core/launch.hpp"
#include "kernels/core/variant.hpp"

namespace gridstride {
namespace {

constexpr int kThreads = 256;

__global__ void accumulate_overwrites(const float* x, float* y, float alpha, int64_t n) {
  const int64_t i = static_cast<int64_t>(blockIdx.x) * blockDim.x + threadIdx.x;
  if (i < n) y[i] = alpha * x[i];
}

void launch(const Accumulate::Args& args, cudaStream_t stream) {
  if (args.n == 0) return;
  accumulate_overwrites<<<grid_1d(args.n, kThreads), kThreads, 0, stream>>>(args.x, args.y, args.alpha,
                                                                            args.n);
  check_launch("mutant");
}

GRIDSTRIDE_VARIANT(Accumulate, .idea = "the product replaces y instead of being added to it",
                   .launch = launch);

}  // namespace
}  // namespace gridstride
