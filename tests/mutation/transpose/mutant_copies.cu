// Wrong: the elements stay where they are; their sum, which some graders compare, is right.
#include "kernels/core/variant.hpp"
#include "kernels/transpose/tiles.cuh"

namespace gridstride::transpose {
namespace {

__global__ void copy_for_transpose(const float* x, float* y, int64_t m, int64_t n) {
  const auto [row0, col0] = corner_of_block(n);
  const int64_t row = row0 + threadIdx.y, col = col0 + threadIdx.x;
  if (row < m && col < n) y[row * n + col] = x[row * n + col];
}

void launch(const Transpose::Args& args, cudaStream_t stream) {
  if (args.m == 0 || args.n == 0) return;
  copy_for_transpose<<<static_cast<unsigned>(tile_count(args)), dim3(kTile, kTile), 0, stream>>>(
      args.x, args.y, args.m, args.n);
  check_launch("transpose/mutant_copies");
}

GRIDSTRIDE_VARIANT(Transpose, .idea = "wrong: a copy", .launch = launch);

}  // namespace
}  // namespace gridstride::transpose
