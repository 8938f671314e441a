// Wrong: whole groups of four only, so up to three elements at the end are never written.
#include "kernels/core/launch.hpp"
#include "kernels/core/variant.hpp"
#include "kernels/vector_add/vector_add.hpp"

namespace gridstride {
namespace {

constexpr int kThreads = 128;

__global__ void add_without_tail(const float* a, const float* b, float* c, int64_t quads) {
  const int64_t q = static_cast<int64_t>(blockIdx.x) * blockDim.x + threadIdx.x;
  if (q >= quads) return;
  for (int64_t i = 4 * q; i < 4 * q + 4; ++i) c[i] = a[i] + b[i];
}

void launch(const VectorAdd::Args& args, cudaStream_t stream) {
  const int64_t quads = args.n / 4;
  if (quads == 0) return;
  add_without_tail<<<grid_1d(quads, kThreads), kThreads, 0, stream>>>(args.a, args.b, args.c, quads);
  check_launch("vector_add/mutant_forgets_tail");
}

GRIDSTRIDE_VARIANT(VectorAdd, .idea = "wrong: no tail", .launch = launch);

}  // namespace
}  // namespace gridstride
