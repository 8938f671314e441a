// No padding: the element of row r and column c lies in column c ^ r of the tile.
//
// For a fixed r the map c -> c ^ r only exchanges columns, so rows fill all banks as before; for a fixed c
// the rows r = 0 .. 31 give 32 different columns, so a column of the matrix fills all banks, too. It costs an
// XOR, and it is how tiles are laid out for tensor cores and bulk copies, where rows cannot be padded.
#include "kernels/core/variant.hpp"
#include "kernels/transpose/tiles.cuh"

namespace gridstride::transpose {
namespace {

// [kernel]
__global__ void transpose_swizzled(const float* x, float* y, int64_t m, int64_t n) {
  __shared__ float sX[kTile][kTile];
  const auto [row0, col0] = corner_of_block(n);
  const int tx = threadIdx.x, ty = threadIdx.y;
  if (row0 + ty < m && col0 + tx < n) sX[ty][tx ^ ty] = x[(row0 + ty) * n + col0 + tx];
  __syncthreads();
  if (row0 + tx < m && col0 + ty < n) y[(col0 + ty) * m + row0 + tx] = sX[tx][ty ^ tx];
}
// [kernel]

void launch(const Transpose::Args& args, cudaStream_t stream) {
  if (args.m == 0 || args.n == 0) return;
  transpose_swizzled<<<static_cast<unsigned>(tile_count(args)), dim3(kTile, kTile), 0, stream>>>(
      args.x, args.y, args.m, args.n);
  check_launch("transpose/05_swizzled");
}

GRIDSTRIDE_VARIANT(Transpose, .idea = "XOR the column with the row: no conflicts, no padding",
                   .launch = launch, .unsupported = too_many_tiles);

}  // namespace
}  // namespace gridstride::transpose
