// The same squares, but memory moves in 128-bit words: 4 floats per load, from global and from shared memory.
//
// A quarter of the load instructions for the same bytes. 128-bit accesses are served by quarter-warps, so the
// lanes of a warp are laid out 8 x 4 (rows x columns of squares): the 8 lanes of a quarter read 4 different
// columns of sB, whose words lie in different banks, and 2 rows of sA. Rows of op(A) that run along the sum
// are turned by their store; there a swizzle moves the columns of row l by 8 (l / 4 mod 4), which spreads the
// 32 lanes over all 32 banks and keeps each group of 8 floats together. Pointers or rows that are not 16-byte
// aligned, and edges, are read float by float. Where C is too small to give every multiprocessor a tile of
// 128 x 128, tiles of 64 x 64 do.
#include "kernels/core/launch.hpp"
#include "kernels/core/registry.hpp"
#include "kernels/gemm/operands.cuh"

namespace gridstride::gemm {
namespace {

constexpr int kDepth = 16;  // of a tile, along the sums
constexpr int kSide = 8;    // of a thread's square
constexpr int kWarpRows = 8 * kSide, kWarpCols = 4 * kSide;

template <int kRows, int kCols>
constexpr int kThreadsFor = kRows* kCols / (kSide * kSide);

__device__ int swizzle(int l, int i) { return i ^ (l / 4 % 4 * 8); }

/// Four neighbours, of which `left` are inside; 0 stands for the others.
__device__ float4 read4(const float* from, int64_t left, bool aligned) {
  if (aligned && left >= 4) return *reinterpret_cast<const float4*>(from);
  float4 v = make_float4(0, 0, 0, 0);
  if (left > 0) v.x = from[0];
  if (left > 1) v.y = from[1];
  if (left > 2) v.z = from[2];
  if (left > 3) v.w = from[3];
  return v;
}

// [load]
/// tile[l][swizzle(l, i)] = operand(i0 + i, l0 + l); see load_tile.cuh for i, l and kAlongSum.
template <bool kAlongSum, int kThreads, int kWidth>
__device__ void load_tile4(float (&tile)[kDepth][kWidth], const float* operand, int64_t i0, int64_t l0,
                           int64_t width, int64_t depth, bool aligned) {
  static_assert(kDepth * kWidth % (4 * kThreads) == 0 && kWidth % 32 == 0);
#pragma unroll
  for (int e = 0; e < kDepth * kWidth / 4; e += kThreads) {
    const int at = e + static_cast<int>(threadIdx.x);
    if (kAlongSum) {
      const int i = at / (kDepth / 4), l = at % (kDepth / 4) * 4;
      const int64_t left = i0 + i < width ? depth - (l0 + l) : 0;
      const float4 v = read4(operand + (i0 + i) * depth + l0 + l, left, aligned);
      const int to = swizzle(l, i);  // the same for l .. l + 3
      tile[l][to] = v.x, tile[l + 1][to] = v.y, tile[l + 2][to] = v.z, tile[l + 3][to] = v.w;
    } else {
      const int i = at % (kWidth / 4) * 4, l = at / (kWidth / 4);
      const int64_t left = l0 + l < depth ? width - (i0 + i) : 0;
      *reinterpret_cast<float4*>(&tile[l][swizzle(l, i)]) =
          read4(operand + (l0 + l) * width + i0 + i, left, aligned);
    }
  }
}
// [load]

__device__ void read8(float (&to)[8], const float* from) {
  reinterpret_cast<float4*>(to)[0] = reinterpret_cast<const float4*>(from)[0];
  reinterpret_cast<float4*>(to)[1] = reinterpret_cast<const float4*>(from)[1];
}

__device__ void store4(const Output& out, int64_t row, int64_t col, const float* sum, bool aligned) {
  if (aligned && col + 4 <= out.n) {
    float4* target = reinterpret_cast<float4*>(&out.c[row * out.n + col]);
    const float4 old = out.beta != 0 ? *target : make_float4(0, 0, 0, 0);
    *target = make_float4(out.finish(sum[0], old.x, col), out.finish(sum[1], old.y, col + 1),
                          out.finish(sum[2], old.z, col + 2), out.finish(sum[3], old.w, col + 3));
  } else {
#pragma unroll
    for (int j = 0; j < 4; ++j) {
      if (col + j < out.n) out.store(row, col + j, sum[j]);
    }
  }
}

// [kernel]
template <bool kTa, bool kTb, int kRows, int kCols>
__global__ void __launch_bounds__(kThreadsFor<kRows, kCols>)
    gemm_vectorized(const float* a, const float* b, Output out, int64_t m, int64_t n, int64_t k,
                    bool a_aligned, bool b_aligned, bool c_aligned) {
  constexpr int kThreads = kThreadsFor<kRows, kCols>;
  __shared__ __align__(16) float sA[kDepth][kRows];  // (l,row), swizzled
  __shared__ __align__(16) float sB[kDepth][kCols];  // (l,col), swizzled
  const int64_t tile_cols = (n + kCols - 1) / kCols;
  const int64_t row0 = blockIdx.x / tile_cols * kRows, col0 = blockIdx.x % tile_cols * kCols;
  const int warp = threadIdx.x / 32, lane = threadIdx.x % 32;
  const int row = warp / (kCols / kWarpCols) * kWarpRows + lane / 4 * kSide;
  const int col = warp % (kCols / kWarpCols) * kWarpCols + lane % 4 * kSide;

  float sum[kSide][kSide] = {};
  for (int64_t l0 = 0; l0 < k; l0 += kDepth) {
    load_tile4<!kTa, kThreads>(sA, a, row0, l0, m, k, a_aligned);
    load_tile4<kTb, kThreads>(sB, b, col0, l0, n, k, b_aligned);
    __syncthreads();
#pragma unroll
    for (int l = 0; l < kDepth; ++l) {
      alignas(16) float rA[kSide], rB[kSide];
      read8(rA, &sA[l][swizzle(l, row)]);
      read8(rB, &sB[l][swizzle(l, col)]);
#pragma unroll
      for (int j = 0; j < kSide; ++j) {
#pragma unroll
        for (int i = 0; i < kSide; ++i) sum[i][j] += rA[i] * rB[j];
      }
    }
    __syncthreads();
  }

#pragma unroll
  for (int i = 0; i < kSide; ++i) {
    if (row0 + row + i >= m) break;
#pragma unroll
    for (int j = 0; j < kSide; j += 4) store4(out, row0 + row + i, col0 + col + j, &sum[i][j], c_aligned);
  }
}
// [kernel]

bool rows_aligned(const float* data, int64_t row_elems) {
  return reinterpret_cast<std::uintptr_t>(data) % sizeof(float4) == 0 && row_elems % 4 == 0;
}

template <int kRows, int kCols>
void launch_tiles(const Gemm::Args& args, cudaStream_t stream) {
  const auto tiles = static_cast<unsigned>(tile_count(args, kRows, kCols));
  const bool a_aligned = rows_aligned(args.a, args.ta ? args.m : args.k);
  const bool b_aligned = rows_aligned(args.b, args.tb ? args.k : args.n);
  const bool c_aligned = rows_aligned(args.c, args.n);
  with_transposes(args, [&](auto ta, auto tb) {
    gemm_vectorized<ta(), tb(), kRows, kCols><<<tiles, kThreadsFor<kRows, kCols>, 0, stream>>>(
        args.a, args.b, Output(args), args.m, args.n, args.k, a_aligned, b_aligned, c_aligned);
  });
}

void launch(const Gemm::Args& args, cudaStream_t stream) {
  if (args.m == 0 || args.n == 0) return;
  if (tile_count(args, 128, 128) >= device_info().multiprocessors) {
    launch_tiles<128, 128>(args, stream);
  } else {
    launch_tiles<64, 64>(args, stream);
  }
  check_launch("gemm/06_vectorized");
}

std::string unsupported(const Gemm::Args& args) { return too_many_tiles(args, 128, 128); }

GRIDSTRIDE_VARIANT(Gemm,
                   .idea = "128-bit loads from global and shared memory, swizzled against bank conflicts",
                   .launch = launch, .unsupported = unsupported);

}  // namespace
}  // namespace gridstride::gemm
