// One element per thread and step; the forward's output says where the gradient passes.
//
// Two reads and one write per element and hardly any arithmetic: bound by memory from the first rung.
#include "kernels/core/launch.hpp"
#include "kernels/core/variant.hpp"
#include "kernels/relu_backward/relu_backward.hpp"

namespace gridstride {
namespace {

constexpr int kThreads = 256;
constexpr int64_t kMostBlocks = 1024;

// [kernel]
__global__ void relu_backward_grid_stride(const float* y, const float* dy, float* dx, int64_t n) {
  const int64_t first = static_cast<int64_t>(blockIdx.x) * blockDim.x + threadIdx.x;
  const int64_t stride = static_cast<int64_t>(gridDim.x) * blockDim.x;
  for (int64_t i = first; i < n; i += stride) dx[i] = y[i] <= 0 ? 0.0f : dy[i];
}
// [kernel]

void launch(const ReluBackward::Args& args, cudaStream_t stream) {
  if (args.n == 0) return;
  relu_backward_grid_stride<<<grid_1d(args.n, kThreads, kMostBlocks), kThreads, 0, stream>>>(args.y, args.dy,
                                                                                             args.dx, args.n);
  check_launch("relu_backward/01_grid_stride");
}

GRIDSTRIDE_VARIANT(ReluBackward, .idea = "the saved output is the mask", .launch = launch,
                   .suffers = {"narrow-access", "divergence"});

}  // namespace
}  // namespace gridstride
