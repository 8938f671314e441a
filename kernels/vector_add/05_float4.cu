// Four neighbours per thread in one 128-bit load, several loads in flight, and a tail for what is left.
//
// The bus was already busy with whole lines; what is saved is instructions, and more bytes are under way per
// thread while it waits. The loads ask to be evicted first: nothing is read twice. A 128-bit access wants an
// address that is a multiple of 16. Where all three vectors are off by the same amount, the elements before
// the first multiple of 16 and behind the last go one by one; where they differ, all do.
#include "kernels/core/launch.hpp"
#include "kernels/core/variant.hpp"
#include "kernels/vector_add/vector_add.hpp"

namespace gridstride {
namespace {

constexpr int kThreads = 256;
constexpr int kBatch = 4;  // float4 per thread

// [kernel]
__device__ float4 add4(float4 a, float4 b) { return make_float4(a.x + b.x, a.y + b.y, a.z + b.z, a.w + b.w); }

/// The `head` elements before the first 16-byte boundary, then `quads` groups of 4, then the rest.
__global__ void add_float4(const float* a, const float* b, float* c, int64_t n, int64_t head, int64_t quads) {
  const float4* a4 = reinterpret_cast<const float4*>(a + head);
  const float4* b4 = reinterpret_cast<const float4*>(b + head);
  float4* c4 = reinterpret_cast<float4*>(c + head);
  const int64_t first = static_cast<int64_t>(blockIdx.x) * (kThreads * kBatch) + threadIdx.x;
  float4 x[kBatch] = {}, y[kBatch] = {};
#pragma unroll
  for (int k = 0; k < kBatch; ++k) {
    const int64_t i = first + k * kThreads;
    if (i < quads) x[k] = __ldcs(a4 + i), y[k] = __ldcs(b4 + i);
  }
#pragma unroll
  for (int k = 0; k < kBatch; ++k) {
    const int64_t i = first + k * kThreads;
    if (i < quads) __stcs(c4 + i, add4(x[k], y[k]));
  }

  const int64_t single = static_cast<int64_t>(blockIdx.x) * kThreads + threadIdx.x;
  if (single < n - 4 * quads) {
    const int64_t i = single < head ? single : single + 4 * quads;
    c[i] = a[i] + b[i];
  }
}
// [kernel]

/// Elements before `p` reaches a multiple of 16 bytes.
int64_t before_boundary(const float* p) {
  return static_cast<int64_t>(-reinterpret_cast<std::uintptr_t>(p) % sizeof(float4) / sizeof(float));
}

void launch(const VectorAdd::Args& args, cudaStream_t stream) {
  if (args.n == 0) return;
  int64_t head = std::min(before_boundary(args.c), args.n);
  int64_t quads = (args.n - head) / 4;
  const bool same = before_boundary(args.a) == before_boundary(args.c) &&
                    before_boundary(args.b) == before_boundary(args.c);
  if (!same) head = args.n, quads = 0;
  const int64_t work = std::max(ceil_div(quads, kBatch), args.n - 4 * quads);
  add_float4<<<grid_1d(work, kThreads), kThreads, 0, stream>>>(args.a, args.b, args.c, args.n, head, quads);
  check_launch("vector_add/05_float4");
}

GRIDSTRIDE_VARIANT(VectorAdd, .idea = "128-bit accesses, four in flight, singles at both ends",
                   .launch = launch, .cures = {"narrow-access", "uncoalesced-load", "uncoalesced-store"});

}  // namespace
}  // namespace gridstride
