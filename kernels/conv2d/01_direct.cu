// One thread per output element walks its window through all channels.
//
// The sum of the definition, word for word. Neighbouring threads compute neighbouring pixels of one output
// plane, so their loads of x lie side by side and the filter's element is the same for the whole warp. What
// limits it: every multiply-add costs two loads, and each pixel is read again by the R*S windows that cover
// it and by all K filters.
#include "kernels/conv2d/conv2d.hpp"
#include "kernels/core/launch.hpp"
#include "kernels/core/variant.hpp"

namespace gridstride {
namespace {

constexpr int kThreads = 256;

// [kernel]
__global__ void conv2d_direct(const float* x, const float* w, const float* bias, float* y, Conv2dShape shape,
                              int64_t P, int64_t Q, Epilogue epilogue) {
  const int64_t first = static_cast<int64_t>(blockIdx.x) * blockDim.x + threadIdx.x;
  const int64_t stride = static_cast<int64_t>(gridDim.x) * blockDim.x;
  for (int64_t i = first; i < shape.n * shape.k * P * Q; i += stride) {
    const int64_t q = i % Q, p = i / Q % P, k = i / (P * Q) % shape.k, n = i / (P * Q * shape.k);
    const int64_t h0 = p * shape.stride_h - shape.pad_h, w0 = q * shape.stride_w - shape.pad_w;

    float sum = 0;
    for (int64_t c = 0; c < shape.c; ++c) {
      const float* plane = x + (n * shape.c + c) * shape.h * shape.w;
      const float* filter = w + (k * shape.c + c) * shape.r * shape.s;
      for (int64_t r = 0; r < shape.r; ++r) {
        if (h0 + r < 0 || h0 + r >= shape.h) continue;
        for (int64_t s = 0; s < shape.s; ++s) {
          if (w0 + s < 0 || w0 + s >= shape.w) continue;
          sum += plane[(h0 + r) * shape.w + w0 + s] * filter[r * shape.s + s];
        }
      }
    }
    if (epilogue != Epilogue::none) sum += bias[k];
    if (epilogue == Epilogue::bias_relu) sum = sum < 0 ? 0 : sum;  // in this form a NaN stays visible
    y[i] = sum;
  }
}
// [kernel]

void launch(const Conv2d::Args& args, cudaStream_t stream) {
  const Conv2dShape& shape = args.shape;
  if (shape.y_elems() == 0) return;
  conv2d_direct<<<grid_1d(shape.y_elems(), kThreads), kThreads, 0, stream>>>(
      args.x, args.w, args.bias, args.y, shape, shape.p(), shape.q(), args.epilogue);
  check_launch("conv2d/01_direct");
}

GRIDSTRIDE_VARIANT(Conv2d, .idea = "one thread per output element walks its window", .launch = launch);

}  // namespace
}  // namespace gridstride
