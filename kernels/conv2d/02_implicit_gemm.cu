// The convolution is a matrix product whose second matrix is never stored: (K) x (C*R*S) times (C*R*S) x
// (N*P*Q).
//
// Its columns are read straight from the image while the tile is filled, so the R*S-fold copy that im2col
// would write to memory exists only in shared memory, 64 columns at a time. From there the register tile of
// the gemm ladder takes over: each pixel that was loaded serves 64 filters. The products run over channels
// innermost, which keeps all index arithmetic out of the inner loop.
// What stops it: loads and arithmetic take turns at the barriers (double buffering), and 3 x 3 filters at
// stride 1 could do with fewer multiplications (Winograd).
#include "kernels/conv2d/conv2d.hpp"
#include "kernels/conv2d/implicit_gemm.cuh"
#include "kernels/core/variant.hpp"

namespace gridstride {
namespace {

void launch(const Conv2d::Args& args, cudaStream_t stream) {
  const Conv2dShape& shape = args.shape;
  if (shape.y_elems() == 0) return;
  conv::Problem problem = conv::Problem::forward(shape);
  problem.source = args.x, problem.target = args.y;
  problem.bias = args.bias, problem.epilogue = args.epilogue;
  const int64_t filter = shape.r * shape.s;
  conv::launch_implicit_gemm(problem, conv::WindowTaps(shape), args.w, shape.c * filter, filter, stream);
  check_launch("conv2d/02_implicit_gemm");
}

std::string unsupported(const Conv2d::Args& args) { return args.shape.why_not_tiled(); }

GRIDSTRIDE_VARIANT(Conv2d, .idea = "a matrix product whose columns are read from the image as it goes",
                   .launch = launch, .unsupported = unsupported);

}  // namespace
}  // namespace gridstride
