// A quarter of the threads, four rows for each.
//
// A thread of the rungs below sends one load and waits. Here it sends four before the first is needed, and
// what it computed once, its place, serves all four. The sectors and wavefronts are the same.
#include "kernels/core/variant.hpp"
#include "kernels/transpose/tiles.cuh"

namespace gridstride::transpose {
namespace {

constexpr int kRows = 8;  // that the block's threads stand in

// [kernel]
__global__ void transpose_rows_per_thread(const float* x, float* y, int64_t m, int64_t n) {
  __shared__ float sX[kTile][kTile + 1];
  const auto [row0, col0] = corner_of_block(n);
  const int tx = threadIdx.x;
#pragma unroll
  for (int r = threadIdx.y; r < kTile; r += kRows) {
    if (row0 + r < m && col0 + tx < n) sX[r][tx] = x[(row0 + r) * n + col0 + tx];
  }
  __syncthreads();
#pragma unroll
  for (int r = threadIdx.y; r < kTile; r += kRows) {
    if (row0 + tx < m && col0 + r < n) y[(col0 + r) * m + row0 + tx] = sX[tx][r];
  }
}
// [kernel]

void launch(const Transpose::Args& args, cudaStream_t stream) {
  if (args.m == 0 || args.n == 0) return;
  transpose_rows_per_thread<<<static_cast<unsigned>(tile_count(args)), dim3(kTile, kRows), 0, stream>>>(
      args.x, args.y, args.m, args.n);
  check_launch("transpose/06_rows_per_thread");
}

GRIDSTRIDE_VARIANT(Transpose, .idea = "four rows per thread: four loads in flight, a quarter of the threads",
                   .launch = launch, .unsupported = too_many_tiles);

}  // namespace
}  // namespace gridstride::transpose
