// Four elements per thread and instruction. On top of that only fusing helps: the kernel that makes x could
// add it to y itself and save x its way through memory.
#include "kernels/accumulate/accumulate.hpp"
#include "kernels/core/launch.hpp"
#include "kernels/core/variant.hpp"
#include "kernels/device/vec.cuh"

namespace gridstride {
namespace {

constexpr int kThreads = 256;
constexpr int64_t kMostBlocks = 1024;

// [kernel]
__global__ void accumulate_float4(const float* x, float* y, float alpha, int64_t n, int64_t n4) {
  const int64_t first = static_cast<int64_t>(blockIdx.x) * blockDim.x + threadIdx.x;
  const int64_t stride = static_cast<int64_t>(gridDim.x) * blockDim.x;
  for (int64_t i = first; i < n4; i += stride) {
    const float4 in = reinterpret_cast<const float4*>(x)[i];
    float4 sum = reinterpret_cast<float4*>(y)[i];
    each4([alpha](float a, float& b) { b += alpha * a; }, in, sum);
    reinterpret_cast<float4*>(y)[i] = sum;
  }
  for (int64_t i = 4 * n4 + first; i < n; i += stride) y[i] += alpha * x[i];
}
// [kernel]

void launch(const Accumulate::Args& args, cudaStream_t stream) {
  if (args.n == 0) return;
  const int64_t n4 = float4_count(args.n, args.x, args.y);
  const unsigned grid = grid_1d(n4 > 0 ? n4 : args.n, kThreads, kMostBlocks);
  accumulate_float4<<<grid, kThreads, 0, stream>>>(args.x, args.y, args.alpha, args.n, n4);
  check_launch("accumulate/02_float4");
}

GRIDSTRIDE_VARIANT(Accumulate, .idea = "16 bytes per instruction, with a scalar tail", .launch = launch,
                   .cures = {"narrow-access"});

}  // namespace
}  // namespace gridstride
