/// Launch configurations that a GPU refuses, kernels behind pointers, device queries.
#include <cstring>

#include "tests/emulator/runtime_fixture.hpp"

namespace gridstride::emulator {
namespace {

class Launches : public ::testing::Test {
 protected:
  void SetUp() override { cudaDeviceReset(); }
};

__global__ void count(int* n) { atomicAdd(n, 1); }

cudaError_t launch_error(dim3 grid, dim3 block, std::size_t shared_bytes = 0) {
  DeviceArray<int> n(1, 0);
  count<<<grid, block, shared_bytes>>>(n.data());
  const cudaError_t error = cudaGetLastError();
  if (error != cudaSuccess) {
    EXPECT_EQ(n.host()[0], 0) << "a refused launch ran";
  }
  return error;
}

TEST_F(Launches, ConfigurationsOutsideTheLimits) {
  EXPECT_EQ(launch_error(1, 1024), cudaSuccess);
  EXPECT_EQ(launch_error(1, 1025), cudaErrorInvalidConfiguration);
  EXPECT_EQ(launch_error(1, dim3(32, 33)), cudaErrorInvalidConfiguration);
  EXPECT_EQ(launch_error(1, dim3(1, 1, 65)), cudaErrorInvalidConfiguration);
  EXPECT_EQ(launch_error(0, 32), cudaErrorInvalidConfiguration);
  EXPECT_EQ(launch_error(1, 0), cudaErrorInvalidConfiguration);
  EXPECT_EQ(launch_error(dim3(1, 65536), 1), cudaErrorInvalidConfiguration);
  EXPECT_EQ(launch_error(dim3(1, 1, 65536), 1), cudaErrorInvalidConfiguration);
  EXPECT_EQ(launch_error(1, 1, 48 * 1024), cudaSuccess);
  EXPECT_EQ(launch_error(1, 1, 48 * 1024 + 1), cudaErrorInvalidValue);
  EXPECT_EQ(cudaGetLastError(), cudaSuccess);
  EXPECT_EQ(cudaDeviceSynchronize(), cudaSuccess) << "none of these is a device error";
}

template <class T>
__global__ void use_dynamic(T* out, std::size_t count) {
  extern __shared__ unsigned char bytes[];
  T* values = reinterpret_cast<T*>(bytes);
  for (std::size_t i = threadIdx.x; i < count; i += blockDim.x) values[i] = static_cast<T>(i);
  __syncthreads();
  if (threadIdx.x == 0) *out = values[count - 1];
}

TEST_F(Launches, MoreSharedMemoryForThoseThatAsk) {
  DeviceArray<float> out(1, 0);
  const std::size_t bytes = 200 * 1024;
  use_dynamic<float><<<1, 64, bytes>>>(out.data(), bytes / 4);
  EXPECT_EQ(cudaGetLastError(), cudaErrorInvalidValue);
  EXPECT_EQ(cudaFuncSetAttribute(use_dynamic<float>, cudaFuncAttributeMaxDynamicSharedMemorySize, 228 * 1024),
            cudaErrorInvalidValue);
  EXPECT_EQ(cudaFuncSetAttribute(use_dynamic<float>, cudaFuncAttributeMaxDynamicSharedMemorySize,
                                 static_cast<int>(bytes)),
            cudaSuccess);
  cudaGetLastError();
  use_dynamic<float><<<1, 64, bytes>>>(out.data(), bytes / 4);
  EXPECT_EQ(cudaGetLastError(), cudaSuccess);
  EXPECT_EQ(out.host()[0], static_cast<float>(bytes / 4 - 1));
  use_dynamic<double><<<1, 64, bytes>>>(nullptr, 1);
  EXPECT_EQ(cudaGetLastError(), cudaErrorInvalidValue) << "another instantiation did not ask";
  cudaFuncAttributes attributes{};
  EXPECT_EQ(cudaFuncGetAttributes(&attributes, use_dynamic<float>), cudaSuccess);
  EXPECT_EQ(attributes.maxDynamicSharedSizeBytes, static_cast<int>(bytes));
  EXPECT_EQ(attributes.maxThreadsPerBlock, 1024);
}

__global__ void three(int* out, float x, char c) { out[threadIdx.x] = static_cast<int>(x) + c; }

TEST_F(Launches, CudaLaunchKernel) {
  DeviceArray<int> out(4, 0);
  int* pointer = out.data();
  float x = 3.5f;
  char c = 4;
  void* arguments[] = {&pointer, &x, &c};
  EXPECT_EQ(cudaLaunchKernel(three, dim3(1), dim3(4), arguments, 0, nullptr), cudaSuccess);
  EXPECT_EQ(out.host(), std::vector<int>(4, 7));
}

TEST_F(Launches, AKernelIsNotAFunction) {
  DeviceArray<int> n(1, 0);
  count(n.data());
  EXPECT_EQ(cudaGetLastError(), cudaErrorMissingConfiguration);
  EXPECT_EQ(n.host()[0], 0);
}

TEST_F(Launches, NestedInArguments) {
  DeviceArray<int> n(1, 0);
  const auto launch_and_return = [&](int* p) {
    count<<<1, 10>>>(p);
    return p;
  };
  count<<<1, 7>>>(launch_and_return(n.data()));
  EXPECT_EQ(n.host()[0], 17);
}

TEST_F(Launches, Occupancy) {
  int blocks = 0;
  EXPECT_EQ(cudaOccupancyMaxActiveBlocksPerMultiprocessor(&blocks, count, 256, 0), cudaSuccess);
  EXPECT_EQ(blocks, 8);
  EXPECT_EQ(cudaOccupancyMaxActiveBlocksPerMultiprocessor(&blocks, count, 32, 0), cudaSuccess);
  EXPECT_EQ(blocks, 32);
  EXPECT_EQ(cudaOccupancyMaxActiveBlocksPerMultiprocessor(&blocks, count, 64, 100 * 1024), cudaSuccess);
  EXPECT_EQ(blocks, 2);
  int grid = 0, block = 0;
  EXPECT_EQ(cudaOccupancyMaxPotentialBlockSize(&grid, &block, count), cudaSuccess);
  EXPECT_EQ(block, 1024);
  EXPECT_EQ(grid, 2 * static_cast<int>(workers()));
}

TEST_F(Launches, DeviceQueries) {
  int count = 0, device = -1, value = 0;
  EXPECT_EQ(cudaGetDeviceCount(&count), cudaSuccess);
  EXPECT_EQ(count, 1);
  EXPECT_EQ(cudaSetDevice(0), cudaSuccess);
  EXPECT_EQ(cudaSetDevice(1), cudaErrorInvalidDevice);
  EXPECT_EQ(cudaGetDevice(&device), cudaSuccess);
  EXPECT_EQ(device, 0);
  cudaDeviceProp properties{};
  EXPECT_EQ(cudaGetDeviceProperties(&properties, 0), cudaSuccess);
  EXPECT_STREQ(properties.name, "Gridstride CPU emulator");
  EXPECT_EQ(properties.warpSize, 32);
  EXPECT_EQ(properties.multiProcessorCount, static_cast<int>(workers()));
  EXPECT_EQ(cudaGetDeviceProperties(&properties, 1), cudaErrorInvalidDevice);
  EXPECT_EQ(cudaDeviceGetAttribute(&value, cudaDevAttrMaxThreadsPerBlock, 0), cudaSuccess);
  EXPECT_EQ(value, 1024);
  EXPECT_EQ(cudaDeviceGetAttribute(&value, static_cast<cudaDeviceAttr>(9999), 0), cudaErrorInvalidValue);
  EXPECT_EQ(cudaRuntimeGetVersion(&value), cudaSuccess);
  EXPECT_EQ(value, CUDART_VERSION);
  cudaGetLastError();
}

TEST_F(Launches, ErrorNamesAndTexts) {
  EXPECT_STREQ(cudaGetErrorName(cudaSuccess), "cudaSuccess");
  EXPECT_STREQ(cudaGetErrorString(cudaSuccess), "no error");
  EXPECT_STREQ(cudaGetErrorName(cudaErrorLaunchFailure), "cudaErrorLaunchFailure");
  EXPECT_STREQ(cudaGetErrorString(cudaErrorInvalidValue), "invalid argument");
  EXPECT_STREQ(cudaGetErrorName(static_cast<cudaError_t>(12345)), "unrecognized error code");
}

}  // namespace
}  // namespace gridstride::emulator
