// Occupancy and roofline of the chosen GPU: worked examples, and NVIDIA's own calculator where it is
// installed.
#include <gtest/gtest.h>

#include <algorithm>
#include <string>

#include "emulator/src/gpus.hpp"
#include "gridstride/emulator/gpu.hpp"
#include "gridstride/emulator/profile.hpp"

#if __has_include("/usr/local/cuda/include/cuda_occupancy.h")
#define GRIDSTRIDE_CALCULATOR 1
#include <cstddef>
#include "/usr/local/cuda/include/cuda_occupancy.h"
#endif

namespace gridstride::emulator {
namespace {

class OccupancyModel : public testing::Test {
 protected:
  void TearDown() override { choose_gpu("host"); }
};

TEST_F(OccupancyModel, WorkedExamples) {
  ASSERT_TRUE(choose_gpu("h100"));
  const Occupancy registers = occupancy_of({256, 0, 56});
  EXPECT_EQ(registers.blocks, 4u);
  EXPECT_EQ(registers.percent(), 50);
  EXPECT_STREQ(registers.limit, "registers");
  const Occupancy shared = occupancy_of({128, 48 << 10, 0});
  EXPECT_EQ(shared.blocks, 4u);  // 49 KiB each of 228
  EXPECT_EQ(shared.warps, 16u);
  EXPECT_STREQ(shared.limit, "shared memory");
  const Occupancy small = occupancy_of({32, 0, 32});
  EXPECT_EQ(small.blocks, 32u);
  EXPECT_STREQ(small.limit, "blocks");
  const Occupancy full = occupancy_of({1024, 0, 32});
  EXPECT_EQ(full.percent(), 100);
  EXPECT_STREQ(full.limit, "threads");
  EXPECT_EQ(occupancy_of({1024, 0, 65}).blocks, 0u);  // 1024 threads have no more than 64 registers each
  EXPECT_EQ(occupancy_of({1025, 0, 0}).blocks, 0u);
  EXPECT_EQ(occupancy_of({32, 228 << 10, 0}).blocks, 0u);
}

#if GRIDSTRIDE_CALCULATOR
TEST_F(OccupancyModel, AgreesWithTheToolkitsCalculator) {
  for (const char* name : {"h200", "a100", "rtx4090", "t4", "v100"}) {
    ASSERT_TRUE(choose_gpu(name));
    const Architecture& of = gpu().architecture;
    cudaOccDeviceProp device{};
    device.computeMajor = of.major;
    device.computeMinor = of.minor;
    device.maxThreadsPerBlock = 1024;
    device.maxThreadsPerMultiprocessor = static_cast<int>(of.threads_per_processor);
    device.regsPerBlock = device.regsPerMultiprocessor = 65536;
    device.warpSize = 32;
    device.sharedMemPerBlock = 48 << 10;
    device.sharedMemPerMultiprocessor = of.shared_per_processor();
    device.numSms = 1;
    device.sharedMemPerBlockOptin = of.shared_per_block();
    device.reservedSharedMemPerBlock = of.shared_reserved();
    cudaOccDeviceState state{};
    state.carveoutConfig = SHAREDMEM_CARVEOUT_MAX_SHARED;
    for (unsigned threads = 32; threads <= 1024; threads += 32) {
      for (unsigned registers = 16; registers <= 255; registers += 13) {
        for (std::size_t shared = 0; shared <= of.shared_per_block(); shared += 7000) {
          cudaOccFuncAttributes kernel{};
          kernel.maxThreadsPerBlock = 1024;
          kernel.numRegs = static_cast<int>(registers);
          kernel.partitionedGCConfig = PARTITIONED_GC_OFF;
          kernel.shmemLimitConfig = FUNC_SHMEM_LIMIT_OPTIN;
          kernel.maxDynamicSharedSizeBytes = of.shared_per_block();
          cudaOccResult result{};
          ASSERT_EQ(cudaOccMaxActiveBlocksPerMultiprocessor(&result, &device, &kernel, &state,
                                                            static_cast<int>(threads), shared),
                    CUDA_OCC_SUCCESS);
          ASSERT_EQ(occupancy_of({threads, shared, registers}).blocks,
                    static_cast<unsigned>(std::max(0, result.activeBlocksPerMultiprocessor)))
              << name << ": " << threads << " threads, " << registers << " registers, " << shared << " bytes";
        }
      }
    }
  }
}
#endif

TEST_F(OccupancyModel, RooflineOfAKernelThatStreams) {
  ASSERT_TRUE(choose_gpu("a100"));  // 1,410 MHz x 108 x 64 x 2 = 19.49 TFLOP/s; 2,039 GB/s
  KernelProfile kernel;
  kernel.total.fp32_flops = 8;
  kernel.total.dram_sectors = 3;  // 8 floats of a, b and c
  const Roofline r = roofline_of(kernel);
  EXPECT_DOUBLE_EQ(r.intensity, 8.0 / 96);
  EXPECT_NEAR(r.peak, 19.49e12, 0.01e12);
  EXPECT_NEAR(r.bandwidth, 2.039e12, 0.001e12);
  EXPECT_DOUBLE_EQ(r.attainable, r.intensity * r.bandwidth);
  EXPECT_TRUE(r.memory_bound);
}

TEST_F(OccupancyModel, RooflineOfAKernelThatComputes) {
  ASSERT_TRUE(choose_gpu("a100"));
  KernelProfile kernel;
  kernel.total.fp64_flops = 1000;
  kernel.total.dram_sectors = 1;
  const Roofline r = roofline_of(kernel);
  EXPECT_NEAR(r.peak, 9.75e12, 0.01e12);
  EXPECT_EQ(r.attainable, r.peak);
  EXPECT_FALSE(r.memory_bound);
  kernel.total.tensor_flops = 1;
  EXPECT_EQ(roofline_of(kernel).peak, 0);  // not known
  EXPECT_EQ(roofline_of(KernelProfile{}).peak, 0);
}

}  // namespace
}  // namespace gridstride::emulator
