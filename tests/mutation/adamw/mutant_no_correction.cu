// Wrong on purpose: the moments' start at zero is not corrected for.
#include "kernels/adamw/adamw.hpp"
#include "kernels/adamw/step.hpp"
#include "kernels/core/launch.hpp"
#include "kernels/core/variant.hpp"

namespace gridstride {
namespace {

constexpr int kThreads = 256;

__global__ void adamw_no_correction(const float* grad, float* param, float* m, float* v, float lr, float keep,
                                    float beta1, float beta2, float eps, int64_t n) {
  const int64_t i = static_cast<int64_t>(blockIdx.x) * blockDim.x + threadIdx.x;
  if (i >= n) return;
  m[i] = beta1 * m[i] + (1 - beta1) * grad[i];
  v[i] = beta2 * v[i] + (1 - beta2) * grad[i] * grad[i];
  param[i] = keep * param[i] - lr * m[i] / (sqrtf(v[i]) + eps);
}

void launch(const AdamW::Args& args, cudaStream_t stream) {
  if (args.n == 0) return;
  adamw_no_correction<<<grid_1d(args.n, kThreads), kThreads, 0, stream>>>(
      args.grad, args.param, args.m, args.v, args.lr, AdamWStep(args).keep, args.beta1, args.beta2, args.eps,
      args.n);
  check_launch("mutant");
}

GRIDSTRIDE_VARIANT(AdamW, .idea = "the moments' start at zero is not corrected for", .launch = launch);

}  // namespace
}  // namespace gridstride
