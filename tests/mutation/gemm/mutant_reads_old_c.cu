// Wrong: beta * C is added even where beta is 0, so that a NaN which C happened to hold stays for ever.
#include "kernels/core/launch.hpp"
#include "kernels/core/variant.hpp"
#include "kernels/gemm/operands.cuh"

namespace gridstride::gemm {
namespace {

constexpr int kThreads = 64;

__global__ void gemm_reads_old_c(Matrix a, Matrix b, Output out, int64_t m, int64_t n, int64_t k) {
  const int64_t e = static_cast<int64_t>(blockIdx.x) * blockDim.x + threadIdx.x;
  if (e >= m * n) return;
  float sum = 0;
  for (int64_t l = 0; l < k; ++l) sum += a(e / n, l) * b(l, e % n);
  out.c[e] = out.finish(sum, out.c[e], e % n);
}

void launch(const Gemm::Args& args, cudaStream_t stream) {
  if (args.m == 0 || args.n == 0) return;
  gemm_reads_old_c<<<grid_1d(args.m * args.n, kThreads), kThreads, 0, stream>>>(
      op_a(args), op_b(args), Output(args), args.m, args.n, args.k);
  check_launch("gemm/mutant_reads_old_c");
}

GRIDSTRIDE_VARIANT(Gemm, .idea = "wrong: reads C where beta is 0", .launch = launch);

}  // namespace
}  // namespace gridstride::gemm
