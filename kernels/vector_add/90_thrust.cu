// Thrust's transform: one line, and on a GPU as fast as the memory.
#include "kernels/core/thrust.hpp"
#include "kernels/core/variant.hpp"
#include "kernels/vector_add/vector_add.hpp"

#if GRIDSTRIDE_HAS_THRUST
#include <thrust/functional.h>
#include <thrust/transform.h>
#endif

namespace gridstride {
namespace {

#if GRIDSTRIDE_HAS_THRUST
void launch_thrust(const VectorAdd::Args& args, cudaStream_t stream) {
  thrust::transform(thrust_policy(stream), args.a, args.a + args.n, args.b, args.c, thrust::plus<float>());
}
constexpr auto* launch = &launch_thrust;
#else
constexpr void (*launch)(const VectorAdd::Args&, cudaStream_t) = nullptr;
#endif

GRIDSTRIDE_VARIANT(VectorAdd, .idea = "the library: thrust::transform", .needs = "Thrust (libthrust-dev)",
                   .library = true, .launch = launch);

}  // namespace
}  // namespace gridstride
