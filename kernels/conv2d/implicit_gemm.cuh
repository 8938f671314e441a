#pragma once

#include "kernels/conv2d/register_tile.cuh"
#include "kernels/core/buffer.hpp"
#include "kernels/core/launch.hpp"

/// A convolution as the matrix product (filters) x (reads of the source), without ever storing the latter.
///
/// The forward pass and the gradient of the data are the same product; they differ in which pixel of the
/// source a tap (r,s) reads for an output pixel. That is what `Taps` tells:
///   int origin_row(int row), origin_col(int col)   where an output pixel's window starts
///   int row(int origin, int r), col(int origin, int s)   the source pixel behind a tap, or one outside
namespace gridstride::conv {

// [rearrange]
/// tiles[l][f] = w of filter f for the product l = (r,s,c): the order in which the product reads them, so
/// that it can do so in whole rows. `padded` columns and `rows` rows end in zeros, which spares every check
/// there.
static __global__ void rearrange_filters(const float* w, float* tiles, int64_t rows, int padded, Problem conv,
                                         int64_t filter_stride, int64_t channel_stride) {
  const int64_t first = static_cast<int64_t>(blockIdx.x) * blockDim.x + threadIdx.x;
  const int64_t stride = static_cast<int64_t>(gridDim.x) * blockDim.x;
  for (int64_t i = first; i < rows * padded; i += stride) {
    const int64_t f = i % padded, l = i / padded;
    const int64_t c = l % conv.channels, tap = l / conv.channels;
    const bool inside = f < conv.filters && l < conv.products();
    tiles[i] = inside ? w[f * filter_stride + c * channel_stride + tap] : 0;
  }
}
// [rearrange]

// [kernel]
/// One block computes kFilters x kPixels of the output, one thread 8 pixels of kWide filters.
template <class Taps, int kWide, int kFilterGroups>
__global__ void __launch_bounds__(kThreads)
    implicit_gemm(Problem conv, Taps taps, const float* filter_tiles, int filter_tile_count) {
  constexpr int kFilters = kWide * kFilterGroups;
  constexpr int kPixelGroups = kThreads / kFilterGroups, kPixels = kSide * kPixelGroups;
  constexpr int kOwn = kPixels / kThreads;            // columns that a thread loads
  __shared__ float sX[kDepth][kPixels];               // (l,pixel)
  __shared__ alignas(16) float sF[kDepth][kFilters];  // (l,filter)
  const int tid = static_cast<int>(threadIdx.x);
  const int64_t pixel0 = static_cast<int64_t>(blockIdx.x / filter_tile_count) * kPixels;
  const int filter0 = static_cast<int>(blockIdx.x % filter_tile_count) * kFilters;
  const int x = tid % kPixelGroups, f = tid / kPixelGroups * kWide;

  Window own[kOwn];
  for (int u = 0; u < kOwn; ++u) {
    const int64_t pixel = pixel0 + tid + u * kThreads, n = pixel / conv.target_plane();
    if (n < conv.images) own[u] = Window(conv, taps, n, static_cast<int>(pixel % conv.target_plane()));
  }
  Walk walk;
  float sum[kSide][kWide] = {};
  const int products = conv.products();
  const int64_t row = static_cast<int64_t>(filter_tile_count) * (kFilters / 4);
  const float4* filters = reinterpret_cast<const float4*>(filter_tiles + filter0);
  for (int l0 = 0; l0 < products; l0 += kDepth) {
    const int depth = min(kDepth, products - l0);
    walk.fill(conv, taps, own, depth, &sX[0][tid], kPixels, kThreads);
    for (int i = tid; i < kDepth * kFilters / 4; i += kThreads) {
      const int l = i / (kFilters / 4), four = i % (kFilters / 4);
      reinterpret_cast<float4*>(sF[l])[four] = filters[(l0 + l) * row + four];
    }
    __syncthreads();
    multiply<kPixelGroups>(sX, sF, x, f, 0, depth, sum);
    __syncthreads();
  }

  int64_t n = (pixel0 + x) / conv.target_plane();
  int in_plane = static_cast<int>((pixel0 + x) % conv.target_plane());
  for (int i = 0; i < kSide && n < conv.images; ++i) {
    float* target = conv.target + n * conv.filters * conv.target_plane() + in_plane;
    for (int j = 0; j < kWide && filter0 + f + j < conv.filters; ++j) {
      float value = sum[i][j];
      if (conv.epilogue != Epilogue::none) value += conv.bias[filter0 + f + j];
      if (conv.epilogue == Epilogue::bias_relu) value = value < 0 ? 0 : value;  // a NaN stays visible
      target[(filter0 + f + j) * conv.target_plane()] = value;
    }
    in_plane += kPixelGroups;
    if (in_plane >= conv.target_plane()) {  // on to the next image, or beyond it if images are tiny
      n += in_plane / conv.target_plane();
      in_plane %= conv.target_plane();
    }
  }
}
// [kernel]

/// Rearrange the filters, then run the product. A filter's element for channel c and tap t = (r,s) lies at
/// filter * filter_stride + c * channel_stride + t in w.
template <class Taps, int kWide, int kFilterGroups>
void launch_tiled(const Problem& conv, const Taps& taps, const float* w, int64_t filter_stride,
                  int64_t channel_stride, cudaStream_t stream) {
  constexpr int kFilters = kWide * kFilterGroups, kPixels = kSide * kThreads / kFilterGroups;
  const int filter_tiles = static_cast<int>(ceil_div(conv.filters, kFilters));
  const int64_t rows = ceil_div(conv.products(), kDepth) * kDepth;
  const int64_t tile_elems = rows * filter_tiles * kFilters;
  DeviceBuffer<float> tiles(tile_elems, stream);
  if (tile_elems > 0) {
    rearrange_filters<<<grid_1d(tile_elems, 256), 256, 0, stream>>>(
        w, tiles.data(), rows, filter_tiles * kFilters, conv, filter_stride, channel_stride);
  }
  const auto blocks = static_cast<unsigned>(ceil_div(conv.pixels(), kPixels) * filter_tiles);
  implicit_gemm<Taps, kWide, kFilterGroups>
      <<<blocks, kThreads, 0, stream>>>(conv, taps, tiles.data(), filter_tiles);
}

/// Few filters get a flat tile of smaller squares: its threads do not compute what nobody asked for, and
/// there are enough of them.
template <class Taps>
void launch_implicit_gemm(const Problem& conv, const Taps& taps, const float* w, int64_t filter_stride,
                          int64_t channel_stride, cudaStream_t stream) {
  if (conv.filters <= 32) {
    launch_tiled<Taps, 8, 4>(conv, taps, w, filter_stride, channel_stride, stream);
  } else {
    launch_tiled<Taps, 16, 4>(conv, taps, w, filter_stride, channel_stride, stream);
  }
}

}  // namespace gridstride::conv
