// One thread per element, as many blocks as it takes, and a guard for the last block.
//
// The grid is rounded up to whole blocks, so its last threads have no element: without the guard they would
// write behind the array.
#include "kernels/core/launch.hpp"
#include "kernels/core/variant.hpp"
#include "kernels/vector_add/vector_add.hpp"

namespace gridstride {
namespace {

constexpr int kThreads = 256;

// [kernel]
__global__ void add_grid_guard(const float* a, const float* b, float* c, int64_t n) {
  const int64_t i = static_cast<int64_t>(blockIdx.x) * blockDim.x + threadIdx.x;
  if (i < n) c[i] = a[i] + b[i];
}
// [kernel]

void launch(const VectorAdd::Args& args, cudaStream_t stream) {
  if (args.n == 0) return;
  add_grid_guard<<<grid_1d(args.n, kThreads), kThreads, 0, stream>>>(args.a, args.b, args.c, args.n);
  check_launch("vector_add/02_grid_guard");
}

GRIDSTRIDE_VARIANT(VectorAdd, .idea = "one thread per element, rounded-up grid, guarded tail",
                   .launch = launch, .suffers = {"narrow-access"}, .cures = {"too-few-blocks"});

}  // namespace
}  // namespace gridstride
