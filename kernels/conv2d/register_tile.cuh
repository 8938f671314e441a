#pragma once

#include <cuda_runtime.h>

#include <cstdint>
#include <utility>

#include "kernels/conv2d/shape.hpp"
#include "kernels/core/epilogue.hpp"

/// What the tiled convolutions share: the problem in 32-bit numbers, how a pixel finds what a tap reads, and
/// the multiplication of two tiles in registers.
namespace gridstride::conv {

inline constexpr int kThreads = 64;
inline constexpr int kSide = 8;    ///< a thread's sums: 8 pixels (or products) x some filters
inline constexpr int kDepth = 32;  ///< products that one pair of tiles holds for each sum

/// What is read, what is written, and how much. Sizes of one image fit an int.
struct Problem {
  const float* source = nullptr;  ///< (N, channels, source_h, source_w)
  float* target = nullptr;        ///< (N, filters, target_h, target_w)
  const float* bias = nullptr;    ///< (filters)
  Epilogue epilogue = Epilogue::none;
  int64_t images = 0;
  int channels = 0, source_h = 0, source_w = 0;
  int filters = 0, target_h = 0, target_w = 0;
  int taps_h = 0, taps_w = 0;

  /// The forward pass: from x to y.
  static Problem forward(const Conv2dShape& shape) {
    const auto narrow = [](int64_t value) { return static_cast<int>(value); };
    Problem p;
    p.images = shape.n;
    p.channels = narrow(shape.c), p.source_h = narrow(shape.h), p.source_w = narrow(shape.w);
    p.filters = narrow(shape.k), p.target_h = narrow(shape.p()), p.target_w = narrow(shape.q());
    p.taps_h = narrow(shape.r), p.taps_w = narrow(shape.s);
    return p;
  }
  /// The way back: from y to x.
  static Problem backward(const Conv2dShape& shape) {
    Problem p = forward(shape);
    std::swap(p.channels, p.filters);
    std::swap(p.source_h, p.target_h);
    std::swap(p.source_w, p.target_w);
    return p;
  }

  __host__ __device__ int source_plane() const { return source_h * source_w; }
  __host__ __device__ int target_plane() const { return target_h * target_w; }
  __host__ __device__ int64_t pixels() const { return images * target_plane(); }
  __host__ __device__ int products() const { return taps_h * taps_w * channels; }
};

// [taps]
/// An output pixel's window starts at p*sh-ph, and tap r reads r rows below.
struct WindowTaps {
  int stride_h, stride_w, pad_h, pad_w;
  explicit WindowTaps(const Conv2dShape& shape)
      : stride_h(static_cast<int>(shape.stride_h)),
        stride_w(static_cast<int>(shape.stride_w)),
        pad_h(static_cast<int>(shape.pad_h)),
        pad_w(static_cast<int>(shape.pad_w)) {}
  __device__ int origin_row(int p) const { return p * stride_h - pad_h; }
  __device__ int origin_col(int q) const { return q * stride_w - pad_w; }
  __device__ int row(int origin, int r) const { return origin + r; }
  __device__ int col(int origin, int s) const { return origin + s; }
};
// [taps]

// [walk]
/// An element of an image with several planes; `at` is -1 outside, where everything reads as 0.
struct Pixel {
  const float* image = nullptr;
  int at = -1;

  /// Copy `run` planes from plane `c` on to shared memory.
  __device__ void copy(int c, int run, int plane, float* s_to, int pitch) const {
    if (at < 0) {
      for (int i = 0; i < run; ++i) s_to[i * pitch] = 0;
    } else {
      const float* from = image + at + c * plane;
      for (int i = 0; i < run; ++i) s_to[i * pitch] = from[i * plane];
    }
  }
};

/// An output pixel, given by its place in its plane, and the source pixel behind the tap at hand.
struct Window {
  Pixel source;
  int row = 0, col = 0;  // where it starts

  Window() = default;
  template <class Taps>
  __device__ Window(const Problem& conv, const Taps& taps, int64_t n, int in_plane)
      : source{conv.source + n * conv.channels * conv.source_plane(), -1},
        row(taps.origin_row(in_plane / conv.target_w)),
        col(taps.origin_col(in_plane % conv.target_w)) {}
  template <class Taps>
  __device__ void find(const Problem& conv, const Taps& taps, int r, int s) {
    const int h = taps.row(row, r), w = taps.col(col, s);
    const bool inside = source.image && h >= 0 && h < conv.source_h && w >= 0 && w < conv.source_w;
    source.at = inside ? h * conv.source_w + w : -1;
  }
};

/// The products of a sum in their order: taps (r,s) outside, channels inside. Within a tap an address only
/// moves on by one plane, and whether it lies in the image is asked once per tap.
struct Walk {
  int r = 0, s = 0, c = 0;

  Walk() = default;
  __device__ Walk(const Problem& conv, int product)
      : r(product / conv.channels / conv.taps_w),
        s(product / conv.channels % conv.taps_w),
        c(product % conv.channels) {}
  /// Bring what the next `count` products read to s_to[0], s_to[pitch], ...; one column per window, `columns`
  /// floats apart.
  template <class Taps, int kWindows>
  __device__ void fill(const Problem& conv, const Taps& taps, Window (&windows)[kWindows], int count,
                       float* s_to, int pitch, int columns) {
    for (int l = 0; l < count;) {
      const int run = min(count - l, conv.channels - c);  // products until the tap changes
      for (int u = 0; u < kWindows; ++u) {
        windows[u].find(conv, taps, r, s);
        windows[u].source.copy(c, run, conv.source_plane(), s_to + l * pitch + u * columns, pitch);
      }
      l += run, c += run;
      if (c == conv.channels) {
        c = 0;
        if (++s == conv.taps_w) s = 0, ++r;
      }
    }
  }
};
// [walk]

// [multiply]
/// sum[i][j] += sum over l in [begin, end) of sX[l][x + i * kStep] * sF[l][f + j]: with 16 filters 24 loads
/// from shared memory feed 128 multiply-adds. A warp's lanes read neighbouring x, and few different rows of
/// f, 16 bytes at a time.
template <int kStep, int kWidthX, int kWidthF, int kWide>
__device__ __forceinline__ void multiply(const float (&sX)[kDepth][kWidthX],
                                         const float (&sF)[kDepth][kWidthF], int x, int f, int begin, int end,
                                         float (&sum)[kSide][kWide]) {
  float r[kSide][kWide];
#pragma unroll
  for (int i = 0; i < kSide; ++i) {
#pragma unroll
    for (int j = 0; j < kWide; ++j) r[i][j] = sum[i][j];
  }
  for (int l = begin; l < end; ++l) {
#pragma unroll
    for (int j = 0; j < kWide; ++j) {
#pragma unroll
      for (int i = 0; i < kSide; ++i) r[i][j] += sX[l][x + i * kStep] * sF[l][f + j];
    }
  }
#pragma unroll
  for (int i = 0; i < kSide; ++i) {
#pragma unroll
    for (int j = 0; j < kWide; ++j) sum[i][j] = r[i][j];
  }
}
// [multiply]

}  // namespace gridstride::conv
