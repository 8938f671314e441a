// Four elements per thread and instruction, as in the forward. Selecting instead of branching keeps a warp
// together: dy is read whether it passes or not, which costs nothing, as its sector is fetched for the
// neighbours anyway.
#include "kernels/core/launch.hpp"
#include "kernels/core/variant.hpp"
#include "kernels/device/vec.cuh"
#include "kernels/relu_backward/relu_backward.hpp"

namespace gridstride {
namespace {

constexpr int kThreads = 256;
constexpr int64_t kMostBlocks = 1024;

// [kernel]
__global__ void relu_backward_float4(const float* y, const float* dy, float* dx, int64_t n, int64_t n4) {
  const int64_t first = static_cast<int64_t>(blockIdx.x) * blockDim.x + threadIdx.x;
  const int64_t stride = static_cast<int64_t>(gridDim.x) * blockDim.x;
  const auto pass = [](float out, float& gradient) { gradient = out <= 0 ? 0.0f : gradient; };
  for (int64_t i = first; i < n4; i += stride) {
    const float4 out = reinterpret_cast<const float4*>(y)[i];
    float4 gradient = reinterpret_cast<const float4*>(dy)[i];
    each4(pass, out, gradient);
    reinterpret_cast<float4*>(dx)[i] = gradient;
  }
  for (int64_t i = 4 * n4 + first; i < n; i += stride) {
    float gradient = dy[i];
    pass(y[i], gradient);
    dx[i] = gradient;
  }
}
// [kernel]

void launch(const ReluBackward::Args& args, cudaStream_t stream) {
  if (args.n == 0) return;
  const int64_t n4 = float4_count(args.n, args.y, args.dy, args.dx);
  const unsigned grid = grid_1d(n4 > 0 ? n4 : args.n, kThreads, kMostBlocks);
  relu_backward_float4<<<grid, kThreads, 0, stream>>>(args.y, args.dy, args.dx, args.n, n4);
  check_launch("relu_backward/02_float4");
}

GRIDSTRIDE_VARIANT(ReluBackward, .idea = "16 bytes per instruction, select instead of branch",
                   .launch = launch, .cures = {"narrow-access", "divergence"});

}  // namespace
}  // namespace gridstride
