// Wrong on purpose: the tree starts a level too low, so half of the partial sums are lost.
#include "kernels/core/launch.hpp"
#include "kernels/core/variant.hpp"
#include "kernels/sum/sum.hpp"

namespace gridstride {
namespace {

constexpr int kThreads = 256;

__global__ void sum_half_tree(const float* x, float* y, float scale, int64_t n) {
  __shared__ float s_sum[kThreads];
  const int t = static_cast<int>(threadIdx.x);
  float total = 0;
  for (int64_t i = t; i < n; i += kThreads) total += x[i];
  s_sum[t] = total;
  __syncthreads();
  for (int half = kThreads / 4; half > 0; half /= 2) {
    if (t < half) s_sum[t] += s_sum[t + half];
    __syncthreads();
  }
  if (t == 0) *y = scale * s_sum[0];
}

void launch(const Sum::Args& args, cudaStream_t stream) {
  sum_half_tree<<<1, kThreads, 0, stream>>>(args.x, args.y, args.scale, args.n);
  check_launch("mutant");
}

GRIDSTRIDE_VARIANT(Sum, .idea = "the tree starts a level too low, so half of the partial sums are lost",
                   .launch = launch);

}  // namespace
}  // namespace gridstride
