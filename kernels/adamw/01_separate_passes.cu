// The formula line by line, one kernel each: mean, square, parameter.
//
// The gradient and both moments cross the memory bus twice: 44 bytes per parameter where 28 would do.
#include "kernels/adamw/adamw.hpp"
#include "kernels/adamw/step.hpp"
#include "kernels/core/launch.hpp"
#include "kernels/core/variant.hpp"

namespace gridstride {
namespace {

constexpr int kThreads = 256;
constexpr int64_t kMostBlocks = 1024;

// [kernel]
__global__ void adamw_mean(const float* grad, float* m, float beta1, int64_t n) {
  const int64_t first = static_cast<int64_t>(blockIdx.x) * blockDim.x + threadIdx.x;
  const int64_t stride = static_cast<int64_t>(gridDim.x) * blockDim.x;
  for (int64_t i = first; i < n; i += stride) m[i] = beta1 * m[i] + (1 - beta1) * grad[i];
}

__global__ void adamw_square(const float* grad, float* v, float beta2, int64_t n) {
  const int64_t first = static_cast<int64_t>(blockIdx.x) * blockDim.x + threadIdx.x;
  const int64_t stride = static_cast<int64_t>(gridDim.x) * blockDim.x;
  for (int64_t i = first; i < n; i += stride) v[i] = beta2 * v[i] + (1 - beta2) * grad[i] * grad[i];
}

// step_size is lr / (1 - beta1^t), root is sqrt(1 - beta2^t), keep is 1 - lr * weight_decay
__global__ void adamw_param(float* param, const float* m, const float* v, float step_size, float root,
                            float keep, float eps, int64_t n) {
  const int64_t first = static_cast<int64_t>(blockIdx.x) * blockDim.x + threadIdx.x;
  const int64_t stride = static_cast<int64_t>(gridDim.x) * blockDim.x;
  for (int64_t i = first; i < n; i += stride) {
    param[i] = keep * param[i] - step_size * m[i] / (sqrtf(v[i]) / root + eps);
  }
}
// [kernel]

void launch(const AdamW::Args& args, cudaStream_t stream) {
  if (args.n == 0) return;
  const unsigned grid = grid_1d(args.n, kThreads, kMostBlocks);
  const AdamWStep step(args);
  adamw_mean<<<grid, kThreads, 0, stream>>>(args.grad, args.m, args.beta1, args.n);
  adamw_square<<<grid, kThreads, 0, stream>>>(args.grad, args.v, args.beta2, args.n);
  adamw_param<<<grid, kThreads, 0, stream>>>(args.param, args.m, args.v, step.size, step.root, step.keep,
                                             args.eps, args.n);
  check_launch("adamw/01_separate_passes");
}

GRIDSTRIDE_VARIANT(AdamW, .idea = "one kernel per line of the formula", .launch = launch,
                   .suffers = {"narrow-access"});

}  // namespace
}  // namespace gridstride
