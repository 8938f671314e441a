// Wrong: db is overwritten where the gradient has to be added to it.
#include "kernels/bias_grad/bias_grad.hpp"
#include "kernels/core/launch.hpp"
#include "kernels/core/variant.hpp"

namespace gridstride {
namespace {

constexpr int kThreads = 128;

__global__ void bias_grad_overwrites(BiasGrad::Args args) {
  const int64_t c = static_cast<int64_t>(blockIdx.x) * blockDim.x + threadIdx.x;
  if (c >= args.channels) return;
  float sum = 0;
  for (int64_t o = 0; o < args.outer; ++o) {
    for (int64_t i = 0; i < args.inner; ++i) sum += args.dy[(o * args.channels + c) * args.inner + i];
  }
  args.db[c] = sum;
}

void launch(const BiasGrad::Args& args, cudaStream_t stream) {
  if (args.channels == 0) return;
  bias_grad_overwrites<<<grid_1d(args.channels, kThreads), kThreads, 0, stream>>>(args);
  check_launch("bias_grad/mutant_overwrites");
}

GRIDSTRIDE_VARIANT(BiasGrad, .idea = "wrong: db is not accumulated", .launch = launch);

}  // namespace
}  // namespace gridstride
