#pragma once

#include <cuda_runtime.h>

#include <cstdint>

/// What `bench goals` compares. Both sides stand in one .cu file, so that the kernels' flags are theirs too.
namespace gridstride::bench::detail {

/// c = a b, n x n, as a plain i-k-j loop.
void plain_product(int64_t n, const float* a, const float* b, float* c);

/// y[i] = polynomial(x[i]), as a kernel and as a plain loop over the same blocks and threads.
void polynomial_kernel(int64_t n, const float* x, float* y, cudaStream_t stream);
void polynomial_loop(int64_t n, const float* x, float* y);

/// One block of 256 threads that meets at `rounds` barriers; `out` holds 256 elements.
void barrier_kernel(int rounds, float* out, cudaStream_t stream);

}  // namespace gridstride::bench::detail
