// As many threads as the GPU holds at once, each taking every stride-th element: the loop that never ends at
// the grid's edge.
//
// The grid no longer depends on n: any n works with any launch, threads are set up once and reused, and what
// is computed before the loop is paid for once. At each step the whole grid reads one contiguous stretch, so
// every warp still reads whole lines.
#include "kernels/core/launch.hpp"
#include "kernels/core/variant.hpp"
#include "kernels/vector_add/vector_add.hpp"

namespace gridstride {
namespace {

constexpr int kThreads = 256;
constexpr int kBlocksPerMultiprocessor = 8;  // 8 x 256 = 2048 threads fill a multiprocessor (1024: Turing)

// [kernel]
__global__ void add_grid_stride(const float* a, const float* b, float* c, int64_t n) {
  const int64_t stride = static_cast<int64_t>(gridDim.x) * blockDim.x;
  for (int64_t i = static_cast<int64_t>(blockIdx.x) * blockDim.x + threadIdx.x; i < n; i += stride) {
    c[i] = a[i] + b[i];
  }
}
// [kernel]

void launch(const VectorAdd::Args& args, cudaStream_t stream) {
  if (args.n == 0) return;
  const int64_t resident = int64_t{kBlocksPerMultiprocessor} * device_info().multiprocessors;
  add_grid_stride<<<grid_1d(args.n, kThreads, resident), kThreads, 0, stream>>>(args.a, args.b, args.c,
                                                                                args.n);
  check_launch("vector_add/03_grid_stride");
}

GRIDSTRIDE_VARIANT(VectorAdd, .idea = "a grid as large as the GPU, looping over any n", .launch = launch,
                   .suffers = {"narrow-access"});

}  // namespace
}  // namespace gridstride
