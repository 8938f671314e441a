// Fewer, fatter threads: 16 x 8 elements of C each, half as many threads for the same tile.
//
// 24 loads from shared memory now feed 128 multiply-adds, 3/16 each instead of 1/4, and each barrier has half
// as many threads to wait for. The price is registers: 128 sums and 24 operands leave room for one or two
// blocks on a multiprocessor, so what hides latency is no longer many threads but many independent sums in
// each. A warp covers 128 x 32; a block is 4 warps side by side, or 2 where C is small.
#include "kernels/core/variant.hpp"
#include "kernels/gemm/tile4.cuh"

namespace gridstride::gemm {
namespace {

constexpr int kDepth = 16;                    // of a tile, along the sums
constexpr int kSideRows = 16, kSideCols = 8;  // of a thread's rectangle
constexpr int kRows = 8 * kSideRows;          // of a warp and of the block

// [kernel]
template <bool kTa, bool kTb, int kWarps>
__global__ void __launch_bounds__(32 * kWarps) gemm_tall_tile(Panel a, Panel b, Output out, bool c_aligned) {
  constexpr int kThreads = 32 * kWarps, kCols = 4 * kSideCols * kWarps;
  __shared__ __align__(32) float sA[kDepth][kRows];  // (l,row), swizzled
  __shared__ __align__(32) float sB[kDepth][kCols];  // (l,col), swizzled
  const int64_t tile_cols = (b.width + kCols - 1) / kCols;
  const int64_t row0 = blockIdx.x / tile_cols * kRows, col0 = blockIdx.x % tile_cols * kCols;
  const int warp = threadIdx.x / 32, lane = threadIdx.x % 32;
  const int row = lane / 4 * kSideRows, col = (4 * warp + lane % 4) * kSideCols;

  float sum[kSideRows][kSideCols] = {};
  for (int64_t l0 = 0; l0 < a.depth; l0 += kDepth) {
    TileCopy<!kTa, kThreads, kDepth, kRows> copy_a;
    TileCopy<kTb, kThreads, kDepth, kCols> copy_b;
    copy_a.read(a, row0, l0);
    copy_b.read(b, col0, l0);
    copy_a.write(sA);
    copy_b.write(sB);
    __syncthreads();
    multiply_tiles(sum, sA, sB, row, col);
    __syncthreads();
  }
  store_sums(out, sum, row0 + row, col0 + col, a.width, c_aligned);
}
// [kernel]

template <int kWarps>
void launch_tiles(const Gemm::Args& args, cudaStream_t stream) {
  const auto tiles = static_cast<unsigned>(tile_count(args, kRows, 4 * kSideCols * kWarps));
  with_transposes(args, [&](auto ta, auto tb) {
    gemm_tall_tile<ta(), tb(), kWarps><<<tiles, 32 * kWarps, 0, stream>>>(
        panel_a(args), panel_b(args), Output(args), rows_aligned(args.c, args.n));
  });
}

void launch(const Gemm::Args& args, cudaStream_t stream) {
  if (args.m == 0 || args.n == 0) return;
  if (tile_count(args, kRows, 4 * kSideCols * 4) >= device_info().multiprocessors) {
    launch_tiles<4>(args, stream);
  } else {
    launch_tiles<2>(args, stream);
  }
  check_launch("gemm/07_tall_tile");
}

std::string unsupported(const Gemm::Args& args) { return too_many_tiles(args, kRows, 64); }

GRIDSTRIDE_VARIANT(Gemm, .idea = "16 x 8 elements per thread: fewer, fatter threads", .launch = launch,
                   .unsupported = unsupported);

}  // namespace
}  // namespace gridstride::gemm
