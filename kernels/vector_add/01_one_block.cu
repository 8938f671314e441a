// One block walks over the whole vector, 1024 elements at a time.
//
// It is right for every n, and a first kernel to step through. But a block lives on one multiprocessor: the
// others of the GPU stand idle, and so does most of the memory bus.
#include "kernels/core/launch.hpp"
#include "kernels/core/variant.hpp"
#include "kernels/vector_add/vector_add.hpp"

namespace gridstride {
namespace {

constexpr int kThreads = 1024;

// [kernel]
__global__ void add_one_block(const float* a, const float* b, float* c, int64_t n) {
  for (int64_t i = threadIdx.x; i < n; i += blockDim.x) c[i] = a[i] + b[i];
}
// [kernel]

void launch(const VectorAdd::Args& args, cudaStream_t stream) {
  if (args.n == 0) return;
  add_one_block<<<1, kThreads, 0, stream>>>(args.a, args.b, args.c, args.n);
  check_launch("vector_add/01_one_block");
}

GRIDSTRIDE_VARIANT(VectorAdd, .idea = "one block steps over the whole vector", .launch = launch,
                   .suffers = {"too-few-blocks", "narrow-access"});

}  // namespace
}  // namespace gridstride
