// For a linear layer: a block takes 32 neighbouring channels, its warps take rows in turn.
//
// With inner = 1 the channels are what lies side by side in memory, so the lanes of a warp run along them and
// each keeps the sum of its column. Shared memory then adds the warps' sums, in their order.
#include "kernels/bias_grad/bias_grad.hpp"
#include "kernels/core/launch.hpp"
#include "kernels/core/variant.hpp"
#include "kernels/device/warp.cuh"

namespace gridstride {
namespace {

constexpr int kWarps = 8;

// [kernel]
__global__ void bias_grad_column_tile(const float* dy, float* db, int64_t rows, int64_t channels) {
  __shared__ float s_sum[kWarps][kWarpSize];
  const int lane = static_cast<int>(threadIdx.x), warp = static_cast<int>(threadIdx.y);
  const int64_t c = static_cast<int64_t>(blockIdx.x) * kWarpSize + lane;

  float sum = 0;
  if (c < channels) {
    for (int64_t o = warp; o < rows; o += kWarps) sum += dy[o * channels + c];
  }
  s_sum[warp][lane] = sum;
  __syncthreads();
  if (warp == 0 && c < channels) {
    for (int other = 1; other < kWarps; ++other) sum += s_sum[other][lane];
    db[c] += sum;
  }
}
// [kernel]

void launch(const BiasGrad::Args& args, cudaStream_t stream) {
  if (args.outer == 0 || args.channels == 0) return;
  const auto blocks = static_cast<unsigned>(ceil_div(args.channels, kWarpSize));
  bias_grad_column_tile<<<blocks, dim3(kWarpSize, kWarps), 0, stream>>>(args.dy, args.db, args.outer,
                                                                        args.channels);
  check_launch("bias_grad/03_column_tile");
}

std::string unsupported(const BiasGrad::Args& args) {
  if (args.inner != 1) return "takes inner = 1 only, got " + std::to_string(args.inner);
  if (ceil_div(args.channels, kWarpSize) > kMaxGridX) {
    return std::to_string(args.channels) + " channels are more than a grid holds";
  }
  return {};
}

GRIDSTRIDE_VARIANT(BiasGrad, .idea = "inner = 1: lanes along the channels, warps along the rows",
                   .launch = launch, .unsupported = unsupported, .suffers = {"too-few-blocks"});

}  // namespace
}  // namespace gridstride
