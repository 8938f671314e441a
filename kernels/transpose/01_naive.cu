// One thread per element: it reads where it stands and writes where the element belongs.
//
// Lanes of a warp are neighbours in a row of x, so a read is 4 sectors. The same lanes are neighbours in a
// column of y: every write touches 32 sectors, for 4 bytes of each.
#include "kernels/core/variant.hpp"
#include "kernels/transpose/tiles.cuh"

namespace gridstride::transpose {
namespace {

// [kernel]
__global__ void transpose_naive(const float* x, float* y, int64_t m, int64_t n) {
  const auto [row0, col0] = corner_of_block(n);
  const int64_t row = row0 + threadIdx.y, col = col0 + threadIdx.x;
  if (row < m && col < n) y[col * m + row] = x[row * n + col];
}
// [kernel]

void launch(const Transpose::Args& args, cudaStream_t stream) {
  if (args.m == 0 || args.n == 0) return;
  transpose_naive<<<static_cast<unsigned>(tile_count(args)), dim3(kTile, kTile), 0, stream>>>(args.x, args.y,
                                                                                              args.m, args.n);
  check_launch("transpose/01_naive");
}

GRIDSTRIDE_VARIANT(Transpose, .idea = "one thread per element: coalesced reads, scattered writes",
                   .launch = launch, .unsupported = too_many_tiles, .suffers = {"uncoalesced-store"});

}  // namespace
}  // namespace gridstride::transpose
