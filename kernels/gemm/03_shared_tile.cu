// A block of 32 x 32 threads fetches a tile of A and a tile of B together and uses every element 32 times.
//
// Traffic to memory falls by the tile's side. Two barriers frame each tile: nobody computes before all have
// stored, nobody overwrites before all have computed; drop either and the race shows in a reversed schedule.
// What stops it next: two loads from shared memory for each multiply-add.
#include "kernels/core/launch.hpp"
#include "kernels/core/variant.hpp"
#include "kernels/gemm/operands.cuh"

namespace gridstride::gemm {
namespace {

constexpr int kTile = 32;

// [kernel]
__global__ void gemm_shared_tile(Matrix a, Matrix b, Output out, int64_t m, int64_t n, int64_t k) {
  __shared__ float sA[kTile][kTile + 1];  // (row,l); the odd row length serves stores down a column
  __shared__ float sB[kTile][kTile + 1];  // (l,col)
  const int tx = threadIdx.x, ty = threadIdx.y;
  const int64_t tile_cols = (n + kTile - 1) / kTile;
  const int64_t row0 = blockIdx.x / tile_cols * kTile, col0 = blockIdx.x % tile_cols * kTile;

  // threadIdx.x follows the index that is contiguous in memory, so a transposed operand is read by whole
  // lines too; it changes direction on its way into shared memory.
  const bool a_swap = a.row_stride == 1, b_swap = b.row_stride == 1;
  const int a_row = a_swap ? tx : ty, a_l = a_swap ? ty : tx;
  const int b_l = b_swap ? tx : ty, b_col = b_swap ? ty : tx;

  float sum = 0;
  for (int64_t l0 = 0; l0 < k; l0 += kTile) {
    sA[a_row][a_l] = row0 + a_row < m && l0 + a_l < k ? a(row0 + a_row, l0 + a_l) : 0;
    sB[b_l][b_col] = l0 + b_l < k && col0 + b_col < n ? b(l0 + b_l, col0 + b_col) : 0;
    __syncthreads();
    for (int l = 0; l < kTile; ++l) sum += sA[ty][l] * sB[l][tx];
    __syncthreads();
  }
  if (row0 + ty < m && col0 + tx < n) out.store(row0 + ty, col0 + tx, sum);
}
// [kernel]

void launch(const Gemm::Args& args, cudaStream_t stream) {
  if (args.m == 0 || args.n == 0) return;
  const auto tiles = static_cast<unsigned>(tile_count(args, kTile, kTile));
  gemm_shared_tile<<<tiles, dim3(kTile, kTile), 0, stream>>>(op_a(args), op_b(args), Output(args), args.m,
                                                             args.n, args.k);
  check_launch("gemm/03_shared_tile");
}

std::string unsupported(const Gemm::Args& args) { return too_many_tiles(args, kTile, kTile); }

GRIDSTRIDE_VARIANT(Gemm, .idea = "32 x 32 tiles in shared memory, each element used 32 times",
                   .launch = launch, .unsupported = unsupported, .suffers = {"re-read", "shared-traffic"});

}  // namespace
}  // namespace gridstride::gemm
