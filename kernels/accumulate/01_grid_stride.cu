// One element per thread and step: read x and y, write y.
#include "kernels/accumulate/accumulate.hpp"
#include "kernels/core/launch.hpp"
#include "kernels/core/variant.hpp"

namespace gridstride {
namespace {

constexpr int kThreads = 256;
constexpr int64_t kMostBlocks = 1024;

// [kernel]
__global__ void accumulate_grid_stride(const float* x, float* y, float alpha, int64_t n) {
  const int64_t first = static_cast<int64_t>(blockIdx.x) * blockDim.x + threadIdx.x;
  const int64_t stride = static_cast<int64_t>(gridDim.x) * blockDim.x;
  for (int64_t i = first; i < n; i += stride) y[i] += alpha * x[i];
}
// [kernel]

void launch(const Accumulate::Args& args, cudaStream_t stream) {
  if (args.n == 0) return;
  accumulate_grid_stride<<<grid_1d(args.n, kThreads, kMostBlocks), kThreads, 0, stream>>>(args.x, args.y,
                                                                                          args.alpha, args.n);
  check_launch("accumulate/01_grid_stride");
}

GRIDSTRIDE_VARIANT(Accumulate, .idea = "each thread owns its elements, so += needs no atomic",
                   .launch = launch, .suffers = {"narrow-access"});

}  // namespace
}  // namespace gridstride
