// Wrong: without a second barrier the fast threads store the next tile while the slow ones still compute.
#include "kernels/core/launch.hpp"
#include "kernels/core/variant.hpp"
#include "kernels/gemm/operands.cuh"

namespace gridstride::gemm {
namespace {

constexpr int kTile = 16;

__global__ void gemm_without_barrier(Matrix a, Matrix b, Output out, int64_t m, int64_t n, int64_t k) {
  __shared__ float sA[kTile][kTile];
  __shared__ float sB[kTile][kTile];
  const int tx = threadIdx.x, ty = threadIdx.y;
  const int64_t tile_cols = (n + kTile - 1) / kTile;
  const int64_t row = blockIdx.x / tile_cols * kTile + ty, col = blockIdx.x % tile_cols * kTile + tx;
  float sum = 0;
  for (int64_t l0 = 0; l0 < k; l0 += kTile) {
    sA[ty][tx] = row < m && l0 + tx < k ? a(row, l0 + tx) : 0;
    sB[ty][tx] = l0 + ty < k && col < n ? b(l0 + ty, col) : 0;
    __syncthreads();
    for (int l = 0; l < kTile; ++l) sum += sA[ty][l] * sB[l][tx];
  }
  if (row < m && col < n) out.store(row, col, sum);
}

void launch(const Gemm::Args& args, cudaStream_t stream) {
  if (args.m == 0 || args.n == 0) return;
  const auto tiles = static_cast<unsigned>(tile_count(args, kTile, kTile));
  gemm_without_barrier<<<tiles, dim3(kTile, kTile), 0, stream>>>(op_a(args), op_b(args), Output(args), args.m,
                                                                 args.n, args.k);
  check_launch("gemm/mutant_missing_barrier");
}

GRIDSTRIDE_VARIANT(Gemm, .idea = "wrong: one barrier per tile", .launch = launch);

}  // namespace
}  // namespace gridstride::gemm
