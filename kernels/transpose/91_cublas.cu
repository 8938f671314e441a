// cuBLAS's geam: C = alpha op(A) + beta op(B), here with beta = 0.
//
// It counts columns first, so a row-major x of M x N is to it a matrix of N x M; its transpose is M x N.
#include "kernels/core/cublas.hpp"
#include "kernels/core/variant.hpp"
#include "kernels/transpose/transpose.hpp"

namespace gridstride::transpose {
namespace {

#if GRIDSTRIDE_HAS_CUBLAS

void launch(const Transpose::Args& args, cudaStream_t stream) {
  if (args.m == 0 || args.n == 0) return;
  const float one = 1, zero = 0;
  GRIDSTRIDE_CUBLAS(cublasSgeam_64(Cublas::on(stream), CUBLAS_OP_T, CUBLAS_OP_N, args.m, args.n, &one, args.x,
                                   args.n, &zero, args.y, args.m, args.y, args.m));
}

#else
constexpr void (*launch)(const Transpose::Args&, cudaStream_t) = nullptr;
#endif

GRIDSTRIDE_VARIANT(Transpose, .idea = "the library: geam", .needs = "cuBLAS (a CUDA build)", .library = true,
                   .launch = launch);

}  // namespace
}  // namespace gridstride::transpose
