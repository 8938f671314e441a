// Each thread computes a square of 8 x 8 elements of C: 16 loads from shared memory feed 64 multiply-adds.
//
// Loads per multiply-add fall from 9/8 to 1/4, and the arithmetic units become the limit for the first time.
// What stops it next: the loads are still 4 bytes wide, and in a warp the threads read columns that are 8
// floats apart, which is a 4-way bank conflict on sB.
#include "kernels/core/launch.hpp"
#include "kernels/core/variant.hpp"
#include "kernels/gemm/load_tile.cuh"
#include "kernels/gemm/operands.cuh"

namespace gridstride::gemm {
namespace {

constexpr int kRows = 128, kCols = 128, kDepth = 8;  // the block's tile
constexpr int kSide = 8;                             // a thread's square
constexpr int kThreads = kRows * kCols / (kSide * kSide);

// [kernel]
template <bool kTa, bool kTb>
__global__ void __launch_bounds__(kThreads)
    gemm_register_tile_2d(const float* a, const float* b, Output out, int64_t m, int64_t n, int64_t k) {
  __shared__ float sA[kDepth][kRows + kPad];  // (l,row)
  __shared__ float sB[kDepth][kCols + kPad];  // (l,col)
  const int64_t tile_cols = (n + kCols - 1) / kCols;
  const int64_t row0 = blockIdx.x / tile_cols * kRows, col0 = blockIdx.x % tile_cols * kCols;
  const int row = threadIdx.x / (kCols / kSide) * kSide, col = threadIdx.x % (kCols / kSide) * kSide;

  float sum[kSide][kSide] = {};
  for (int64_t l0 = 0; l0 < k; l0 += kDepth) {
    load_tile<!kTa, kThreads, kDepth, kRows>(sA, a, row0, l0, m, k);
    load_tile<kTb, kThreads, kDepth, kCols>(sB, b, col0, l0, n, k);
    __syncthreads();
    for (int l = 0; l < kDepth; ++l) {
#pragma unroll
      for (int j = 0; j < kSide; ++j) {
#pragma unroll
        for (int i = 0; i < kSide; ++i) sum[i][j] += sA[l][row + i] * sB[l][col + j];
      }
    }
    __syncthreads();
  }

#pragma unroll
  for (int i = 0; i < kSide; ++i) {
#pragma unroll
    for (int j = 0; j < kSide; ++j) {
      if (row0 + row + i < m && col0 + col + j < n) out.store(row0 + row + i, col0 + col + j, sum[i][j]);
    }
  }
}
// [kernel]

void launch(const Gemm::Args& args, cudaStream_t stream) {
  if (args.m == 0 || args.n == 0) return;
  const auto tiles = static_cast<unsigned>(tile_count(args, kRows, kCols));
  with_transposes(args, [&](auto ta, auto tb) {
    gemm_register_tile_2d<ta(), tb()>
        <<<tiles, kThreads, 0, stream>>>(args.a, args.b, Output(args), args.m, args.n, args.k);
  });
  check_launch("gemm/05_register_tile_2d");
}

std::string unsupported(const Gemm::Args& args) { return too_many_tiles(args, kRows, kCols); }

GRIDSTRIDE_VARIANT(Gemm, .idea = "8 x 8 elements per thread: 16 loads feed 64 multiply-adds",
                   .launch = launch, .unsupported = unsupported,
                   .suffers = {"bank-conflicts", "uncoalesced-store"}, .cures = {"shared-traffic"});

}  // namespace
}  // namespace gridstride::gemm
