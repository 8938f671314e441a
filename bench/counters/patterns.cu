// Small kernels whose counts one can derive by hand: the same file for Nsight Compute and for our profiler.
//
// Every pattern is a kernel of its own, launched once, by one warp; main prints their names in the order of
// the launches. bench/counters/compare.py puts the two columns side by side.
#include <cuda_fp16.h>

#include <cstdio>

namespace {

constexpr int kBytes = 1 << 16;  // of each array

/// A value that is not 0 for any lane, so that nobody stores a constant.
template <class T>
__device__ T value() {
  T v{};
  reinterpret_cast<char*>(&v)[0] = static_cast<char>(threadIdx.x + 1);
  return v;
}

template <class T, int kStride, int kOffset>
__global__ void load(const T* a, T* out) {
  out[threadIdx.x] = a[threadIdx.x * kStride + kOffset];
}

template <class T, int kStride, int kOffset>
__global__ void store(const T*, T* out) {
  out[threadIdx.x * kStride + kOffset] = value<T>();
}

/// Only lanes below kLanes load.
template <int kLanes>
__global__ void load_by_some(const float* a, float* out) {
  if (threadIdx.x < kLanes) out[threadIdx.x] = a[threadIdx.x];
}

/// The halves of the warp go to two places that no compiler can make one.
__global__ void halves_apart(const float* a, float* out) {
  if (threadIdx.x < 16) {
    out[threadIdx.x] = a[threadIdx.x] * 3;
  } else {
    out[threadIdx.x + 512] = sqrtf(a[threadIdx.x + 1024]);
  }
}

/// kAddresses different ones, the lanes dealt out over them.
template <int kAddresses>
__global__ void add_to(const float*, float* out) {
  atomicAdd(out + threadIdx.x % kAddresses, 1.0f);
}

template <int kAddresses>
__global__ void fetch_and_add(const int*, int* out) {
  out[1024 + threadIdx.x] = atomicAdd(out + threadIdx.x % kAddresses, 1);
}

template <class T, int kStride>
__global__ void shared_load(const T* a, T* out) {
  __shared__ T s[33 * 32];
  for (int i = threadIdx.x; i < 33 * 32; i += 32) s[i] = a[i % 32];
  __syncthreads();
  out[threadIdx.x] = s[threadIdx.x * kStride];
}

template <class T, int kStride>
__global__ void shared_store(const T* a, T* out) {
  __shared__ T s[33 * 32];
  s[threadIdx.x * kStride] = a[threadIdx.x];
  __syncthreads();
  out[threadIdx.x] = s[(31 - threadIdx.x) * kStride];
}

/// A tile is written by rows and read by a column, kWidth words apart.
template <int kWidth>
__global__ void column(const float* a, float* out) {
  __shared__ float s[32][kWidth];
  for (int r = 0; r < 32; ++r) s[r][threadIdx.x] = a[32 * r + threadIdx.x];
  __syncthreads();
  for (int c = 0; c < 32; ++c) out[32 * c + threadIdx.x] = s[threadIdx.x][c];
}

__global__ void swizzled_column(const float* a, float* out) {
  __shared__ float s[32][32];
  for (int r = 0; r < 32; ++r) s[r][threadIdx.x ^ r] = a[32 * r + threadIdx.x];
  __syncthreads();
  for (int c = 0; c < 32; ++c) out[32 * c + threadIdx.x] = s[threadIdx.x][c ^ threadIdx.x];
}

void* arrays[2];

template <class T>
void run(const char* name, void (*kernel)(const T*, T*)) {
  kernel<<<1, 32>>>(static_cast<const T*>(arrays[0]), static_cast<T*>(arrays[1]));
  std::puts(name);
}

#define GRIDSTRIDE_PATTERN(...) run(#__VA_ARGS__, __VA_ARGS__)

}  // namespace

