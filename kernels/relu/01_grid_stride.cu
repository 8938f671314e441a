// A grid that fits the machine walks over the array: thread i takes elements i, i + stride, i + 2 * stride,
// ...
//
// Neighbours in a warp stay neighbours in memory, so every request is coalesced, and n may be any size. There
// is one flop for 8 bytes: only the memory bus matters from here on.
#include "kernels/core/launch.hpp"
#include "kernels/core/variant.hpp"
#include "kernels/relu/relu.hpp"

namespace gridstride {
namespace {

constexpr int kThreads = 256;
constexpr int64_t kMostBlocks = 1024;

// [kernel]
__global__ void relu_grid_stride(const float* x, float* y, int64_t n) {
  const int64_t first = static_cast<int64_t>(blockIdx.x) * blockDim.x + threadIdx.x;
  const int64_t stride = static_cast<int64_t>(gridDim.x) * blockDim.x;
  for (int64_t i = first; i < n; i += stride) {
    y[i] = x[i] <= 0 ? 0.0f : x[i];  // written so that NaN, which compares false, comes through
  }
}
// [kernel]

void launch(const Relu::Args& args, cudaStream_t stream) {
  if (args.n == 0) return;
  relu_grid_stride<<<grid_1d(args.n, kThreads, kMostBlocks), kThreads, 0, stream>>>(args.x, args.y, args.n);
  check_launch("relu/01_grid_stride");
}

GRIDSTRIDE_VARIANT(Relu, .idea = "a grid of fixed size strides over the array", .launch = launch,
                   .suffers = {"narrow-access"});

}  // namespace
}  // namespace gridstride
