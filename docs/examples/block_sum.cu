// Sums of 64 numbers each, as docs/emulator.md steps through them.
#include <cstdio>

__global__ void block_sum(const float* x, float* y) {
  __shared__ float partial[64];
  partial[threadIdx.x] = x[blockIdx.x * 64 + threadIdx.x];
  __syncthreads();
  for (int stride = 32; stride > 0; stride /= 2) {
    if (threadIdx.x < stride) {
      partial[threadIdx.x] += partial[threadIdx.x + stride];
    }
    __syncthreads();
  }
  if (threadIdx.x == 0) y[blockIdx.x] = partial[0];
}

int main() {
  float host[256], sums[4], *x, *y;
  for (int i = 0; i < 256; ++i) host[i] = i;
  cudaMalloc(&x, sizeof host);
  cudaMalloc(&y, sizeof sums);
  cudaMemcpy(x, host, sizeof host, cudaMemcpyHostToDevice);
  block_sum<<<4, 64>>>(x, y);
  cudaMemcpy(sums, y, sizeof sums, cudaMemcpyDeviceToHost);
  for (float sum : sums) printf("%g\n", sum);
  cudaFree(x), cudaFree(y);
}
