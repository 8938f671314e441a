// Wrong: the last block's threads behind the vector's end add and store as well.
#include "kernels/core/launch.hpp"
#include "kernels/core/variant.hpp"
#include "kernels/vector_add/vector_add.hpp"

namespace gridstride {
namespace {

constexpr int kThreads = 128;

__global__ void add_without_guard(const float* a, const float* b, float* c) {
  const int64_t i = static_cast<int64_t>(blockIdx.x) * blockDim.x + threadIdx.x;
  c[i] = a[i] + b[i];
}

void launch(const VectorAdd::Args& args, cudaStream_t stream) {
  if (args.n == 0) return;
  add_without_guard<<<grid_1d(args.n, kThreads), kThreads, 0, stream>>>(args.a, args.b, args.c);
  check_launch("vector_add/mutant_missing_guard");
}

GRIDSTRIDE_VARIANT(VectorAdd, .idea = "wrong: no guard", .launch = launch);

}  // namespace
}  // namespace gridstride
