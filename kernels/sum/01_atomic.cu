// Every thread adds its element to one address.
//
// Right, and the slowest way: the additions queue up behind each other. They also arrive in any order, and
// floating-point addition is not associative, so two runs may differ in their last bits.
#include "kernels/core/launch.hpp"
#include "kernels/core/variant.hpp"
#include "kernels/sum/sum.hpp"

namespace gridstride {
namespace {

constexpr int kThreads = 256;
constexpr int64_t kMostBlocks = 1024;

// [kernel]
__global__ void sum_atomic(const float* x, float* y, float scale, int64_t n) {
  const int64_t first = static_cast<int64_t>(blockIdx.x) * blockDim.x + threadIdx.x;
  const int64_t stride = static_cast<int64_t>(gridDim.x) * blockDim.x;
  for (int64_t i = first; i < n; i += stride) atomicAdd(y, scale * x[i]);
}
// [kernel]

void launch(const Sum::Args& args, cudaStream_t stream) {
  GRIDSTRIDE_CUDA(cudaMemsetAsync(args.y, 0, sizeof(float), stream));
  if (args.n == 0) return;
  sum_atomic<<<grid_1d(args.n, kThreads, kMostBlocks), kThreads, 0, stream>>>(args.x, args.y, args.scale,
                                                                              args.n);
  check_launch("sum/01_atomic");
}

GRIDSTRIDE_VARIANT(Sum, .idea = "every thread adds to one address", .deterministic = false, .launch = launch,
                   .suffers = {"atomic-contention"});

}  // namespace
}  // namespace gridstride
