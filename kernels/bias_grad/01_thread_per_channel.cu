// One thread per channel adds everything up.
//
// Right and deterministic, but a layer has 32 or 64 channels: two warps work and the rest of the device
// watches, and for images the lanes of a warp read addresses that are a whole plane apart.
#include "kernels/bias_grad/bias_grad.hpp"
#include "kernels/core/launch.hpp"
#include "kernels/core/variant.hpp"

namespace gridstride {
namespace {

constexpr int kThreads = 256;

// [kernel]
__global__ void bias_grad_thread_per_channel(const float* dy, float* db, int64_t outer, int64_t channels,
                                             int64_t inner) {
  const int64_t first = static_cast<int64_t>(blockIdx.x) * blockDim.x + threadIdx.x;
  const int64_t stride = static_cast<int64_t>(gridDim.x) * blockDim.x;
  for (int64_t c = first; c < channels; c += stride) {
    float sum = 0;
    for (int64_t o = 0; o < outer; ++o) {
      const float* row = dy + (o * channels + c) * inner;
      for (int64_t i = 0; i < inner; ++i) sum += row[i];
    }
    db[c] += sum;
  }
}
// [kernel]

void launch(const BiasGrad::Args& args, cudaStream_t stream) {
  if (args.outer == 0 || args.channels == 0 || args.inner == 0) return;
  bias_grad_thread_per_channel<<<grid_1d(args.channels, kThreads), kThreads, 0, stream>>>(
      args.dy, args.db, args.outer, args.channels, args.inner);
  check_launch("bias_grad/01_thread_per_channel");
}

GRIDSTRIDE_VARIANT(BiasGrad, .idea = "one thread per channel", .launch = launch,
                   .suffers = {"too-few-blocks", "uncoalesced-load"});

}  // namespace
}  // namespace gridstride
