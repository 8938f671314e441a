/// Memory pools: what they count, what they limit; and the calls that would share memory between processes.
#include <cuda_runtime.h>
#include <gtest/gtest.h>

#include <cstdint>

namespace {

class Pools : public ::testing::Test {
 protected:
  void SetUp() override {
    cudaDeviceReset();
    properties_.allocType = cudaMemAllocationTypePinned;
    properties_.location = {cudaMemLocationTypeDevice, 0};
  }
  void TearDown() override { cudaGetLastError(); }
  static std::uint64_t used(cudaMemPool_t pool, cudaMemPoolAttr which = cudaMemPoolAttrUsedMemCurrent) {
    std::uint64_t bytes = ~std::uint64_t{0};
    EXPECT_EQ(cudaMemPoolGetAttribute(pool, which, &bytes), cudaSuccess);
    return bytes;
  }
  cudaMemPoolProps properties_{};
};

TEST_F(Pools, CountWhatIsTheirs) {
  cudaMemPool_t pool = nullptr;
  ASSERT_EQ(cudaMemPoolCreate(&pool, &properties_), cudaSuccess);
  int *ours = nullptr, *others = nullptr;
  ASSERT_EQ(cudaMallocFromPoolAsync(&ours, 1000, pool, nullptr), cudaSuccess);
  ASSERT_EQ(cudaMallocAsync(&others, 500, nullptr), cudaSuccess);
  EXPECT_EQ(used(pool), 1000u);
  EXPECT_EQ(cudaFreeAsync(ours, nullptr), cudaSuccess);
  EXPECT_EQ(used(pool), 0u);
  EXPECT_EQ(used(pool, cudaMemPoolAttrUsedMemHigh), 1000u);
  std::uint64_t zero = 0;
  EXPECT_EQ(cudaMemPoolSetAttribute(pool, cudaMemPoolAttrUsedMemHigh, &zero), cudaSuccess);
  EXPECT_EQ(used(pool, cudaMemPoolAttrUsedMemHigh), 0u);
  EXPECT_EQ(cudaFree(others), cudaSuccess);
  EXPECT_EQ(cudaMemPoolDestroy(pool), cudaSuccess);
  EXPECT_EQ(cudaMemPoolDestroy(pool), cudaErrorInvalidValue);
}

TEST_F(Pools, TheDevicesPoolCanBeReplaced) {
  cudaMemPool_t pool = nullptr, current = nullptr, standard = nullptr;
  ASSERT_EQ(cudaMemPoolCreate(&pool, &properties_), cudaSuccess);
  ASSERT_EQ(cudaDeviceSetMemPool(0, pool), cudaSuccess);
  EXPECT_EQ(cudaDeviceGetMemPool(&current, 0), cudaSuccess);
  EXPECT_EQ(current, pool);
  int* memory = nullptr;
  ASSERT_EQ(cudaMallocAsync(&memory, 64, nullptr), cudaSuccess);
  EXPECT_EQ(used(pool), 64u);
  EXPECT_EQ(cudaMemPoolDestroy(pool), cudaSuccess);
  EXPECT_EQ(cudaDeviceGetMemPool(&current, 0), cudaSuccess);
  EXPECT_EQ(cudaDeviceGetDefaultMemPool(&standard, 0), cudaSuccess);
  EXPECT_EQ(current, standard);
  EXPECT_EQ(cudaFreeAsync(memory, nullptr), cudaSuccess) << "outlives its pool's handle";
}

TEST_F(Pools, LimitAndAccess) {
  properties_.maxSize = 4096;
  cudaMemPool_t pool = nullptr;
  ASSERT_EQ(cudaMemPoolCreate(&pool, &properties_), cudaSuccess);
  char* memory = nullptr;
  EXPECT_EQ(cudaMallocAsync(&memory, 4097, pool, nullptr), cudaErrorMemoryAllocation);
  EXPECT_EQ(cudaMallocAsync(&memory, 4096, pool, nullptr), cudaSuccess);
  EXPECT_EQ(cudaFreeAsync(memory, nullptr), cudaSuccess);
  cudaMemAccessDesc access{{cudaMemLocationTypeDevice, 0}, cudaMemAccessFlagsProtReadWrite};
  EXPECT_EQ(cudaMemPoolSetAccess(pool, &access, 1), cudaSuccess);
  cudaMemAccessFlags flags{};
  EXPECT_EQ(cudaMemPoolGetAccess(&flags, pool, &access.location), cudaSuccess);
  EXPECT_EQ(flags, cudaMemAccessFlagsProtReadWrite);
  access.location.id = 1;
  EXPECT_EQ(cudaMemPoolSetAccess(pool, &access, 1), cudaErrorInvalidDevice);
  EXPECT_EQ(cudaMemPoolDestroy(pool), cudaSuccess);
  properties_.handleTypes = cudaMemHandleTypePosixFileDescriptor;
  EXPECT_EQ(cudaMemPoolCreate(&pool, &properties_), cudaErrorNotSupported);
}

TEST_F(Pools, NothingIsSharedWithOtherProcesses) {
  cudaIpcMemHandle_t memory{};
  cudaIpcEventHandle_t handle{};
  cudaEvent_t event = nullptr;
  EXPECT_EQ(cudaIpcGetMemHandle(&memory, nullptr), cudaErrorNotSupported);
  EXPECT_EQ(cudaIpcOpenEventHandle(&event, handle), cudaErrorNotSupported);
  EXPECT_EQ(cudaEventCreateWithFlags(&event, cudaEventInterprocess), cudaErrorInvalidValue);
  EXPECT_EQ(cudaEventCreateWithFlags(&event, cudaEventInterprocess | cudaEventDisableTiming),
            cudaErrorNotSupported);
}

}  // namespace
