// The kernels behind `bench goals`, nothing but a body and nothing but barriers, and the loops beside them.
#include <algorithm>
#include <thread>
#include <vector>

#include "bench/goal_kernels.hpp"
#include "kernels/core/launch.hpp"

namespace gridstride::bench::detail {
namespace {

constexpr int kThreads = 256;

__host__ __device__ inline float polynomial(float x) {
  float y = 0.5f;
  for (int power = 0; power < 64; ++power) y = y * x + 0.25f;
  return y;
}

__global__ void polynomial_of_each(int64_t n, const float* x, float* y) {
  const int64_t i = static_cast<int64_t>(blockIdx.x) * blockDim.x + threadIdx.x;
  if (i < n) y[i] = polynomial(x[i]);
}

__global__ void meet(int rounds, float* out) {
  float sum = 0;
  for (int round = 0; round < rounds; ++round) {
    sum += 1.0f;
    __syncthreads();
  }
  out[threadIdx.x] = sum;
}

}  // namespace

void plain_product(int64_t n, const float* __restrict__ a, const float* __restrict__ b,
                   float* __restrict__ c) {
  std::fill(c, c + n * n, 0.0f);
  for (int64_t i = 0; i < n; ++i) {
    for (int64_t k = 0; k < n; ++k) {
      const float aik = a[i * n + k];
      for (int64_t j = 0; j < n; ++j) c[i * n + j] += aik * b[k * n + j];
    }
  }
}

void polynomial_kernel(int64_t n, const float* x, float* y, cudaStream_t stream) {
  polynomial_of_each<<<grid_1d(n, kThreads), kThreads, 0, stream>>>(n, x, y);
  check_launch("bench/polynomial");
}

void polynomial_loop(int64_t n, const float* x, float* y) {
  const int64_t blocks = ceil_div(n, kThreads);
  const int64_t cores = std::max(1u, std::thread::hardware_concurrency());
  std::vector<std::thread> workers;
  for (int64_t core = 0; core < cores; ++core) {
    workers.emplace_back([=] {
      for (int64_t block = blocks * core / cores; block < blocks * (core + 1) / cores; ++block) {
        const int64_t first = block * kThreads;
        const int64_t threads = std::min<int64_t>(kThreads, n - first);
        const float* __restrict__ from = x + first;
        float* __restrict__ to = y + first;
        for (int64_t thread = 0; thread < threads; ++thread) to[thread] = polynomial(from[thread]);
      }
    });
  }
  for (auto& worker : workers) worker.join();
}

void barrier_kernel(int rounds, float* out, cudaStream_t stream) {
  meet<<<1, kThreads, 0, stream>>>(rounds, out);
  check_launch("bench/barrier");
}

}  // namespace gridstride::bench::detail
