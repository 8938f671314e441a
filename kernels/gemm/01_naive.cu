// One thread per element of C: the definition of a matrix product, typed in.
//
// Neighbouring threads (threadIdx.x) take neighbouring rows, as mathematics counts i before j. So a warp that
// reads A[i,l] or writes C[i,j] touches 32 different rows: 32 memory sectors where 4 would do.
#include "kernels/core/launch.hpp"
#include "kernels/core/variant.hpp"
#include "kernels/gemm/operands.cuh"

namespace gridstride::gemm {
namespace {

constexpr dim3 kThreads(32, 8);

// [kernel]
__global__ void gemm_naive(Matrix a, Matrix b, Output out, int64_t m, int64_t n, int64_t k) {
  const int64_t row = static_cast<int64_t>(blockIdx.x) * blockDim.x + threadIdx.x;
  const int64_t first_col = static_cast<int64_t>(blockIdx.y) * blockDim.y + threadIdx.y;
  if (row >= m) return;
  for (int64_t col = first_col; col < n; col += static_cast<int64_t>(gridDim.y) * blockDim.y) {
    float sum = 0;
    for (int64_t l = 0; l < k; ++l) sum += a(row, l) * b(l, col);
    out.store(row, col, sum);
  }
}
// [kernel]

void launch(const Gemm::Args& args, cudaStream_t stream) {
  if (args.m == 0 || args.n == 0) return;
  const dim3 grid(grid_1d(args.m, kThreads.x), grid_1d(args.n, kThreads.y, kMaxGridY));
  gemm_naive<<<grid, kThreads, 0, stream>>>(op_a(args), op_b(args), Output(args), args.m, args.n, args.k);
  check_launch("gemm/01_naive");
}

GRIDSTRIDE_VARIANT(Gemm, .idea = "one thread per element, neighbouring threads down a column",
                   .launch = launch, .suffers = {"uncoalesced-load", "re-read"});

}  // namespace
}  // namespace gridstride::gemm
