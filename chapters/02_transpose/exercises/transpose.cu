// Exercise: this transpose is right, and one line of it takes 32 times as many passes as it needs.
// Find the line with the profiler, and cure it; chapters/02_transpose/README.md says how.
#include <cstdio>
#include <vector>

constexpr int kTile = 32;
constexpr int kRows = 520, kCols = 1000;

// [kernel]
__global__ void transpose(const float* x, float* y, int m, int n) {
  __shared__ float tile[kTile][kTile];
  const int tx = threadIdx.x, ty = threadIdx.y;
  const int row0 = blockIdx.y * kTile, col0 = blockIdx.x * kTile;
  if (row0 + ty < m && col0 + tx < n) tile[ty][tx] = x[(row0 + ty) * n + col0 + tx];
  __syncthreads();
  if (row0 + tx < m && col0 + ty < n) y[(col0 + ty) * m + row0 + tx] = tile[tx][ty];
}
// [kernel]

int main() {
  std::vector<float> in(kRows * kCols), out(in.size());
  for (std::size_t i = 0; i < in.size(); ++i) in[i] = static_cast<float>(i);
  float *x, *y;
  cudaMalloc(&x, in.size() * sizeof(float));
  cudaMalloc(&y, in.size() * sizeof(float));
  cudaMemcpy(x, in.data(), in.size() * sizeof(float), cudaMemcpyHostToDevice);

  const dim3 blocks((kCols + kTile - 1) / kTile, (kRows + kTile - 1) / kTile);
  transpose<<<blocks, dim3(kTile, kTile)>>>(x, y, kRows, kCols);
  const cudaError_t error = cudaMemcpy(out.data(), y, out.size() * sizeof(float), cudaMemcpyDeviceToHost);
  cudaFree(x);
  cudaFree(y);
  if (error != cudaSuccess) return std::printf("wrong: %s\n", cudaGetErrorString(error)), 1;

  for (int r = 0; r < kRows; ++r) {
    for (int c = 0; c < kCols; ++c) {
      const float got = out[static_cast<std::size_t>(c) * kRows + r],
                  wanted = in[static_cast<std::size_t>(r) * kCols + c];
      if (got != wanted) return std::printf("wrong: y[%d][%d] is %g, not %g\n", c, r, got, wanted), 1;
    }
  }
  std::puts("right");
}