int main() {
  for (void*& array : arrays) {
    if (cudaMalloc(&array, kBytes) != cudaSuccess) return std::puts("no memory on the device"), 1;
    cudaMemset(array, 0, kBytes);
  }
  GRIDSTRIDE_PATTERN(load<float, 0, 0>);
  GRIDSTRIDE_PATTERN(load<float, 1, 0>);
  GRIDSTRIDE_PATTERN(load<float, 1, 1>);
  GRIDSTRIDE_PATTERN(load<float, 1, 4>);
  GRIDSTRIDE_PATTERN(load<float, 1, 8>);
  GRIDSTRIDE_PATTERN(load<float, 2, 0>);
  GRIDSTRIDE_PATTERN(load<float, 3, 0>);
  GRIDSTRIDE_PATTERN(load<float, 4, 0>);
  GRIDSTRIDE_PATTERN(load<float, 5, 0>);
  GRIDSTRIDE_PATTERN(load<float, 7, 0>);
  GRIDSTRIDE_PATTERN(load<float, 8, 0>);
  GRIDSTRIDE_PATTERN(load<float, 9, 0>);
  GRIDSTRIDE_PATTERN(load<float, 16, 0>);
  GRIDSTRIDE_PATTERN(load<float, 32, 0>);
  GRIDSTRIDE_PATTERN(load<float, 33, 0>);
  GRIDSTRIDE_PATTERN(load<__half, 1, 0>);
  GRIDSTRIDE_PATTERN(load<__half, 1, 1>);
  GRIDSTRIDE_PATTERN(load<__half, 2, 0>);
  GRIDSTRIDE_PATTERN(load<__half, 16, 0>);
  GRIDSTRIDE_PATTERN(load<double, 1, 0>);
  GRIDSTRIDE_PATTERN(load<double, 3, 0>);
  GRIDSTRIDE_PATTERN(load<float2, 1, 0>);
  GRIDSTRIDE_PATTERN(load<float2, 1, 1>);
  GRIDSTRIDE_PATTERN(load<float4, 1, 0>);
  GRIDSTRIDE_PATTERN(load<float4, 1, 1>);
  GRIDSTRIDE_PATTERN(load<float4, 2, 0>);
  GRIDSTRIDE_PATTERN(store<float, 1, 0>);
  GRIDSTRIDE_PATTERN(store<float, 1, 1>);
  GRIDSTRIDE_PATTERN(store<float, 2, 0>);
  GRIDSTRIDE_PATTERN(store<float, 8, 0>);
  GRIDSTRIDE_PATTERN(store<float, 33, 0>);
  GRIDSTRIDE_PATTERN(store<double, 1, 0>);
  GRIDSTRIDE_PATTERN(store<float4, 1, 0>);
  GRIDSTRIDE_PATTERN(load_by_some<1>);
  GRIDSTRIDE_PATTERN(load_by_some<8>);
  GRIDSTRIDE_PATTERN(load_by_some<17>);
  GRIDSTRIDE_PATTERN(halves_apart);
  GRIDSTRIDE_PATTERN(add_to<1>);
  GRIDSTRIDE_PATTERN(add_to<8>);
  GRIDSTRIDE_PATTERN(add_to<32>);
  GRIDSTRIDE_PATTERN(fetch_and_add<1>);
  GRIDSTRIDE_PATTERN(fetch_and_add<32>);
  GRIDSTRIDE_PATTERN(shared_load<float, 0>);
  GRIDSTRIDE_PATTERN(shared_load<float, 1>);
  GRIDSTRIDE_PATTERN(shared_load<float, 2>);
  GRIDSTRIDE_PATTERN(shared_load<float, 3>);
  GRIDSTRIDE_PATTERN(shared_load<float, 4>);
  GRIDSTRIDE_PATTERN(shared_load<float, 16>);
  GRIDSTRIDE_PATTERN(shared_load<float, 32>);
  GRIDSTRIDE_PATTERN(shared_load<float, 33>);
  GRIDSTRIDE_PATTERN(shared_load<double, 1>);
  GRIDSTRIDE_PATTERN(shared_load<double, 2>);
  GRIDSTRIDE_PATTERN(shared_load<float2, 1>);
  GRIDSTRIDE_PATTERN(shared_load<float2, 17>);
  GRIDSTRIDE_PATTERN(shared_load<float4, 1>);
  GRIDSTRIDE_PATTERN(shared_load<float4, 2>);
  GRIDSTRIDE_PATTERN(shared_store<float, 1>);
  GRIDSTRIDE_PATTERN(shared_store<float, 2>);
  GRIDSTRIDE_PATTERN(shared_store<float, 32>);
  GRIDSTRIDE_PATTERN(shared_store<float, 33>);
  GRIDSTRIDE_PATTERN(shared_store<float4, 1>);
  GRIDSTRIDE_PATTERN(column<32>);
  GRIDSTRIDE_PATTERN(column<33>);
  GRIDSTRIDE_PATTERN(column<34>);
  GRIDSTRIDE_PATTERN(swizzled_column);
  const cudaError_t error = cudaDeviceSynchronize();
  if (error != cudaSuccess) std::fprintf(stderr, "patterns: %s\n", cudaGetErrorString(error));
  return error != cudaSuccess;
}
