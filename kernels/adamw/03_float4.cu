// The fused step on four parameters per thread and instruction: four 16-byte loads in flight at once.
#include "kernels/adamw/adamw.hpp"
#include "kernels/adamw/step.hpp"
#include "kernels/core/launch.hpp"
#include "kernels/core/variant.hpp"
#include "kernels/device/vec.cuh"

namespace gridstride {
namespace {

constexpr int kThreads = 256;
constexpr int64_t kMostBlocks = 1024;

// [kernel]
__global__ void adamw_float4(const float* grad, float* param, float* m, float* v, float beta1, float beta2,
                             float eps, AdamWStep step, int64_t n, int64_t n4) {
  const int64_t first = static_cast<int64_t>(blockIdx.x) * blockDim.x + threadIdx.x;
  const int64_t stride = static_cast<int64_t>(gridDim.x) * blockDim.x;
  const auto update = [=](float g, float& w, float& mean, float& square) {
    mean = beta1 * mean + (1 - beta1) * g;
    square = beta2 * square + (1 - beta2) * g * g;
    w = step.keep * w - step.size * mean / (sqrtf(square) / step.root + eps);
  };
  for (int64_t i = first; i < n4; i += stride) {
    const float4 g = reinterpret_cast<const float4*>(grad)[i];
    float4 w = reinterpret_cast<float4*>(param)[i];
    float4 mean = reinterpret_cast<float4*>(m)[i];
    float4 square = reinterpret_cast<float4*>(v)[i];
    each4(update, g, w, mean, square);
    reinterpret_cast<float4*>(param)[i] = w;
    reinterpret_cast<float4*>(m)[i] = mean;
    reinterpret_cast<float4*>(v)[i] = square;
  }
  for (int64_t i = 4 * n4 + first; i < n; i += stride) update(grad[i], param[i], m[i], v[i]);
}
// [kernel]

void launch(const AdamW::Args& args, cudaStream_t stream) {
  if (args.n == 0) return;
  const int64_t n4 = float4_count(args.n, args.grad, args.param, args.m, args.v);
  const unsigned grid = grid_1d(n4 > 0 ? n4 : args.n, kThreads, kMostBlocks);
  adamw_float4<<<grid, kThreads, 0, stream>>>(args.grad, args.param, args.m, args.v, args.beta1, args.beta2,
                                              args.eps, AdamWStep(args), args.n, n4);
  check_launch("adamw/03_float4");
}

GRIDSTRIDE_VARIANT(AdamW, .idea = "the fused step, 16 bytes per instruction", .launch = launch,
                   .cures = {"narrow-access"});

}  // namespace
}  // namespace gridstride
