// Wrong on purpose: the sign of dy decides instead of the sign of y.
#include "kernels/core/launch.hpp"
#include "kernels/core/variant.hpp"
#include "kernels/relu_backward/relu_backward.hpp"

namespace gridstride {
namespace {

constexpr int kThreads = 256;

__global__ void relu_backward_masks_by_gradient(const float* dy, float* dx, int64_t n) {
  const int64_t i = static_cast<int64_t>(blockIdx.x) * blockDim.x + threadIdx.x;
  if (i < n) dx[i] = dy[i] <= 0 ? 0.0f : dy[i];
}

void launch(const ReluBackward::Args& args, cudaStream_t stream) {
  if (args.n == 0) return;
  relu_backward_masks_by_gradient<<<grid_1d(args.n, kThreads), kThreads, 0, stream>>>(args.dy, args.dx,
                                                                                      args.n);
  check_launch("mutant");
}

GRIDSTRIDE_VARIANT(ReluBackward, .idea = "the sign of dy decides instead of the sign of y", .launch = launch);

}  // namespace
}  // namespace gridstride
