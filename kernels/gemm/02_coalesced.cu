// The same kernel with rows and columns exchanged: neighbouring threads take neighbouring columns.
//
// Now a warp reads one element of A (a broadcast), 32 neighbours of B (one line) and writes one line of C.
// Not a single operation was saved, and the kernel is several times faster; where B is stored transposed it
// is B's turn to be read across the rows. What stops it next: each element of A and B is fetched from
// memory or cache once for every column or row of C.
#include "kernels/core/launch.hpp"
#include "kernels/core/variant.hpp"
#include "kernels/gemm/operands.cuh"

namespace gridstride::gemm {
namespace {

constexpr dim3 kThreads(32, 8);

// [kernel]
__global__ void gemm_coalesced(Matrix a, Matrix b, Output out, int64_t m, int64_t n, int64_t k) {
  const int64_t col = static_cast<int64_t>(blockIdx.x) * blockDim.x + threadIdx.x;
  const int64_t first_row = static_cast<int64_t>(blockIdx.y) * blockDim.y + threadIdx.y;
  if (col >= n) return;
  for (int64_t row = first_row; row < m; row += static_cast<int64_t>(gridDim.y) * blockDim.y) {
    float sum = 0;
    for (int64_t l = 0; l < k; ++l) sum += a(row, l) * b(l, col);
    out.store(row, col, sum);
  }
}
// [kernel]

void launch(const Gemm::Args& args, cudaStream_t stream) {
  if (args.m == 0 || args.n == 0) return;
  const dim3 grid(grid_1d(args.n, kThreads.x), grid_1d(args.m, kThreads.y, kMaxGridY));
  gemm_coalesced<<<grid, kThreads, 0, stream>>>(op_a(args), op_b(args), Output(args), args.m, args.n, args.k);
  check_launch("gemm/02_coalesced");
}

GRIDSTRIDE_VARIANT(Gemm, .idea = "neighbouring threads along a row, so that a warp reads whole lines",
                   .launch = launch, .suffers = {"re-read"}, .cures = {"uncoalesced-load"});

}  // namespace
}  // namespace gridstride::gemm
