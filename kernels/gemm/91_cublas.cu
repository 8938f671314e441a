// cuBLAS, in fp32 without TF32: what the ladder is measured against.
//
// cuBLAS counts columns first. A row-major C is its transpose there, and C^T = op(B)^T op(A)^T: the same call
// with the operands exchanged. SGEMM knows no bias, so a small kernel follows for the epilogue; it costs one
// more pass over C.
#include "kernels/core/cublas.hpp"
#include "kernels/core/launch.hpp"
#include "kernels/core/variant.hpp"
#include "kernels/gemm/operands.cuh"

namespace gridstride::gemm {
namespace {

#if GRIDSTRIDE_HAS_CUBLAS

constexpr int kThreads = 256;

__global__ void gemm_cublas_epilogue(Output out, int64_t elems, bool has_product) {
  const int64_t stride = static_cast<int64_t>(gridDim.x) * blockDim.x;
  for (int64_t e = static_cast<int64_t>(blockIdx.x) * blockDim.x + threadIdx.x; e < elems; e += stride) {
    out.store(e / out.n, e % out.n, has_product ? out.c[e] : 0);
  }
}

void launch(const Gemm::Args& args, cudaStream_t stream) {
  if (args.m == 0 || args.n == 0) return;
  const bool has_product = args.k > 0;
  if (has_product) {
    GRIDSTRIDE_CUBLAS(cublasSgemm_64(Cublas::on(stream), args.tb ? CUBLAS_OP_T : CUBLAS_OP_N,
                                     args.ta ? CUBLAS_OP_T : CUBLAS_OP_N, args.n, args.m, args.k, &args.alpha,
                                     args.b, args.tb ? args.k : args.n, args.a, args.ta ? args.m : args.k,
                                     &args.beta, args.c, args.n));
  }
  if (!has_product || args.epilogue != Epilogue::none) {
    Output rest(args);
    if (has_product) rest.alpha = 1, rest.beta = 0;  // both are in C already
    const int64_t elems = args.m * args.n;
    gemm_cublas_epilogue<<<grid_1d(elems, kThreads), kThreads, 0, stream>>>(rest, elems, has_product);
    check_launch("gemm/91_cublas");
  }
}

#else
constexpr void (*launch)(const Gemm::Args&, cudaStream_t) = nullptr;
#endif

GRIDSTRIDE_VARIANT(Gemm, .idea = "the library, fp32 without TF32", .needs = "cuBLAS (a CUDA build)",
                   .library = true, .launch = launch);

}  // namespace
}  // namespace gridstride::gemm
