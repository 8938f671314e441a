// The same squares, but memory moves in 128-bit words: 4 floats per load, from global and from shared memory.
//
// A quarter of the load instructions for the same bytes. 128-bit accesses are served by quarter-warps, so the
// lanes of a warp are laid out 8 x 4 (rows x columns of squares): the 8 lanes of a quarter read 4 different
// columns of sB, whose words lie in different banks, and 2 rows of sA. What tile4.cuh adds: a swizzle instead
// of a pad, and a fall back to single floats where pointers or rows are not 16-byte aligned, and at edges.
// Where C is too small to give every multiprocessor a tile of 128 x 128, tiles of 64 x 64 do.
#include "kernels/core/variant.hpp"
#include "kernels/gemm/tile4.cuh"

namespace gridstride::gemm {
namespace {

constexpr int kDepth = 16;  // of a tile, along the sums
constexpr int kSide = 8;    // of a thread's square
constexpr int kWarpRows = 8 * kSide, kWarpCols = 4 * kSide;

template <int kRows, int kCols>
constexpr int kThreadsFor = kRows* kCols / (kSide * kSide);

// [kernel]
template <bool kTa, bool kTb, int kRows, int kCols>
__global__ void __launch_bounds__(kThreadsFor<kRows, kCols>)
    gemm_vectorized(Panel a, Panel b, Output out, bool c_aligned) {
  constexpr int kThreads = kThreadsFor<kRows, kCols>;
  __shared__ __align__(32) float sA[kDepth][kRows];  // (l,row), swizzled
  __shared__ __align__(32) float sB[kDepth][kCols];  // (l,col), swizzled
  const int64_t tile_cols = (b.width + kCols - 1) / kCols;
  const int64_t row0 = blockIdx.x / tile_cols * kRows, col0 = blockIdx.x % tile_cols * kCols;
  const int warp = threadIdx.x / 32, lane = threadIdx.x % 32;
  const int row = warp / (kCols / kWarpCols) * kWarpRows + lane / 4 * kSide;
  const int col = warp % (kCols / kWarpCols) * kWarpCols + lane % 4 * kSide;

  float sum[kSide][kSide] = {};
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

template <int kRows, int kCols>
void launch_tiles(const Gemm::Args& args, cudaStream_t stream) {
  const auto tiles = static_cast<unsigned>(tile_count(args, kRows, kCols));
  with_transposes(args, [&](auto ta, auto tb) {
    gemm_vectorized<ta(), tb(), kRows, kCols><<<tiles, kThreadsFor<kRows, kCols>, 0, stream>>>(
        panel_a(args), panel_b(args), Output(args), rows_aligned(args.c, args.n));
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
                   .launch = launch, .unsupported = unsupported,
                   .cures = {"bank-conflicts", "uncoalesced-store"});

}  // namespace
}  // namespace gridstride::gemm
