// Thrust's transform of two arrays with a function object of ours.
#include "kernels/core/thrust.hpp"
#include "kernels/core/variant.hpp"
#include "kernels/relu_backward/relu_backward.hpp"

#if GRIDSTRIDE_HAS_THRUST
#include <thrust/transform.h>
#endif

namespace gridstride {
namespace {

#if GRIDSTRIDE_HAS_THRUST
struct PassWherePositive {
  __host__ __device__ float operator()(float y, float dy) const { return y <= 0 ? 0.0f : dy; }
};

void launch_thrust(const ReluBackward::Args& args, cudaStream_t stream) {
  thrust::transform(thrust_policy(stream), args.y, args.y + args.n, args.dy, args.dx, PassWherePositive{});
}
constexpr auto* launch = &launch_thrust;
#else
constexpr void (*launch)(const ReluBackward::Args&, cudaStream_t) = nullptr;
#endif

GRIDSTRIDE_VARIANT(ReluBackward, .idea = "the library: thrust::transform with a function object",
                   .needs = "Thrust (libthrust-dev)", .library = true, .launch = launch);

}  // namespace
}  // namespace gridstride
