// The same with one unused word behind each row of the tile.
//
// Rows are 33 words apart, so the words of a column lie in banks 0, 1, 2, ...: one wavefront for a request,
// where it took 32. The price is 128 bytes of shared memory.
#include "kernels/core/variant.hpp"
#include "kernels/transpose/tiles.cuh"

namespace gridstride::transpose {
namespace {

// [kernel]
__global__ void transpose_padded(const float* x, float* y, int64_t m, int64_t n) {
  __shared__ float sX[kTile][kTile + 1];
  const auto [row0, col0] = corner_of_block(n);
  const int tx = threadIdx.x, ty = threadIdx.y;
  if (row0 + ty < m && col0 + tx < n) sX[ty][tx] = x[(row0 + ty) * n + col0 + tx];
  __syncthreads();
  if (row0 + tx < m && col0 + ty < n) y[(col0 + ty) * m + row0 + tx] = sX[tx][ty];
}
// [kernel]

void launch(const Transpose::Args& args, cudaStream_t stream) {
  if (args.m == 0 || args.n == 0) return;
  transpose_padded<<<static_cast<unsigned>(tile_count(args)), dim3(kTile, kTile), 0, stream>>>(
      args.x, args.y, args.m, args.n);
  check_launch("transpose/04_padded");
}

GRIDSTRIDE_VARIANT(Transpose, .idea = "a tile of 32 x 33: a column lies in 32 banks", .launch = launch,
                   .unsupported = too_many_tiles, .cures = {"bank-conflicts"});

}  // namespace
}  // namespace gridstride::transpose
