// The library's way: thrust::reduce, on a GPU through CUB, on a CPU through TBB.
//
// It brings the sum back to the host, so that the caller waits for it and a stream drains: what looks like
// one call is a launch, a copy and a synchronization.
#include "kernels/core/launch.hpp"
#include "kernels/core/thrust.hpp"
#include "kernels/core/variant.hpp"
#include "kernels/sum/sum.hpp"

#if GRIDSTRIDE_HAS_THRUST
#include <thrust/reduce.h>
#endif

namespace gridstride {
namespace {

#if GRIDSTRIDE_HAS_THRUST
void launch_thrust(const Sum::Args& args, cudaStream_t stream) {
  const float total = args.scale * thrust::reduce(thrust_policy(stream), args.x, args.x + args.n, 0.0f);
  GRIDSTRIDE_CUDA(cudaMemcpyAsync(args.y, &total, sizeof total, cudaMemcpyHostToDevice, stream));
  GRIDSTRIDE_CUDA(cudaStreamSynchronize(stream));  // total lives on this stack
}
constexpr auto* launch = &launch_thrust;
#else
constexpr void (*launch)(const Sum::Args&, cudaStream_t) = nullptr;
#endif

GRIDSTRIDE_VARIANT(Sum, .idea = "thrust::reduce", .needs = "Thrust (libthrust-dev, or a CUDA build)",
                   .library = true, .deterministic = false, .launch = launch);

}  // namespace
}  // namespace gridstride
