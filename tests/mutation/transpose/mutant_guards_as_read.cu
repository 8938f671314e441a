// Wrong: threads write that have read something; at an edge of the matrix others should.
#include "kernels/core/variant.hpp"
#include "kernels/transpose/tiles.cuh"

namespace gridstride::transpose {
namespace {

__global__ void transpose_guards_as_read(const float* x, float* y, int64_t m, int64_t n) {
  __shared__ float sX[kTile][kTile + 1];
  const auto [row0, col0] = corner_of_block(n);
  const int tx = threadIdx.x, ty = threadIdx.y;
  const bool inside = row0 + ty < m && col0 + tx < n;
  if (inside) sX[ty][tx] = x[(row0 + ty) * n + col0 + tx];
  __syncthreads();
  if (inside) y[(col0 + ty) * m + row0 + tx] = sX[tx][ty];
}

void launch(const Transpose::Args& args, cudaStream_t stream) {
  if (args.m == 0 || args.n == 0) return;
  transpose_guards_as_read<<<static_cast<unsigned>(tile_count(args)), dim3(kTile, kTile), 0, stream>>>(
      args.x, args.y, args.m, args.n);
  check_launch("transpose/mutant_guards_as_read");
}

GRIDSTRIDE_VARIANT(Transpose, .idea = "wrong: one guard for both sides", .launch = launch);

}  // namespace
}  // namespace gridstride::transpose
