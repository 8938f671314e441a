// A step down, on purpose: each thread adds a contiguous run of elements, as a thread on a CPU would.
//
// For a CPU core that is the right order. On a GPU the 32 threads of a warp then read 32 places that are a
// run apart: 32 sectors per request instead of 4. Whether the rest of each sector is still in cache when the
// thread comes back for it decides how bad it gets. Coalescing is about what a warp does at one moment, not
// about what a thread does over time.
#include "kernels/core/launch.hpp"
#include "kernels/core/variant.hpp"
#include "kernels/vector_add/vector_add.hpp"

namespace gridstride {
namespace {

constexpr int kThreads = 256;
constexpr int kRun = 32;  // elements per thread: one 128-byte line each

// [kernel]
__global__ void add_strided(const float* a, const float* b, float* c, int64_t n) {
  const int64_t first = (static_cast<int64_t>(blockIdx.x) * blockDim.x + threadIdx.x) * kRun;
  const int64_t last = first + kRun < n ? first + kRun : n;
#pragma unroll 1
  for (int64_t i = first; i < last; ++i) c[i] = a[i] + b[i];
}
// [kernel]

void launch(const VectorAdd::Args& args, cudaStream_t stream) {
  if (args.n == 0) return;
  add_strided<<<grid_1d(args.n, int64_t{kThreads} * kRun), kThreads, 0, stream>>>(args.a, args.b, args.c,
                                                                                  args.n);
  check_launch("vector_add/04_strided");
}

GRIDSTRIDE_VARIANT(VectorAdd, .idea = "a contiguous run per thread: what coalescing is not", .launch = launch,
                   .suffers = {"uncoalesced-load", "uncoalesced-store"});

}  // namespace
}  // namespace gridstride
