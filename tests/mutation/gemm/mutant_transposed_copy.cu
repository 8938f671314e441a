// Wrong: op(A) is read as if it were never transposed. With uniform data, or where only a sum is compared,
// nobody would notice.
#include "kernels/core/launch.hpp"
#include "kernels/core/variant.hpp"
#include "kernels/gemm/operands.cuh"

namespace gridstride::gemm {
namespace {

constexpr int kThreads = 64;

__global__ void gemm_blind_to_ta(const float* a, Matrix b, Output out, int64_t m, int64_t n, int64_t k) {
  const int64_t e = static_cast<int64_t>(blockIdx.x) * blockDim.x + threadIdx.x;
  if (e >= m * n) return;
  float sum = 0;
  for (int64_t l = 0; l < k; ++l) sum += a[e / n * k + l] * b(l, e % n);
  out.store(e / n, e % n, sum);
}

void launch(const Gemm::Args& args, cudaStream_t stream) {
  if (args.m == 0 || args.n == 0) return;
  gemm_blind_to_ta<<<grid_1d(args.m * args.n, kThreads), kThreads, 0, stream>>>(
      args.a, op_b(args), Output(args), args.m, args.n, args.k);
  check_launch("gemm/mutant_transposed_copy");
}

GRIDSTRIDE_VARIANT(Gemm, .idea = "wrong: ignores ta", .launch = launch);

}  // namespace
}  // namespace gridstride::gemm
