// Wrong: nobody waits until the tile is full.
#include "kernels/core/variant.hpp"
#include "kernels/transpose/tiles.cuh"

namespace gridstride::transpose {
namespace {

__global__ void transpose_without_barrier(const float* x, float* y, int64_t m, int64_t n) {
  __shared__ float sX[kTile][kTile + 1];
  const auto [row0, col0] = corner_of_block(n);
  const int tx = threadIdx.x, ty = threadIdx.y;
  if (row0 + ty < m && col0 + tx < n) sX[ty][tx] = x[(row0 + ty) * n + col0 + tx];
  if (row0 + tx < m && col0 + ty < n) y[(col0 + ty) * m + row0 + tx] = sX[tx][ty];
}

void launch(const Transpose::Args& args, cudaStream_t stream) {
  if (args.m == 0 || args.n == 0) return;
  transpose_without_barrier<<<static_cast<unsigned>(tile_count(args)), dim3(kTile, kTile), 0, stream>>>(
      args.x, args.y, args.m, args.n);
  check_launch("transpose/mutant_missing_barrier");
}

GRIDSTRIDE_VARIANT(Transpose, .idea = "wrong: no barrier", .launch = launch);

}  // namespace
}  // namespace gridstride::transpose
