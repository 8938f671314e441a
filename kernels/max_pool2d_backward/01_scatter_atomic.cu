// One thread per window adds its gradient to the pixel that won.
//
// Windows that overlap may have the same winner, so the addition is atomic, and dx has to be zeroed before.
// Atomics arrive in any order: where three or more windows meet, two runs may differ in their last bits.
#include "kernels/core/launch.hpp"
#include "kernels/core/variant.hpp"
#include "kernels/max_pool2d_backward/max_pool2d_backward.hpp"

namespace gridstride {
namespace {

constexpr int kThreads = 256;

// [kernel]
__global__ void max_pool_scatter(const float* dy, const int32_t* argmax, float* dx, Pool2dShape shape,
                                 int64_t P, int64_t Q) {
  const int64_t first = static_cast<int64_t>(blockIdx.x) * blockDim.x + threadIdx.x;
  const int64_t stride = static_cast<int64_t>(gridDim.x) * blockDim.x;
  for (int64_t i = first; i < shape.n * shape.c * P * Q; i += stride) {
    const int64_t q = i % Q, p = i / Q % P, plane = i / (P * Q);
    const int64_t row = argmax[i] / shape.w, col = argmax[i] % shape.w;
    const int64_t r = row - (p * shape.stride_h - shape.pad_h), s = col - (q * shape.stride_w - shape.pad_w);
    if (argmax[i] < 0 || row >= shape.h || r < 0 || r >= shape.r || s < 0 || s >= shape.s) continue;
    atomicAdd(dx + plane * shape.h * shape.w + argmax[i], dy[i]);
  }
}
// [kernel]

void launch(const MaxPool2dBackward::Args& args, cudaStream_t stream) {
  const Pool2dShape& shape = args.shape;
  if (shape.x_elems() == 0) return;
  const auto bytes = static_cast<std::size_t>(shape.x_elems()) * sizeof(float);
  GRIDSTRIDE_CUDA(cudaMemsetAsync(args.dx, 0, bytes, stream));
  max_pool_scatter<<<grid_1d(shape.y_elems(), kThreads), kThreads, 0, stream>>>(args.dy, args.argmax, args.dx,
                                                                                shape, shape.p(), shape.q());
  check_launch("max_pool2d_backward/01_scatter_atomic");
}

GRIDSTRIDE_VARIANT(MaxPool2dBackward, .idea = "every window adds to its winner, atomically",
                   .deterministic = false, .launch = launch);

}  // namespace
}  // namespace gridstride
