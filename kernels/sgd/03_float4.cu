// The fused step on four parameters per thread and instruction.
//
// From here on a network's many small parameter tensors cost more in launches than in bytes: one launch for
// all of them is the next idea.
#include "kernels/core/launch.hpp"
#include "kernels/core/variant.hpp"
#include "kernels/device/vec.cuh"
#include "kernels/sgd/sgd.hpp"

namespace gridstride {
namespace {

constexpr int kThreads = 256;
constexpr int64_t kMostBlocks = 1024;

// [kernel]
__global__ void sgd_float4(const float* grad, float* param, float* velocity, float lr, float momentum,
                           float weight_decay, bool nesterov, int64_t n, int64_t n4) {
  const int64_t first = static_cast<int64_t>(blockIdx.x) * blockDim.x + threadIdx.x;
  const int64_t stride = static_cast<int64_t>(gridDim.x) * blockDim.x;
  const auto step = [=](float g, float& w, float& v) {
    g += weight_decay * w;
    v = momentum * v + g;
    w -= lr * (nesterov ? g + momentum * v : v);
  };
  for (int64_t i = first; i < n4; i += stride) {
    const float4 g = reinterpret_cast<const float4*>(grad)[i];
    float4 w = reinterpret_cast<float4*>(param)[i];
    float4 v = velocity ? reinterpret_cast<float4*>(velocity)[i] : make_float4(0, 0, 0, 0);
    each4(step, g, w, v);
    reinterpret_cast<float4*>(param)[i] = w;
    if (velocity) reinterpret_cast<float4*>(velocity)[i] = v;
  }
  for (int64_t i = 4 * n4 + first; i < n; i += stride) {
    float v = velocity ? velocity[i] : 0.0f;
    step(grad[i], param[i], v);
    if (velocity) velocity[i] = v;
  }
}
// [kernel]

void launch(const Sgd::Args& args, cudaStream_t stream) {
  if (args.n == 0) return;
  float* velocity = args.momentum != 0 ? args.velocity : nullptr;
  const int64_t n4 = float4_count(args.n, args.grad, args.param, velocity);
  const unsigned grid = grid_1d(n4 > 0 ? n4 : args.n, kThreads, kMostBlocks);
  sgd_float4<<<grid, kThreads, 0, stream>>>(args.grad, args.param, velocity, args.lr, args.momentum,
                                            args.weight_decay, args.nesterov, args.n, n4);
  check_launch("sgd/03_float4");
}

GRIDSTRIDE_VARIANT(Sgd, .idea = "the fused step, 16 bytes per instruction", .launch = launch,
                   .cures = {"narrow-access"});

}  // namespace
}  // namespace gridstride
