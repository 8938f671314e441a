// One kernel for the whole step: gradient, moments and parameter are read once and stay in registers.
//
// Corrections that are the same for every parameter are computed once, on the host, in double.
#include "kernels/adamw/adamw.hpp"
#include "kernels/adamw/step.hpp"
#include "kernels/core/launch.hpp"
#include "kernels/core/variant.hpp"

namespace gridstride {
namespace {

constexpr int kThreads = 256;
constexpr int64_t kMostBlocks = 1024;

// [kernel]
__global__ void adamw_fused(const float* grad, float* param, float* m, float* v, float beta1, float beta2,
                            float eps, AdamWStep step, int64_t n) {
  const int64_t first = static_cast<int64_t>(blockIdx.x) * blockDim.x + threadIdx.x;
  const int64_t stride = static_cast<int64_t>(gridDim.x) * blockDim.x;
  for (int64_t i = first; i < n; i += stride) {
    const float g = grad[i];
    const float mean = beta1 * m[i] + (1 - beta1) * g;
    const float square = beta2 * v[i] + (1 - beta2) * g * g;
    m[i] = mean;
    v[i] = square;
    param[i] = step.keep * param[i] - step.size * mean / (sqrtf(square) / step.root + eps);
  }
}
// [kernel]

void launch(const AdamW::Args& args, cudaStream_t stream) {
  if (args.n == 0) return;
  adamw_fused<<<grid_1d(args.n, kThreads, kMostBlocks), kThreads, 0, stream>>>(
      args.grad, args.param, args.m, args.v, args.beta1, args.beta2, args.eps, AdamWStep(args), args.n);
  check_launch("adamw/02_fused");
}

GRIDSTRIDE_VARIANT(AdamW, .idea = "the whole step in one pass over memory", .launch = launch,
                   .suffers = {"narrow-access"});

}  // namespace
}  // namespace gridstride
