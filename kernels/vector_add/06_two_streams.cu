// The two halves of the vector on two streams: fork from the caller's stream, join it again.
//
// It does not help, and stays for the reason: a kernel that fills the memory bus leaves nothing for a second
// one to use, and the fork and the join cost microseconds. Streams pay where different engines can work at
// once: a copy to the device, a kernel, and a copy back. The pattern is the same: an event recorded in the
// caller's stream holds back the others, and their events hold back the caller's, so that for the outside
// this is still one piece of work in one stream.
#include <array>

#include "kernels/core/launch.hpp"
#include "kernels/core/stream.hpp"
#include "kernels/core/variant.hpp"
#include "kernels/vector_add/vector_add.hpp"

namespace gridstride {
namespace {

constexpr int kThreads = 256;

__global__ void add_one_half(const float* a, const float* b, float* c, int64_t n) {
  const int64_t i = static_cast<int64_t>(blockIdx.x) * blockDim.x + threadIdx.x;
  if (i < n) c[i] = a[i] + b[i];
}

/// Streams and events are made once per thread, not once per call.
struct Fork {
  Event begin;
  std::array<Stream, 2> streams;
  std::array<Event, 2> done;
};

// [launch]
void launch(const VectorAdd::Args& args, cudaStream_t stream) {
  if (args.n == 0) return;
  thread_local Fork fork;
  fork.begin.record(stream);
  const int64_t half = ceil_div(args.n, 2);
  for (int s = 0; s < 2; ++s) {
    const int64_t first = s * half, count = std::min(half, args.n - first);
    GRIDSTRIDE_CUDA(cudaStreamWaitEvent(fork.streams[s], fork.begin, 0));
    if (count > 0) {
      add_one_half<<<grid_1d(count, kThreads), kThreads, 0, fork.streams[s]>>>(args.a + first, args.b + first,
                                                                               args.c + first, count);
      check_launch("vector_add/06_two_streams");
    }
    fork.done[s].record(fork.streams[s]);
    GRIDSTRIDE_CUDA(cudaStreamWaitEvent(stream, fork.done[s], 0));
  }
}
// [launch]

GRIDSTRIDE_VARIANT(VectorAdd, .idea = "two halves on two streams: fork, join, and no gain", .launch = launch,
                   .suffers = {"narrow-access"});

}  // namespace
}  // namespace gridstride
