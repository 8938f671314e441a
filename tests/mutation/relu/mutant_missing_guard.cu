// Wrong on purpose: the grid is rounded up, and nobody stops the threads behind the end.
#include "kernels/core/launch.hpp"
#include "kernels/core/variant.hpp"
#include "kernels/relu/relu.hpp"

namespace gridstride {
namespace {

constexpr int kThreads = 256;

__global__ void relu_missing_guard(const float* x, float* y) {
  const int64_t i = static_cast<int64_t>(blockIdx.x) * blockDim.x + threadIdx.x;
  y[i] = x[i] <= 0 ? 0.0f : x[i];
}

void launch(const Relu::Args& args, cudaStream_t stream) {
  if (args.n == 0) return;
  relu_missing_guard<<<grid_1d(args.n, kThreads), kThreads, 0, stream>>>(args.x, args.y);
  check_launch("mutant");
}

GRIDSTRIDE_VARIANT(Relu, .idea = "the grid is rounded up, and nobody stops the threads behind the end",
                   .launch = launch);

}  // namespace
}  // namespace gridstride
