// Thrust's transform: one line, and on a GPU as fast as the memory.
//
// Thrust has a back end per device. The CUDA one takes our stream; the others compute on the calling thread's
// side, so the stream must have arrived here first.
#include "kernels/core/launch.hpp"
#include "kernels/core/registry.hpp"
#include "kernels/vector_add/vector_add.hpp"

#if GRIDSTRIDE_HAS_THRUST
#include <thrust/device_ptr.h>
#include <thrust/execution_policy.h>
#include <thrust/functional.h>
#include <thrust/transform.h>
#endif

namespace gridstride {
namespace {

#if GRIDSTRIDE_HAS_THRUST

template <class Policy>
void transform(const Policy& policy, const VectorAdd::Args& args) {
  const auto a = thrust::device_pointer_cast(args.a), b = thrust::device_pointer_cast(args.b);
  thrust::transform(policy, a, a + args.n, b, thrust::device_pointer_cast(args.c), thrust::plus<float>());
}

void launch(const VectorAdd::Args& args, cudaStream_t stream) {
  if (args.n == 0) return;
#if THRUST_DEVICE_SYSTEM == THRUST_DEVICE_SYSTEM_CUDA
  transform(thrust::cuda::par_nosync.on(stream), args);
#else
  GRIDSTRIDE_CUDA(cudaStreamSynchronize(stream));
  transform(thrust::device, args);
#endif
}

#else
constexpr void (*launch)(const VectorAdd::Args&, cudaStream_t) = nullptr;
#endif

GRIDSTRIDE_VARIANT(VectorAdd, .idea = "the library: thrust::transform", .needs = "Thrust (libthrust-dev)",
                   .library = true, .launch = launch);

}  // namespace
}  // namespace gridstride
