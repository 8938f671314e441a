// Four neighbouring elements per thread and instruction.
//
// The bytes are the same, but a quarter of the instructions keeps them in flight, which helps where a GPU has
// too few warps to cover the latency of its memory. What is not a whole float4 (a tail, or everything when a
// pointer is not 16-byte aligned) goes through the scalar loop.
#include "kernels/core/launch.hpp"
#include "kernels/core/variant.hpp"
#include "kernels/device/vec.cuh"
#include "kernels/relu/relu.hpp"

namespace gridstride {
namespace {

constexpr int kThreads = 256;
constexpr int64_t kMostBlocks = 1024;

// [kernel]
__global__ void relu_float4(const float* x, float* y, int64_t n, int64_t n4) {
  const int64_t first = static_cast<int64_t>(blockIdx.x) * blockDim.x + threadIdx.x;
  const int64_t stride = static_cast<int64_t>(gridDim.x) * blockDim.x;
  const auto relu = [](float& v) { v = v <= 0 ? 0.0f : v; };
  for (int64_t i = first; i < n4; i += stride) {
    float4 v = reinterpret_cast<const float4*>(x)[i];
    each4(relu, v);
    reinterpret_cast<float4*>(y)[i] = v;
  }
  for (int64_t i = 4 * n4 + first; i < n; i += stride) {
    float v = x[i];
    relu(v);
    y[i] = v;
  }
}
// [kernel]

void launch(const Relu::Args& args, cudaStream_t stream) {
  if (args.n == 0) return;
  const int64_t n4 = float4_count(args.n, args.x, args.y);
  const unsigned grid = grid_1d(n4 > 0 ? n4 : args.n, kThreads, kMostBlocks);
  relu_float4<<<grid, kThreads, 0, stream>>>(args.x, args.y, args.n, n4);
  check_launch("relu/02_float4");
}

GRIDSTRIDE_VARIANT(Relu, .idea = "16 bytes per instruction, with a scalar tail", .launch = launch,
                   .cures = {"narrow-access"});

}  // namespace
}  // namespace gridstride
