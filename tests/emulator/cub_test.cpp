// CUB and Thrust as Debian and Ubuntu package them: their own kernels, on the emulator.
#include "tests/emulator/cc_fixture.hpp"

namespace gridstride::driver {
namespace {

class Libraries : public CcFixture {
 protected:
  void SetUp() override {
    CcFixture::SetUp();
    if (kSanitized) GTEST_SKIP() << "Thrust binds references to null pointers, where a sanitizer stops";
#if !__has_include(<cub/cub.cuh>)
    GTEST_SKIP() << "no CUB here; Debian and Ubuntu have it in libcub-dev and libthrust-dev";
#endif
  }

  void expect_right(const std::string& source) {
    write("program.cu", source);
    ASSERT_EQ(shell("cc -O1 program.cu -o program"), 0) << messages_;
    for (const char* schedule : {"forward", "reversed", "random:3"}) {
      EXPECT_EQ(shell(std::string("GRIDSTRIDE_SCHEDULE=") + schedule + " ./program"), 0) << messages_;
      EXPECT_EQ(output_, "right\n") << schedule << ": " << messages_;
    }
  }
};

// Blocks that look back at others' results, threads that leave a kernel from within a function, and a choice
// of kernels by what they were compiled for.
TEST_F(Libraries, CubSortsAndScansWholeArraysAndReducesBlocks) {
  expect_right(R"(#include <cub/cub.cuh>
#include <algorithm>
#include <cstdio>
#include <numeric>
#include <vector>
__global__ void block_sums(const int* in, int* out) {
  using Reduce = cub::BlockReduce<int, 96>;
  __shared__ typename Reduce::TempStorage storage;
  const int sum = Reduce(storage).Sum(in[96 * blockIdx.x + threadIdx.x]);
  if (threadIdx.x == 0) out[blockIdx.x] = sum;
}
template <class F> bool run(F f) {
  void* temp = nullptr;
  size_t bytes = 0;
  if (f(temp, bytes) != cudaSuccess || cudaMalloc(&temp, bytes) != cudaSuccess) return false;
  return f(temp, bytes) == cudaSuccess && cudaDeviceSynchronize() == cudaSuccess && cudaFree(temp) == cudaSuccess;
}
int main() {
  const int n = 30000;
  int *in, *out;
  cudaMallocManaged(&in, n * sizeof(int));
  cudaMallocManaged(&out, n * sizeof(int));
  for (int i = 0; i < n; ++i) in[i] = static_cast<int>(i * 7919u % 10007u) - 5000;
  std::vector<int> wanted(n);
  bool right = run([&](void* t, size_t& b) { return cub::DeviceScan::InclusiveSum(t, b, in, out, n); });
  std::partial_sum(in, in + n, wanted.begin());
  right &= std::equal(wanted.begin(), wanted.end(), out);
  right &= run([&](void* t, size_t& b) { return cub::DeviceRadixSort::SortKeys(t, b, in, out, n); });
  wanted.assign(in, in + n);
  std::sort(wanted.begin(), wanted.end());
  right &= std::equal(wanted.begin(), wanted.end(), out);
  block_sums<<<100, 96>>>(in, out);
  right &= cudaDeviceSynchronize() == cudaSuccess;
  for (int b = 0; b < 100; ++b) right &= out[b] == std::accumulate(in + 96 * b, in + 96 * (b + 1), 0);
  cudaFree(in), cudaFree(out);
  puts(right ? "right" : "wrong");
}
)");
}

TEST_F(Libraries, ThrustSharesItsVectorsWithKernels) {
  expect_right(R"(#include <thrust/device_vector.h>
#include <thrust/reduce.h>
#include <thrust/sequence.h>
#include <thrust/transform.h>
#include <cstdio>
__global__ void twice(int* x, int n) {
  const int i = blockIdx.x * blockDim.x + threadIdx.x;
  if (i < n) x[i] *= 2;
}
int main() {
  const int n = 5000;
  cudaStream_t stream;
  cudaStreamCreate(&stream);
  thrust::device_vector<int> x(n), y(n);
  thrust::sequence(thrust::cuda::par.on(stream), x.begin(), x.end());
  twice<<<(n + 255) / 256, 256, 0, stream>>>(thrust::raw_pointer_cast(x.data()), n);
  thrust::transform(thrust::cuda::par.on(stream), x.begin(), x.end(), y.begin(), thrust::negate<int>());
  const int sum = thrust::reduce(thrust::cuda::par.on(stream), y.begin(), y.end());
  puts(sum == -n * (n - 1) && y[7] == -14 ? "right" : "wrong");
}
)");
}

}  // namespace
}  // namespace gridstride::driver
