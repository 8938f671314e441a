// Wrong on purpose: what is behind the last whole float4 is forgotten.
#include "kernels/accumulate/accumulate.hpp"
#include "kernels/core/launch.hpp"
#include "kernels/core/variant.hpp"
#include "kernels/device/vec.cuh"

namespace gridstride {
namespace {

constexpr int kThreads = 256;

__global__ void accumulate_forgets_tail(const float* x, float* y, float alpha, int64_t n) {
  const int64_t i = static_cast<int64_t>(blockIdx.x) * blockDim.x + threadIdx.x;
  if (i >= n / 4) return;
  const float4 in = reinterpret_cast<const float4*>(x)[i];
  float4 sum = reinterpret_cast<float4*>(y)[i];
  each4([alpha](float a, float& b) { b += alpha * a; }, in, sum);
  reinterpret_cast<float4*>(y)[i] = sum;
}

void launch(const Accumulate::Args& args, cudaStream_t stream) {
  if (args.n == 0) return;
  accumulate_forgets_tail<<<grid_1d(args.n, kThreads), kThreads, 0, stream>>>(args.x, args.y, args.alpha,
                                                                              args.n);
  check_launch("mutant");
}

GRIDSTRIDE_VARIANT(Accumulate, .idea = "what is behind the last whole float4 is forgotten", .launch = launch);

}  // namespace
}  // namespace gridstride
