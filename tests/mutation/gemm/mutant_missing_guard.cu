// Wrong: the columns behind C's last one are computed and stored as well, into the next row or behind C.
#include "kernels/core/launch.hpp"
#include "kernels/core/variant.hpp"
#include "kernels/gemm/operands.cuh"

namespace gridstride::gemm {
namespace {

constexpr int kThreads = 32;

__global__ void gemm_without_guard(Matrix a, Matrix b, Output out, int64_t m, int64_t k) {
  const int64_t col = static_cast<int64_t>(blockIdx.x) * blockDim.x + threadIdx.x;
  for (int64_t row = 0; row < m; ++row) {
    float sum = 0;
    for (int64_t l = 0; l < k; ++l) sum += a(row, l) * b(l, col);
    out.store(row, col, sum);
  }
}

void launch(const Gemm::Args& args, cudaStream_t stream) {
  if (args.m == 0 || args.n == 0) return;
  gemm_without_guard<<<grid_1d(args.n, kThreads), kThreads, 0, stream>>>(op_a(args), op_b(args), Output(args),
                                                                         args.m, args.k);
  check_launch("gemm/mutant_missing_guard");
}

std::string unsupported(const Gemm::Args& args) {
  return args.tb ? "its reads would leave the guard zones" : std::string();
}

GRIDSTRIDE_VARIANT(Gemm, .idea = "wrong: no guard on the columns", .launch = launch,
                   .unsupported = unsupported);

}  // namespace
}  // namespace gridstride::gemm
