// The formula line by line, one kernel each: velocity first, then the parameters.
//
// Clear, and what a framework without fusion does: the gradient and the parameter cross the memory bus twice.
// 32 bytes move per parameter where 20 would do.
#include "kernels/core/launch.hpp"
#include "kernels/core/variant.hpp"
#include "kernels/sgd/sgd.hpp"

namespace gridstride {
namespace {

constexpr int kThreads = 256;
constexpr int64_t kMostBlocks = 1024;

// [kernel]
__global__ void sgd_velocity(const float* grad, const float* param, float* velocity, float momentum,
                             float weight_decay, int64_t n) {
  const int64_t first = static_cast<int64_t>(blockIdx.x) * blockDim.x + threadIdx.x;
  const int64_t stride = static_cast<int64_t>(gridDim.x) * blockDim.x;
  for (int64_t i = first; i < n; i += stride) {
    velocity[i] = momentum * velocity[i] + (grad[i] + weight_decay * param[i]);
  }
}

__global__ void sgd_step(const float* grad, float* param, const float* velocity, float lr, float momentum,
                         float weight_decay, bool nesterov, int64_t n) {
  const int64_t first = static_cast<int64_t>(blockIdx.x) * blockDim.x + threadIdx.x;
  const int64_t stride = static_cast<int64_t>(gridDim.x) * blockDim.x;
  for (int64_t i = first; i < n; i += stride) {
    const float g = grad[i] + weight_decay * param[i];
    if (!velocity) {
      param[i] -= lr * g;
    } else if (nesterov) {
      param[i] -= lr * (g + momentum * velocity[i]);
    } else {
      param[i] -= lr * velocity[i];
    }
  }
}
// [kernel]

void launch(const Sgd::Args& args, cudaStream_t stream) {
  if (args.n == 0) return;
  const unsigned grid = grid_1d(args.n, kThreads, kMostBlocks);
  const bool has_velocity = args.momentum != 0;
  if (has_velocity) {
    sgd_velocity<<<grid, kThreads, 0, stream>>>(args.grad, args.param, args.velocity, args.momentum,
                                                args.weight_decay, args.n);
  }
  sgd_step<<<grid, kThreads, 0, stream>>>(args.grad, args.param, has_velocity ? args.velocity : nullptr,
                                          args.lr, args.momentum, args.weight_decay, args.nesterov, args.n);
  check_launch("sgd/01_separate_passes");
}

GRIDSTRIDE_VARIANT(Sgd, .idea = "one kernel per line of the formula", .launch = launch,
                   .suffers = {"narrow-access"});

}  // namespace
}  // namespace gridstride
