// Wrong on purpose: the decay goes through the moments: Adam with L2, not AdamW.
#include "kernels/adamw/adamw.hpp"
#include "kernels/adamw/step.hpp"
#include "kernels/core/launch.hpp"
#include "kernels/core/variant.hpp"

namespace gridstride {
namespace {

constexpr int kThreads = 256;

__global__ void adamw_decay_in_gradient(const float* grad, float* param, float* m, float* v,
                                        float weight_decay, float beta1, float beta2, float eps,
                                        AdamWStep step, int64_t n) {
  const int64_t i = static_cast<int64_t>(blockIdx.x) * blockDim.x + threadIdx.x;
  if (i >= n) return;
  const float g = grad[i] + weight_decay * param[i];
  m[i] = beta1 * m[i] + (1 - beta1) * g;
  v[i] = beta2 * v[i] + (1 - beta2) * g * g;
  param[i] -= step.size * m[i] / (sqrtf(v[i]) / step.root + eps);
}

void launch(const AdamW::Args& args, cudaStream_t stream) {
  if (args.n == 0) return;
  adamw_decay_in_gradient<<<grid_1d(args.n, kThreads), kThreads, 0, stream>>>(
      args.grad, args.param, args.m, args.v, args.weight_decay, args.beta1, args.beta2, args.eps,
      AdamWStep(args), args.n);
  check_launch("mutant");
}

GRIDSTRIDE_VARIANT(AdamW, .idea = "the decay goes through the moments: Adam with L2, not AdamW",
                   .launch = launch);

}  // namespace
}  // namespace gridstride
