// One thread per pixel of dx collects from every window that covered it.
//
// The convolution sends pixel (h,w) through filter element (r,s) to the window p = (h+ph-r)/sh if that is a
// whole number. Reading the sentence backwards gives a gather: nobody writes the same address, so there are
// no atomics and the order of the sum is fixed. With a stride, most (r,s) fail the test for whole numbers.
#include "kernels/conv2d_dgrad/conv2d_dgrad.hpp"
#include "kernels/core/launch.hpp"
#include "kernels/core/variant.hpp"

namespace gridstride {
namespace {

constexpr int kThreads = 256;

// [kernel]
__global__ void conv2d_dgrad_direct(const float* dy, const float* w, float* dx, Conv2dShape shape, int64_t P,
                                    int64_t Q) {
  const int64_t first = static_cast<int64_t>(blockIdx.x) * blockDim.x + threadIdx.x;
  const int64_t stride = static_cast<int64_t>(gridDim.x) * blockDim.x;
  for (int64_t i = first; i < shape.n * shape.c * shape.h * shape.w; i += stride) {
    const int64_t col = i % shape.w, row = i / shape.w % shape.h;
    const int64_t c = i / (shape.w * shape.h) % shape.c, n = i / (shape.w * shape.h * shape.c);

    float sum = 0;
    for (int64_t r = 0; r < shape.r; ++r) {
      const int64_t from_top = row + shape.pad_h - r;  // = p * stride_h
      if (from_top < 0 || from_top % shape.stride_h != 0 || from_top / shape.stride_h >= P) continue;
      for (int64_t s = 0; s < shape.s; ++s) {
        const int64_t from_left = col + shape.pad_w - s;  // = q * stride_w
        if (from_left < 0 || from_left % shape.stride_w != 0 || from_left / shape.stride_w >= Q) continue;
        const int64_t pq = from_top / shape.stride_h * Q + from_left / shape.stride_w;
        for (int64_t k = 0; k < shape.k; ++k) {
          sum += dy[(n * shape.k + k) * P * Q + pq] * w[((k * shape.c + c) * shape.r + r) * shape.s + s];
        }
      }
    }
    dx[i] = sum;
  }
}
// [kernel]

void launch(const Conv2dDgrad::Args& args, cudaStream_t stream) {
  const Conv2dShape& shape = args.shape;
  if (shape.x_elems() == 0) return;
  conv2d_dgrad_direct<<<grid_1d(shape.x_elems(), kThreads), kThreads, 0, stream>>>(
      args.dy, args.w, args.dx, shape, shape.p(), shape.q());
  check_launch("conv2d_dgrad/01_direct");
}

GRIDSTRIDE_VARIANT(Conv2dDgrad, .idea = "one thread per pixel gathers from the windows that covered it",
                   .launch = launch);

}  // namespace
}  // namespace gridstride
