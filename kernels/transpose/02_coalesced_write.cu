// The lanes run along a row of y instead: now every write is 4 sectors and every read 32.
//
// Not one sector less. But what a read brings too much stays in the cache for the next warps of the block,
// which want just that; a write that fills a part of a sector has no such luck. One of the two has to be
// scattered as long as every thread keeps its element.
#include "kernels/core/variant.hpp"
#include "kernels/transpose/tiles.cuh"

namespace gridstride::transpose {
namespace {

// [kernel]
__global__ void transpose_coalesced_write(const float* x, float* y, int64_t m, int64_t n) {
  const auto [row0, col0] = corner_of_block(n);
  const int64_t row = row0 + threadIdx.x, col = col0 + threadIdx.y;
  if (row < m && col < n) y[col * m + row] = x[row * n + col];
}
// [kernel]

void launch(const Transpose::Args& args, cudaStream_t stream) {
  if (args.m == 0 || args.n == 0) return;
  transpose_coalesced_write<<<static_cast<unsigned>(tile_count(args)), dim3(kTile, kTile), 0, stream>>>(
      args.x, args.y, args.m, args.n);
  check_launch("transpose/02_coalesced_write");
}

GRIDSTRIDE_VARIANT(Transpose, .idea = "the same with lanes along y: scattered reads, coalesced writes",
                   .launch = launch, .unsupported = too_many_tiles, .suffers = {"uncoalesced-load"},
                   .cures = {"uncoalesced-store"});

}  // namespace
}  // namespace gridstride::transpose
