/// Coordinates, parameters, shared memory: what every thread of a launch sees.
#include <cmath>
#include <cstdint>
#include <memory>
#include <numeric>

#include "tests/emulator/runtime_fixture.hpp"

namespace gridstride::emulator {
namespace {

class Threads : public RuntimeTest {};
__global__ void wait_for_each_other(volatile int* ready) {
  if (threadIdx.x % 2 == 0) {
    while (ready[threadIdx.x + 1] == 0)
      ;
    ready[threadIdx.x] = 2;
  } else {
    ready[threadIdx.x] = 1;
    while (ready[threadIdx.x - 1] == 0) {}
  }
}

TEST_P(Threads, PollingOnAPlainVariableLetsTheOtherThreadRun) {
  DeviceArray<int> ready(64, 0);
  wait_for_each_other<<<1, 64>>>(ready.data());
  ASSERT_EQ(cudaDeviceSynchronize(), cudaSuccess);
  EXPECT_EQ(ready.host()[0], 2);
  EXPECT_EQ(ready.host()[63], 1);
}

GRIDSTRIDE_EVERY_SCHEDULE(Threads);

__global__ void mark_coordinates(int* visits, dim3 grid, dim3 block, int* wrong) {
  if (gridDim.x != grid.x || gridDim.y != grid.y || gridDim.z != grid.z || blockDim.x != block.x ||
      blockDim.y != block.y || blockDim.z != block.z || warpSize != 32) {
    atomicAdd(wrong, 1);
  }
  const unsigned thread = threadIdx.x + blockDim.x * (threadIdx.y + blockDim.y * threadIdx.z);
  const unsigned number = blockIdx.x + gridDim.x * (blockIdx.y + gridDim.y * blockIdx.z);
  atomicAdd(&visits[number * (blockDim.x * blockDim.y * blockDim.z) + thread], 1);
}

TEST_P(Threads, EachCoordinateOnce) {
  for (const auto& [grid, block] :
       {std::pair{dim3(1), dim3(1)}, std::pair{dim3(7), dim3(33)}, std::pair{dim3(2, 3, 4), dim3(5, 6, 7)},
        std::pair{dim3(1, 5), dim3(1, 1, 64)}, std::pair{dim3(3), dim3(1024)},
        std::pair{dim3(64), dim3(16, 16)}}) {
    const std::size_t count = std::size_t{grid.x} * grid.y * grid.z * block.x * block.y * block.z;
    DeviceArray<int> visits(count, 0);
    DeviceArray<int> wrong(1, 0);
    mark_coordinates<<<grid, block>>>(visits.data(), grid, block, wrong.data());
    EXPECT_EQ(visits.host(), std::vector<int>(count, 1));
    EXPECT_EQ(wrong.host()[0], 0);
  }
}

__global__ void count_down(int n, int* out) {
  int steps = 0;
  while (n-- > 0) ++steps;
  out[threadIdx.x] = steps;
}

TEST_P(Threads, ParametersAreByValuePerThread) {
  DeviceArray<int> out(64, -1);
  count_down<<<1, 64>>>(5, out.data());
  EXPECT_EQ(out.host(), std::vector<int>(64, 5));
}

__global__ void count_down_between_barriers(int n, int* out) {
  int steps = 0;
  while (n > 0) {
    n -= 1;
    __syncthreads();
    ++steps;
  }
  out[threadIdx.x] = steps;
}

TEST_P(Threads, ParametersSurviveBarriers) {
  DeviceArray<int> out(70, -1);
  count_down_between_barriers<<<1, 70>>>(9, out.data());
  EXPECT_EQ(out.host(), std::vector<int>(70, 9));
}

struct Tracked {
  std::shared_ptr<int> value;
};

__global__ void read_tracked(Tracked tracked, int* out) {
  __syncthreads();
  out[threadIdx.x] = *tracked.value;
}

TEST_P(Threads, ArgumentsAreDestroyedWithTheLaunch) {
  const Tracked tracked{std::make_shared<int>(42)};
  DeviceArray<int> out(40, 0);
  read_tracked<<<3, 40>>>(tracked, out.data());
  ASSERT_EQ(cudaDeviceSynchronize(), cudaSuccess);
  EXPECT_EQ(out.host(), std::vector<int>(40, 42));
  EXPECT_EQ(tracked.value.use_count(), 1);
}

__global__ void reverse_in_shared(float* x) {
  __shared__ float tile[256];
  tile[threadIdx.x] = x[blockIdx.x * 256 + threadIdx.x];
  __syncthreads();
  x[blockIdx.x * 256 + threadIdx.x] = tile[255 - threadIdx.x];
}

TEST_P(Threads, SharedMemoryIsTheBlocks) {
  std::vector<float> values(256 * 20);
  std::iota(values.begin(), values.end(), 0.0f);
  DeviceArray<float> x(values);
  reverse_in_shared<<<20, 256>>>(x.data());
  const std::vector<float> got = x.host();
  for (int block = 0; block < 20; ++block) {
    for (int i = 0; i < 256; ++i) {
      ASSERT_EQ(got[block * 256 + i], static_cast<float>(block * 256 + 255 - i));
    }
  }
}

__global__ void look_at_shared(int* report) {
  __shared__ float fresh[8];
  __shared__ double second[3][5];
  extern __shared__ int dynamic[];
  if (threadIdx.x == 0) {
    report[0] = isnan(fresh[7]) && isnan(second[2][4]) && dynamic[9] == -1;
    report[1] = reinterpret_cast<std::uintptr_t>(dynamic) % 256 == 0;
    report[2] = reinterpret_cast<std::uintptr_t>(second) % alignof(double) == 0;
    report[3] = sizeof fresh == 32 && sizeof second == 120;
    report[4] = reinterpret_cast<char*>(fresh) >= reinterpret_cast<char*>(dynamic + 10) ||
                reinterpret_cast<char*>(fresh + 8) <= reinterpret_cast<char*>(dynamic);
    fresh[7] = 1;  // the next block must not see it
    second[2][4] = 1;
    dynamic[9] = 1;
  }
}

TEST_P(Threads, SharedMemoryStartsPoisonedInEveryBlock) {
  DeviceArray<int> report(5, 0);
  for (int i = 0; i < 3; ++i) look_at_shared<<<50, 32, 10 * sizeof(int)>>>(report.data());
  EXPECT_EQ(report.host(), std::vector<int>(5, 1));
}

template <class T, int N>
__global__ void fill_typed(T* out) {
  __shared__ T values[N];
  for (int i = threadIdx.x; i < N; i += blockDim.x) values[i] = static_cast<T>(i + N);
  __syncthreads();
  for (int i = threadIdx.x; i < N; i += blockDim.x) out[i] = values[N - 1 - i];
}

TEST_P(Threads, SharedMemoryOfTemplates) {
  DeviceArray<float> floats(100, 0);
  DeviceArray<double> doubles(200, 0);
  fill_typed<float, 100><<<1, 32>>>(floats.data());
  fill_typed<double, 200><<<1, 96>>>(doubles.data());
  EXPECT_EQ(floats.host()[0], 199.0f);
  EXPECT_EQ(doubles.host()[199], 200.0);
}

__device__ int doubled(int x) { return 2 * x; }
__device__ int squared(int x) { return x * x; }
using Function = int (*)(int);

__global__ void apply(Function function, int* x) { x[threadIdx.x] = function(x[threadIdx.x]); }

TEST_P(Threads, FunctionPointersAndRecursion) {
  DeviceArray<int> x(std::vector<int>{1, 2, 3});
  apply<<<1, 3>>>(doubled, x.data());
  apply<<<1, 3>>>(squared, x.data());
  EXPECT_EQ(x.host(), (std::vector<int>{4, 16, 36}));
}

__constant__ float coefficients[4];
__device__ int counter;

__global__ void use_symbols(float* out) {
  out[threadIdx.x] = coefficients[threadIdx.x];
  atomicAdd(&counter, 1);
}

TEST_P(Threads, Symbols) {
  const float values[4] = {1, 2, 3, 4};
  const int zero = 0;
  ASSERT_EQ(cudaMemcpyToSymbol(coefficients, values, sizeof values), cudaSuccess);
  ASSERT_EQ(cudaMemcpyToSymbol(counter, &zero, sizeof zero), cudaSuccess);
  DeviceArray<float> out(4, 0);
  use_symbols<<<1, 4>>>(out.data());
  int count = 0;
  ASSERT_EQ(cudaMemcpyFromSymbol(&count, counter, sizeof count), cudaSuccess);
  EXPECT_EQ(count, 4);
  EXPECT_EQ(out.host(), (std::vector<float>{1, 2, 3, 4}));
  EXPECT_EQ(cudaMemcpyToSymbol(coefficients, values, 8, 12), cudaErrorInvalidValue);
  void* address = nullptr;
  ASSERT_EQ(cudaGetSymbolAddress(&address, counter), cudaSuccess);
  EXPECT_EQ(cudaMemcpy(&count, address, sizeof count, cudaMemcpyDeviceToHost), cudaSuccess);
}

}  // namespace
}  // namespace gridstride::emulator
