// A block reads its tile by rows, and writes it by rows of y: the turn happens in shared memory.
//
// A thread writes another element than it read; in between lies a barrier. Both sides are 4 sectors now. What
// stops it next: the lanes read a column of the tile, 32 words apart, and all of them in one bank.
#include "kernels/core/variant.hpp"
#include "kernels/transpose/tiles.cuh"

namespace gridstride::transpose {
namespace {

// [kernel]
__global__ void transpose_shared_tile(const float* x, float* y, int64_t m, int64_t n) {
  __shared__ float sX[kTile][kTile];
  const auto [row0, col0] = corner_of_block(n);
  const int tx = threadIdx.x, ty = threadIdx.y;
  if (row0 + ty < m && col0 + tx < n) sX[ty][tx] = x[(row0 + ty) * n + col0 + tx];
  __syncthreads();
  if (row0 + tx < m && col0 + ty < n) y[(col0 + ty) * m + row0 + tx] = sX[tx][ty];
}
// [kernel]

void launch(const Transpose::Args& args, cudaStream_t stream) {
  if (args.m == 0 || args.n == 0) return;
  transpose_shared_tile<<<static_cast<unsigned>(tile_count(args)), dim3(kTile, kTile), 0, stream>>>(
      args.x, args.y, args.m, args.n);
  check_launch("transpose/03_shared_tile");
}

GRIDSTRIDE_VARIANT(Transpose, .idea = "turn a tile in shared memory: both sides coalesced", .launch = launch,
                   .unsupported = too_many_tiles, .suffers = {"bank-conflicts"},
                   .cures = {"uncoalesced-load"});

}  // namespace
}  // namespace gridstride::transpose
