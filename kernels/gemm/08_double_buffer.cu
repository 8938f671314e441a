// Two buffers: while one tile is multiplied, the next one is already on its way.
//
// A tile's loads are issued before the arithmetic that does not need them and are only waited for at the next
// store, so the latency of memory hides behind some thousand multiply-adds instead of behind other blocks, of
// which fat threads leave few. And one barrier per tile is enough: the buffer that is written was last read
// before the barrier that all have passed. The price: twice the shared memory, and registers for what is
// under way. Where enough other blocks are resident there is little left to hide; then it gains nothing.
#include "kernels/core/variant.hpp"
#include "kernels/gemm/tile4.cuh"

namespace gridstride::gemm {
namespace {

constexpr int kDepth = 16;                    // of a tile, along the sums
constexpr int kSideRows = 16, kSideCols = 8;  // of a thread's rectangle
constexpr int kRows = 8 * kSideRows;          // of a warp and of the block

// [kernel]
template <bool kTa, bool kTb, int kWarps>
__global__ void __launch_bounds__(32 * kWarps)
    gemm_double_buffer(Panel a, Panel b, Output out, bool c_aligned) {
  constexpr int kThreads = 32 * kWarps, kCols = 4 * kSideCols * kWarps;
  __shared__ __align__(32) float sA[2][kDepth][kRows];  // (buffer,l,row), swizzled
  __shared__ __align__(32) float sB[2][kDepth][kCols];  // (buffer,l,col), swizzled
  const int64_t tile_cols = (b.width + kCols - 1) / kCols;
  const int64_t row0 = blockIdx.x / tile_cols * kRows, col0 = blockIdx.x % tile_cols * kCols;
  const int warp = threadIdx.x / 32, lane = threadIdx.x % 32;
  const int row = lane / 4 * kSideRows, col = (4 * warp + lane % 4) * kSideCols;

  float sum[kSideRows][kSideCols] = {};
  TileCopy<!kTa, kThreads, kDepth, kRows> copy_a;
  TileCopy<kTb, kThreads, kDepth, kCols> copy_b;
  copy_a.read(a, row0, 0);
  copy_b.read(b, col0, 0);
  int now = 0;
  for (int64_t l0 = 0; l0 < a.depth; l0 += kDepth) {
    copy_a.write(sA[now]);
    copy_b.write(sB[now]);
    __syncthreads();
    copy_a.read(a, row0, l0 + kDepth);  // behind the last tile: zeros, read from nowhere
    copy_b.read(b, col0, l0 + kDepth);
    multiply_tiles(sum, sA[now], sB[now], row, col);
    now ^= 1;
  }
  store_sums(out, sum, row0 + row, col0 + col, a.width, c_aligned);
}
// [kernel]

template <int kWarps>
void launch_tiles(const Gemm::Args& args, cudaStream_t stream) {
  const auto tiles = static_cast<unsigned>(tile_count(args, kRows, 4 * kSideCols * kWarps));
  with_transposes(args, [&](auto ta, auto tb) {
    gemm_double_buffer<ta(), tb(), kWarps><<<tiles, 32 * kWarps, 0, stream>>>(
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
  check_launch("gemm/08_double_buffer");
}

std::string unsupported(const Gemm::Args& args) { return too_many_tiles(args, kRows, 64); }

GRIDSTRIDE_VARIANT(Gemm, .idea = "two buffers: the next tile travels while this one is multiplied",
                   .launch = launch, .unsupported = unsupported);

}  // namespace
}  // namespace gridstride::gemm
