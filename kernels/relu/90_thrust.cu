// Thrust's transform with a function object of ours.
#include "kernels/core/thrust.hpp"
#include "kernels/core/variant.hpp"
#include "kernels/relu/relu.hpp"

#if GRIDSTRIDE_HAS_THRUST
#include <thrust/transform.h>
#endif

namespace gridstride {
namespace {

#if GRIDSTRIDE_HAS_THRUST
struct Rectify {
  __host__ __device__ float operator()(float x) const { return x <= 0 ? 0.0f : x; }
};

void launch_thrust(const Relu::Args& args, cudaStream_t stream) {
  thrust::transform(thrust_policy(stream), args.x, args.x + args.n, args.y, Rectify{});
}
constexpr auto* launch = &launch_thrust;
#else
constexpr void (*launch)(const Relu::Args&, cudaStream_t) = nullptr;
#endif

GRIDSTRIDE_VARIANT(Relu, .idea = "the library: thrust::transform with a function object",
                   .needs = "Thrust (libthrust-dev)", .library = true, .launch = launch);

}  // namespace
}  // namespace gridstride
