// Each thread computes 8 elements of a column of C and keeps their sums in registers.
//
// One element of B now serves 8 multiply-adds, and the 8 elements of A are the same for the whole warp: a
// broadcast. Loads from shared memory per multiply-add fall from 2 to 9/8. What stops it next: that 9/8.
#include "kernels/core/launch.hpp"
#include "kernels/core/variant.hpp"
#include "kernels/gemm/load_tile.cuh"
#include "kernels/gemm/operands.cuh"

namespace gridstride::gemm {
namespace {

constexpr int kRows = 64, kCols = 64, kDepth = 8;  // the block's tile
constexpr int kPerThread = 8;
constexpr int kThreads = kRows * kCols / kPerThread;
static_assert(kCols % 32 == 0, "a warp must stay within one row of threads to share its elements of A");

// [kernel]
template <bool kTa, bool kTb>
__global__ void gemm_register_tile_1d(const float* a, const float* b, Output out, int64_t m, int64_t n,
                                      int64_t k) {
  __shared__ float sA[kDepth][kRows + kPad];  // (l,row): op(A) stands upright, its 8 rows side by side
  __shared__ float sB[kDepth][kCols + kPad];  // (l,col)
  const int64_t tile_cols = (n + kCols - 1) / kCols;
  const int64_t row0 = blockIdx.x / tile_cols * kRows, col0 = blockIdx.x % tile_cols * kCols;
  const int col = threadIdx.x % kCols, row = threadIdx.x / kCols * kPerThread;

  float sum[kPerThread] = {};
  for (int64_t l0 = 0; l0 < k; l0 += kDepth) {
    load_tile<!kTa, kThreads, kDepth, kRows>(sA, a, row0, l0, m, k);
    load_tile<kTb, kThreads, kDepth, kCols>(sB, b, col0, l0, n, k);
    __syncthreads();
    for (int l = 0; l < kDepth; ++l) {
      const float rB = sB[l][col];
#pragma unroll
      for (int i = 0; i < kPerThread; ++i) sum[i] += sA[l][row + i] * rB;
    }
    __syncthreads();
  }

#pragma unroll
  for (int i = 0; i < kPerThread; ++i) {
    if (row0 + row + i < m && col0 + col < n) out.store(row0 + row + i, col0 + col, sum[i]);
  }
}
// [kernel]

void launch(const Gemm::Args& args, cudaStream_t stream) {
  if (args.m == 0 || args.n == 0) return;
  const auto tiles = static_cast<unsigned>(tile_count(args, kRows, kCols));
  with_transposes(args, [&](auto ta, auto tb) {
    gemm_register_tile_1d<ta(), tb()>
        <<<tiles, kThreads, 0, stream>>>(args.a, args.b, Output(args), args.m, args.n, args.k);
  });
  check_launch("gemm/04_register_tile_1d");
}

std::string unsupported(const Gemm::Args& args) { return too_many_tiles(args, kRows, kCols); }

GRIDSTRIDE_VARIANT(Gemm, .idea = "8 elements of a column per thread, their sums in registers",
                   .launch = launch, .unsupported = unsupported, .suffers = {"shared-traffic"},
                   .cures = {"re-read"});

}  // namespace
}  // namespace gridstride::gemm
