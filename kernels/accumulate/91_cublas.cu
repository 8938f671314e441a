// The library's axpy: what two lines of our own have to match.
#include "kernels/accumulate/accumulate.hpp"
#include "kernels/core/cublas.hpp"
#include "kernels/core/launch.hpp"
#include "kernels/core/variant.hpp"

namespace gridstride {
namespace {

#if GRIDSTRIDE_HAS_CUBLAS

void launch(const Accumulate::Args& args, cudaStream_t stream) {
  if (args.n == 0) return;
  GRIDSTRIDE_CUBLAS(cublasSaxpy_64(Cublas::on(stream), args.n, &args.alpha, args.x, 1, args.y, 1));
}

#else
constexpr void (*launch)(const Accumulate::Args&, cudaStream_t) = nullptr;
#endif

GRIDSTRIDE_VARIANT(Accumulate, .idea = "the library: axpy", .needs = "cuBLAS (a CUDA build)", .library = true,
                   .launch = launch);

}  // namespace
}  // namespace gridstride
