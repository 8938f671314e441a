// One kernel for the whole step: everything a parameter needs is read once and stays in registers.
#include "kernels/core/launch.hpp"
#include "kernels/core/variant.hpp"
#include "kernels/sgd/sgd.hpp"

namespace gridstride {
namespace {

constexpr int kThreads = 256;
constexpr int64_t kMostBlocks = 1024;

// [kernel]
__global__ void sgd_fused(const float* grad, float* param, float* velocity, float lr, float momentum,
                          float weight_decay, bool nesterov, int64_t n) {
  const int64_t first = static_cast<int64_t>(blockIdx.x) * blockDim.x + threadIdx.x;
  const int64_t stride = static_cast<int64_t>(gridDim.x) * blockDim.x;
  for (int64_t i = first; i < n; i += stride) {
    const float g = grad[i] + weight_decay * param[i];
    float direction = g;
    if (velocity) {
      const float v = momentum * velocity[i] + g;
      velocity[i] = v;
      direction = nesterov ? g + momentum * v : v;
    }
    param[i] -= lr * direction;
  }
}
// [kernel]

void launch(const Sgd::Args& args, cudaStream_t stream) {
  if (args.n == 0) return;
  sgd_fused<<<grid_1d(args.n, kThreads, kMostBlocks), kThreads, 0, stream>>>(
      args.grad, args.param, args.momentum != 0 ? args.velocity : nullptr, args.lr, args.momentum,
      args.weight_decay, args.nesterov, args.n);
  check_launch("sgd/02_fused");
}

GRIDSTRIDE_VARIANT(Sgd, .idea = "the whole step in one pass over memory", .launch = launch,
                   .suffers = {"narrow-access"});

}  // namespace
}  // namespace gridstride
