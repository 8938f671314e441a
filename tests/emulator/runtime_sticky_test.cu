/// The error that a kernel leaves behind: every later call returns it, until the device is reset.
#include "tests/emulator/runtime_fixture.hpp"

namespace gridstride::emulator {
namespace {

__global__ void fault() { __trap(); }
__global__ void nothing() {}

TEST(StickyErrors, StayUntilTheDeviceIsReset) {
  cudaDeviceReset();
  void *device = nullptr, *fresh = nullptr;
  cudaStream_t stream = nullptr, another = nullptr;
  cudaEvent_t event = nullptr, later = nullptr;
  std::size_t free_bytes = 0, total_bytes = 0;
  ASSERT_EQ(cudaMalloc(&device, 64), cudaSuccess);
  ASSERT_EQ(cudaStreamCreate(&stream), cudaSuccess);
  ASSERT_EQ(cudaEventCreate(&event), cudaSuccess);
  fault<<<1, 1>>>();
  constexpr cudaError_t kLeft = cudaErrorLaunchFailure;
  EXPECT_EQ(cudaDeviceSynchronize(), kLeft);
  nothing<<<1, 1>>>();
  for (int i = 0; i < 2; ++i) EXPECT_EQ(cudaGetLastError(), kLeft) << "asking does not clear it";
  EXPECT_EQ(cudaPeekAtLastError(), kLeft);
  EXPECT_EQ(cudaMalloc(&fresh, 64), kLeft);
  EXPECT_EQ(cudaMallocAsync(&fresh, 64, stream), kLeft);
  EXPECT_EQ(cudaMemGetInfo(&free_bytes, &total_bytes), kLeft);
  EXPECT_EQ(cudaMemset(device, 0, 64), kLeft);
  EXPECT_EQ(cudaMemcpy(device, device, 64, cudaMemcpyDeviceToDevice), kLeft);
  EXPECT_EQ(cudaStreamCreate(&another), kLeft);
  EXPECT_EQ(cudaStreamSynchronize(stream), kLeft);
  EXPECT_EQ(cudaStreamQuery(stream), kLeft);
  EXPECT_EQ(cudaLaunchHostFunc(
                stream, [](void*) {}, nullptr),
            kLeft);
  EXPECT_EQ(cudaEventCreate(&later), kLeft);
  EXPECT_EQ(cudaEventRecord(event, stream), kLeft);
  EXPECT_EQ(cudaStreamWaitEvent(stream, event), kLeft);
  EXPECT_EQ(cudaEventSynchronize(event), kLeft);
  EXPECT_EQ(cudaEventDestroy(event), kLeft);
  EXPECT_EQ(cudaStreamDestroy(stream), kLeft);
  EXPECT_EQ(cudaFree(device), kLeft);
  EXPECT_EQ(cudaDeviceReset(), cudaSuccess);
  EXPECT_EQ(cudaGetLastError(), cudaSuccess);
  EXPECT_EQ(cudaMalloc(&fresh, 64), cudaSuccess);
  EXPECT_EQ(cudaFree(fresh), cudaSuccess);
  clear_reports();
}

}  // namespace
}  // namespace gridstride::emulator
