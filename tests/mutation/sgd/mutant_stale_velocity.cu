// Wrong on purpose: the parameter moves by the velocity of the step before.
#include "kernels/core/launch.hpp"
#include "kernels/core/variant.hpp"
#include "kernels/sgd/sgd.hpp"

namespace gridstride {
namespace {

constexpr int kThreads = 256;

__global__ void sgd_stale_velocity(const float* grad, float* param, float* velocity, float lr, float momentum,
                                   float weight_decay, int64_t n) {
  const int64_t i = static_cast<int64_t>(blockIdx.x) * blockDim.x + threadIdx.x;
  if (i >= n) return;
  const float g = grad[i] + weight_decay * param[i];
  const float before = velocity ? velocity[i] : g;
  if (velocity) velocity[i] = momentum * before + g;
  param[i] -= lr * before;
}

void launch(const Sgd::Args& args, cudaStream_t stream) {
  if (args.n == 0) return;
  sgd_stale_velocity<<<grid_1d(args.n, kThreads), kThreads, 0, stream>>>(
      args.grad, args.param, args.velocity, args.lr, args.momentum, args.weight_decay, args.n);
  check_launch("mutant");
}

GRIDSTRIDE_VARIANT(Sgd, .idea = "the parameter moves by the velocity of the step before", .launch = launch);

}  // namespace
}  // namespace gridstride
