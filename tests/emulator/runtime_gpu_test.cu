/// The chosen GPU: its properties, its limits on launches, and how many blocks it holds.
#include <cstdlib>

#include "gridstride/emulator/gpu.hpp"
#include "tests/emulator/runtime_fixture.hpp"

namespace gridstride::emulator {
namespace {

class ChosenGpu : public ::testing::Test {
 protected:
  void SetUp() override { cudaDeviceReset(); }
  void TearDown() override {
    choose_gpu("host");
    cudaGetLastError();
  }
};

__global__ void nothing() {}
__global__ void with_static_memory(float* out) {
  __shared__ float values[256];
  values[threadIdx.x] = 1;
  __syncthreads();
  if (out != nullptr) *out = values[0];
}

int attribute(cudaDeviceAttr which) {
  int value = -1;
  EXPECT_EQ(cudaDeviceGetAttribute(&value, which, 0), cudaSuccess) << which;
  return value;
}

int resident_blocks(int threads, std::size_t shared_bytes) {
  int blocks = -1;
  EXPECT_EQ(cudaOccupancyMaxActiveBlocksPerMultiprocessor(&blocks, nothing, threads, shared_bytes),
            cudaSuccess);
  return blocks;
}

TEST_F(ChosenGpu, HasItsProperties) {
  ASSERT_TRUE(choose_gpu("t4"));
  cudaDeviceProp properties{};
  ASSERT_EQ(cudaGetDeviceProperties(&properties, 0), cudaSuccess);
  EXPECT_STREQ(properties.name, "Tesla T4");
  EXPECT_EQ(properties.major * 10 + properties.minor, 75);
  EXPECT_EQ(properties.multiProcessorCount, 40);
  EXPECT_EQ(properties.maxThreadsPerMultiProcessor, 1024);
  EXPECT_EQ(properties.sharedMemPerBlockOptin, 65536u);
  EXPECT_EQ(properties.totalGlobalMem, std::size_t{15110} << 20);
  std::size_t free_bytes = 0, total_bytes = 0;
  EXPECT_EQ(cudaMemGetInfo(&free_bytes, &total_bytes), cudaSuccess);
  EXPECT_EQ(total_bytes, properties.totalGlobalMem);
  EXPECT_LE(free_bytes, total_bytes);
  EXPECT_EQ(attribute(cudaDevAttrComputeCapabilityMajor), 7);
  EXPECT_EQ(attribute(cudaDevAttrMaxSharedMemoryPerMultiprocessor), 65536);
  EXPECT_EQ(attribute(cudaDevAttrMaxGridDimX), 0x7fffffff);
  EXPECT_EQ(attribute(cudaDevAttrMaxTexture3DDepth), 16384);
  EXPECT_EQ(attribute(cudaDevAttrMpsEnabled), 0);
}

TEST_F(ChosenGpu, MemoryBandwidthIsTheDataSheets) {
  struct Expected {
    const char* name;
    double gigabytes_per_second;
  };
  for (const Expected& expected : {Expected{"h200", 4800},
                                   {"h100", 3352},
                                   {"a100", 2039},
                                   {"v100", 898},
                                   {"t4", 320},
                                   {"l4", 300},
                                   {"rtx4090", 1008},
                                   {"rtx3090", 936},
                                   {"rtx5090", 1792}}) {
    ASSERT_TRUE(choose_gpu(expected.name));
    const double gigabytes = 2.0 * 1000 * attribute(cudaDevAttrMemoryClockRate) *
                             attribute(cudaDevAttrGlobalMemoryBusWidth) / 8 / 1e9;
    EXPECT_NEAR(gigabytes, expected.gigabytes_per_second, 0.03 * expected.gigabytes_per_second)
        << expected.name;
  }
}

TEST_F(ChosenGpu, UnknownNamesAreRefused) {
  EXPECT_FALSE(choose_gpu("rtx9999"));
  EXPECT_NE(gpu_names().find("h200, h100"), std::string::npos);
}

TEST(ChosenGpuDeathTest, UnknownNameInTheEnvironmentListsTheOthers) {
  GTEST_FLAG_SET(death_test_style, "threadsafe");
  EXPECT_EXIT(
      {
        setenv("GRIDSTRIDE_GPU", "rtx9999", 1);
        cudaDeviceProp properties;
        cudaGetDeviceProperties(&properties, 0);
      },
      ::testing::ExitedWithCode(2), "gridstride: GRIDSTRIDE_GPU=rtx9999: give host, h200, h100");
}

TEST_F(ChosenGpu, LimitsSharedMemory) {
  constexpr auto kMost = cudaFuncAttributeMaxDynamicSharedMemorySize;
  ASSERT_TRUE(choose_gpu("rtx3090"));
  EXPECT_EQ(cudaFuncSetAttribute(nothing, kMost, 99 * 1024 + 1), cudaErrorInvalidValue);
  EXPECT_EQ(cudaFuncSetAttribute(nothing, kMost, 99 * 1024), cudaSuccess);
  cudaGetLastError();
  nothing<<<1, 1, 99 * 1024>>>();
  EXPECT_EQ(cudaGetLastError(), cudaSuccess);
  ASSERT_TRUE(choose_gpu("t4"));
  nothing<<<1, 1, 99 * 1024>>>();
  EXPECT_EQ(cudaGetLastError(), cudaErrorInvalidValue) << "asked for when another GPU was chosen";
  EXPECT_EQ(cudaFuncSetAttribute(nothing, kMost, 0), cudaSuccess);
}

TEST_F(ChosenGpu, StaticSharedMemoryComesOnTopOfWhatWasAskedFor) {
  with_static_memory<<<1, 256>>>(nullptr);
  ASSERT_EQ(cudaDeviceSynchronize(), cudaSuccess);
  EXPECT_EQ(cudaFuncSetAttribute(with_static_memory, cudaFuncAttributeMaxDynamicSharedMemorySize, 100 * 1024),
            cudaSuccess);
  with_static_memory<<<1, 256, 100 * 1024>>>(nullptr);
  EXPECT_EQ(cudaGetLastError(), cudaSuccess);
  EXPECT_EQ(cudaDeviceSynchronize(), cudaSuccess);
}

TEST_F(ChosenGpu, OccupancyFollowsTheTable) {
  ASSERT_TRUE(choose_gpu("a100"));
  EXPECT_EQ(resident_blocks(1024, 0), 2);
  EXPECT_EQ(resident_blocks(32, 0), 32);
  EXPECT_EQ(resident_blocks(128, 40 * 1024), 4) << "41 KiB each with the reserved one";
  EXPECT_EQ(resident_blocks(128, 163 * 1024), 1);
  EXPECT_EQ(resident_blocks(128, 164 * 1024), 0);
  ASSERT_TRUE(choose_gpu("rtx3090"));
  EXPECT_EQ(resident_blocks(1024, 0), 1) << "1536 threads hold one such block";
  EXPECT_EQ(resident_blocks(33, 0), 16);
  EXPECT_EQ(resident_blocks(96, 0), 16);
  ASSERT_TRUE(choose_gpu("t4"));
  EXPECT_EQ(resident_blocks(256, 0), 4);
  EXPECT_EQ(resident_blocks(128, 32 * 1024), 2) << "nothing is reserved";
  int blocks = 0;
  EXPECT_EQ(cudaOccupancyMaxActiveBlocksPerMultiprocessorWithFlags(&blocks, nothing, 256, 0, 0), cudaSuccess);
  EXPECT_EQ(blocks, 4);
}

TEST_F(ChosenGpu, BestBlockSize) {
  ASSERT_TRUE(choose_gpu("rtx3090"));
  int grid = 0, block = 0;
  EXPECT_EQ(cudaOccupancyMaxPotentialBlockSize(&grid, &block, nothing), cudaSuccess);
  EXPECT_EQ(block, 768);
  EXPECT_EQ(grid, 2 * 82);
  EXPECT_EQ(cudaOccupancyMaxPotentialBlockSize(&grid, &block, nothing, 0, 200), cudaSuccess);
  EXPECT_EQ(block, 192);
  const auto per_thread = [](int threads) { return static_cast<std::size_t>(threads) * 128; };
  EXPECT_EQ(cudaOccupancyMaxPotentialBlockSizeVariableSMem(&grid, &block, nothing, per_thread), cudaSuccess);
  EXPECT_EQ(block, 768) << "96 KiB; a larger one needs more than a block has";
  EXPECT_EQ(grid, 82);
}

TEST_F(ChosenGpu, SharedMemoryLeftForSoManyBlocks) {
  ASSERT_TRUE(choose_gpu("a100"));
  std::size_t bytes = 0;
  for (int blocks : {1, 2, 3, 7}) {
    ASSERT_EQ(cudaOccupancyAvailableDynamicSMemPerBlock(&bytes, nothing, blocks, 128), cudaSuccess);
    EXPECT_EQ(resident_blocks(128, bytes), blocks);
    EXPECT_LT(resident_blocks(128, bytes + 1), blocks);
  }
  EXPECT_EQ(cudaOccupancyAvailableDynamicSMemPerBlock(&bytes, nothing, 3, 1024), cudaErrorInvalidValue);
}

TEST_F(ChosenGpu, CooperativeLaunchesMustFit) {
  ASSERT_TRUE(choose_gpu("l4"));
  void* arguments[] = {nullptr};
  EXPECT_EQ(cudaLaunchCooperativeKernel(nothing, 58, 1024, arguments), cudaSuccess);
  EXPECT_EQ(cudaLaunchCooperativeKernel(nothing, 59, 1024, arguments), cudaErrorCooperativeLaunchTooLarge);
  EXPECT_EQ(cudaGetLastError(), cudaErrorCooperativeLaunchTooLarge);
  EXPECT_EQ(cudaLaunchKernel(nothing, 59, 1024, arguments), cudaSuccess);
}

}  // namespace
}  // namespace gridstride::emulator
