// One block per channel: each warp takes images in turn, its lanes run along the pixels, and the block adds
// up.
//
// Reads are coalesced, and 256 short sums replace one long one, which is also more accurate. The order of all
// additions follows from the shape: same input, same bits. Where inner is 1 the lanes have nothing to run
// along.
#include "kernels/bias_grad/bias_grad.hpp"
#include "kernels/core/launch.hpp"
#include "kernels/core/variant.hpp"
#include "kernels/device/block.cuh"

namespace gridstride {
namespace {

constexpr int kThreads = 256;
constexpr int kWarps = kThreads / kWarpSize;

// [kernel]
__global__ void bias_grad_block_per_channel(const float* dy, float* db, int64_t outer, int64_t channels,
                                            int64_t inner) {
  const int lane = static_cast<int>(threadIdx.x) % kWarpSize;
  const int warp = static_cast<int>(threadIdx.x) / kWarpSize;
  for (int64_t c = blockIdx.x; c < channels; c += gridDim.x) {
    float sum = 0;
    for (int64_t o = warp; o < outer; o += kWarps) {
      const float* row = dy + (o * channels + c) * inner;
      for (int64_t i = lane; i < inner; i += kWarpSize) sum += row[i];
    }
    sum = block_sum<kThreads>(sum);
    if (threadIdx.x == 0) db[c] += sum;
  }
}
// [kernel]

void launch(const BiasGrad::Args& args, cudaStream_t stream) {
  if (args.outer == 0 || args.channels == 0 || args.inner == 0) return;
  bias_grad_block_per_channel<<<grid_1d(args.channels, 1), kThreads, 0, stream>>>(
      args.dy, args.db, args.outer, args.channels, args.inner);
  check_launch("bias_grad/02_block_per_channel");
}

GRIDSTRIDE_VARIANT(BiasGrad, .idea = "one block per channel, lanes along the pixels", .launch = launch,
                   .cures = {"too-few-blocks", "uncoalesced-load"});

}  // namespace
}  // namespace gridstride
