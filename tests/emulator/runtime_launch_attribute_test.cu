/// Launches with attributes, kernels behind untyped pointers, and what streams tell of themselves.
#include <map>
#include <set>
#include <thread>

#include "tests/emulator/runtime_fixture.hpp"

namespace gridstride::emulator {
namespace {

template <class T>
__global__ void store(T* out, T value) {
  out[blockIdx.x] = value;
}
__global__ void count(int* n) { atomicAdd(n, 1); }

class LaunchAttributes : public ::testing::Test {
 protected:
  void SetUp() override { cudaDeviceReset(); }
  void TearDown() override { cudaGetLastError(); }
};

TEST_F(LaunchAttributes, TypedAndUntyped) {
  DeviceArray<int> out(3, 0);
  cudaLaunchConfig_t config{};
  config.gridDim = 3;
  config.blockDim = 1;
  EXPECT_EQ(cudaLaunchKernelEx(&config, store<int>, out.data(), 5), cudaSuccess);
  EXPECT_EQ(out.host(), std::vector<int>(3, 5));
  int* pointer = out.data();
  int value = 6;
  void* arguments[] = {&pointer, &value};
  EXPECT_EQ(cudaLaunchKernelExC(&config, (const void*)store<int>, arguments), cudaSuccess);
  EXPECT_EQ(out.host(), std::vector<int>(3, 6));
}

TEST_F(LaunchAttributes, ClustersFillTheGridOrAreRefused) {
  DeviceArray<int> n(1, 0);
  cudaLaunchAttribute attributes[2] = {};
  attributes[0].id = cudaLaunchAttributeCooperative;
  attributes[0].val.cooperative = 1;
  attributes[1].id = cudaLaunchAttributeClusterDimension;
  attributes[1].val.clusterDim = {1, 1, 1};
  cudaLaunchConfig_t config{};
  config.gridDim = 4;
  config.blockDim = 1;
  config.attrs = attributes;
  config.numAttrs = 2;
  EXPECT_EQ(cudaLaunchKernelEx(&config, count, n.data()), cudaSuccess);
  attributes[1].val.clusterDim = {2, 1, 1};
  EXPECT_EQ(cudaLaunchKernelEx(&config, count, n.data()), cudaSuccess);
  EXPECT_EQ(n.host()[0], 8);
  attributes[1].val.clusterDim = {3, 1, 1};
  EXPECT_EQ(cudaLaunchKernelEx(&config, count, n.data()), cudaErrorInvalidClusterSize);
  attributes[1].val.clusterDim = {0, 1, 1};
  EXPECT_EQ(cudaLaunchKernelEx(&config, count, n.data()), cudaErrorInvalidClusterSize);
  config.gridDim = 32;
  attributes[1].val.clusterDim = {16, 1, 1};
  EXPECT_EQ(cudaLaunchKernelEx(&config, count, n.data()), cudaErrorInvalidClusterSize) << "at most 8 blocks";
  EXPECT_EQ(n.host()[0], 8);
}

TEST_F(LaunchAttributes, KernelsInTables) {
  DeviceArray<int> n(1, 0);
  const std::map<std::string, void*> kernels = {{"count", (void*)count}, {"store", (void*)&store<int>}};
  int* pointer = n.data();
  int value = 40;
  void* arguments[] = {&pointer, &value};
  EXPECT_EQ(cudaLaunchKernel(kernels.at("store"), 1, 1, arguments), cudaSuccess);
  EXPECT_EQ(cudaLaunchKernel(kernels.at("count"), 2, 1, arguments), cudaSuccess);
  EXPECT_EQ(n.host()[0], 42);
  const void* unknown = &value;
  EXPECT_EQ(cudaLaunchKernel(unknown, 1, 1, arguments), cudaErrorInvalidDeviceFunction);
  cudaFuncAttributes attributes{};
  EXPECT_EQ(cudaFuncGetAttributes(&attributes, kernels.at("count")), cudaSuccess);
  EXPECT_EQ(attributes.maxThreadsPerBlock, 1024);
}

TEST_F(LaunchAttributes, StreamsTellOfThemselves) {
  cudaStream_t stream = nullptr;
  ASSERT_EQ(cudaStreamCreate(&stream), cudaSuccess);
  int value = -1;
  EXPECT_EQ(cudaStreamGetPriority(stream, &value), cudaSuccess);
  EXPECT_EQ(value, 0);
  EXPECT_EQ(cudaStreamGetDevice(stream, &value), cudaSuccess);
  EXPECT_EQ(value, 0);
  std::set<unsigned long long> ids;
  for (cudaStream_t each : {stream, cudaStreamLegacy, cudaStreamPerThread}) {
    unsigned long long id = 0;
    EXPECT_EQ(cudaStreamGetId(each, &id), cudaSuccess);
    ids.insert(id);
  }
  EXPECT_EQ(ids.size(), 3u);
  int* managed = nullptr;
  ASSERT_EQ(cudaMallocManaged(&managed, 4), cudaSuccess);
  EXPECT_EQ(cudaStreamAttachMemAsync(stream, managed), cudaSuccess);
  EXPECT_EQ(cudaStreamAttachMemAsync(stream, &value), cudaErrorInvalidValue);
  EXPECT_EQ(cudaFree(managed), cudaSuccess);
  EXPECT_EQ(cudaStreamDestroy(stream), cudaSuccess);
  EXPECT_EQ(cudaStreamDestroy(cudaStreamPerThread), cudaErrorInvalidResourceHandle);
}

TEST_F(LaunchAttributes, EachThreadHasItsDefaultStream) {
  std::atomic<bool> open{false};
  const auto wait = [](void* gate) {
    while (!*static_cast<std::atomic<bool>*>(gate)) std::this_thread::yield();
  };
  DeviceArray<int> n(1, 0);
  ASSERT_EQ(cudaLaunchHostFunc(cudaStreamPerThread, wait, &open), cudaSuccess);
  std::thread([&] {
    count<<<1, 1, 0, cudaStreamPerThread>>>(n.data());
    EXPECT_EQ(cudaStreamSynchronize(cudaStreamPerThread), cudaSuccess) << "another thread's is held up";
  }).join();
  count<<<1, 1, 0, cudaStreamLegacy>>>(n.data());
  EXPECT_EQ(cudaStreamQuery(cudaStreamLegacy), cudaErrorNotReady)
      << "waits for the blocking streams of threads";
  open = true;
  EXPECT_EQ(cudaDeviceSynchronize(), cudaSuccess);
  EXPECT_EQ(n.host()[0], 2);
}

}  // namespace
}  // namespace gridstride::emulator
