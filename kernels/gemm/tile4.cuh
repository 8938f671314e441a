#pragma once

#include <cstdint>

#include "kernels/gemm/operands.cuh"

/// Tiles of op(A), op(B) and C moved in 128-bit words, 4 floats at a time: what the upper rungs build on.
namespace gridstride::gemm {

/// Whether rows of `row_elems` floats from `data` on may be read in 128-bit words.
inline bool rows_aligned(const float* data, int64_t row_elems) {
  return reinterpret_cast<std::uintptr_t>(data) % sizeof(float4) == 0 && row_elems % 4 == 0;
}

/// An operand without its direction: `width` rows of op(A) or columns of op(B), each of `depth` elements
/// along the sums.
struct Panel {
  const float* data;
  int64_t width, depth;
  bool aligned;  // every row of the stored matrix starts on a multiple of 16 bytes
};

inline Panel panel_a(const Gemm::Args& args) {
  return {args.a, args.m, args.k, rows_aligned(args.a, args.ta ? args.m : args.k)};
}
inline Panel panel_b(const Gemm::Args& args) {
  return {args.b, args.n, args.k, rows_aligned(args.b, args.tb ? args.k : args.n)};
}

// [swizzle]
/// Where column i of row l stands in a tile. Rows that are contiguous along the sums are turned by their
/// store: 4 neighbouring lanes hold 4 x 4 different l, 8 such groups different i. Moving each row by
/// 8 (l / 4 mod 4) columns spreads the 32 lanes over all 32 banks, and keeps every group of 8 columns
/// together.
__device__ inline int swizzle(int l, int i) { return i ^ (l / 4 % 4 * 8); }
// [swizzle]

/// Four neighbours from `at` on, of which `left` are inside; 0 stands for the others.
__device__ inline float4 read4(const float* data, int64_t at, int64_t left, bool aligned) {
  float4 v = make_float4(0, 0, 0, 0);
  if (left <= 0) return v;
  const float* from = data + at;
  if (aligned && left >= 4) return *reinterpret_cast<const float4*>(from);
  v.x = from[0];
  if (left > 1) v.y = from[1];
  if (left > 2) v.z = from[2];
  if (left > 3) v.w = from[3];
  return v;
}

// [load]
/// A thread's share of a tile on its way from global to shared memory: tile[l][swizzle(l, i)] becomes element
/// (i0 + i, l0 + l) of the panel. kAlongSum says whether the panel is contiguous along the sums (l) or across
/// them (i); neighbouring threads follow it, so that a warp reads whole lines either way.
template <bool kAlongSum, int kThreads, int kDepth, int kWidth>
struct TileCopy {
  static constexpr int kPerRow = (kAlongSum ? kDepth : kWidth) / 4;  // threads side by side
  static constexpr int kStep = kThreads / kPerRow;                   // rows of the stored matrix per step
  static constexpr int kSteps = (kAlongSum ? kWidth : kDepth) / kStep;
  static_assert(kThreads % kPerRow == 0 && kSteps * kStep == (kAlongSum ? kWidth : kDepth));
  static_assert(kDepth == 16 && kWidth % 32 == 0, "what the swizzle is made for");

  float4 staged[kSteps];

  __device__ void read(const Panel& panel, int64_t i0, int64_t l0) {
    const int along = threadIdx.x % kPerRow * 4, across = threadIdx.x / kPerRow;
    const int64_t row_elems = kAlongSum ? panel.depth : panel.width;
    const int64_t rows = kAlongSum ? panel.width : panel.depth;
    const int64_t first = (kAlongSum ? l0 : i0) + along, row = (kAlongSum ? i0 : l0) + across;
#pragma unroll
    for (int s = 0; s < kSteps; ++s) {
      const int64_t left = row + s * kStep < rows ? row_elems - first : 0;
      staged[s] = read4(panel.data, (row + s * kStep) * row_elems + first, left, panel.aligned);
    }
  }

  __device__ void write(float (&tile)[kDepth][kWidth]) const {
    const int along = threadIdx.x % kPerRow * 4, across = threadIdx.x / kPerRow;
#pragma unroll
    for (int s = 0; s < kSteps; ++s) {
      const float4 v = staged[s];
      const int row = across + s * kStep;
      if (kAlongSum) {
        const int to = swizzle(along, row);  // the same for all four
        tile[along][to] = v.x, tile[along + 1][to] = v.y, tile[along + 2][to] = v.z,
        tile[along + 3][to] = v.w;
      } else {
        *reinterpret_cast<float4*>(&tile[row][swizzle(row, along)]) = v;
      }
    }
  }
};
// [load]

/// 8 neighbours in shared memory, by two 128-bit loads.
__device__ inline void read8(float (&to)[8], const float* from) {
  const float4 low = reinterpret_cast<const float4*>(from)[0],
               high = reinterpret_cast<const float4*>(from)[1];
  to[0] = low.x, to[1] = low.y, to[2] = low.z, to[3] = low.w;
  to[4] = high.x, to[5] = high.y, to[6] = high.z, to[7] = high.w;
}

// [multiply]
/// What one tile adds to a thread's sums: kRows rows of C from `row` on, by 8 columns from `col` on. The rows
/// of op(A) are taken 8 at a time, as the swizzle keeps them.
template <int kRows, int kDepth, int kWidthA, int kWidthB>
__device__ __forceinline__ void multiply_tiles(float (&sum)[kRows][8], const float (&sA)[kDepth][kWidthA],
                                               const float (&sB)[kDepth][kWidthB], int row, int col) {
  static_assert(kRows % 8 == 0);
#pragma unroll 4  // rows that share a swizzle; more would only make the code longer
  for (int l = 0; l < kDepth; ++l) {
    float rB[8];
    read8(rB, &sB[l][swizzle(l, col)]);
#pragma unroll
    for (int i0 = 0; i0 < kRows; i0 += 8) {
      float rA[8];
      read8(rA, &sA[l][swizzle(l, row + i0)]);
#pragma unroll
      for (int j = 0; j < 8; ++j) {
#pragma unroll
        for (int i = 0; i < 8; ++i) sum[i0 + i][j] += rA[i] * rB[j];
      }
    }
  }
}
// [multiply]

__device__ inline void store4(const Output& out, int64_t row, int64_t col, const float* sum, bool aligned) {
  if (aligned && col + 4 <= out.n) {
    float4* target = reinterpret_cast<float4*>(&out.c[row * out.n + col]);
    const float4 old = out.beta != 0 ? *target : make_float4(0, 0, 0, 0);
    *target = make_float4(out.finish(sum[0], old.x, col), out.finish(sum[1], old.y, col + 1),
                          out.finish(sum[2], old.z, col + 2), out.finish(sum[3], old.w, col + 3));
    return;
  }
#pragma unroll
  for (int j = 0; j < 4; ++j) {
    if (col + j < out.n) out.store(row, col + j, sum[j]);
  }
}

/// A thread's sums into C, at most `rows` rows of them.
template <int kRows>
__device__ void store_sums(const Output& out, const float (&sum)[kRows][8], int64_t row, int64_t col,
                           int64_t rows, bool aligned) {
#pragma unroll
  for (int i = 0; i < kRows; ++i) {
    if (row + i >= rows) return;
#pragma unroll
    for (int j = 0; j < 8; j += 4) store4(out, row + i, col + j, &sum[i][j], aligned);
  }
}

}  // namespace gridstride::gemm
