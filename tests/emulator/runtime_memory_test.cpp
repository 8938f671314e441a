/// Allocation, copies and fills, and the mistakes that programs make with them.
#include <cuda_runtime.h>
#include <gtest/gtest.h>

#include <array>
#include <cstdint>
#include <numeric>
#include <vector>

namespace {

class DeviceMemory : public ::testing::Test {
 protected:
  void SetUp() override { cudaDeviceReset(); }
  void TearDown() override { cudaGetLastError(); }
};

std::vector<int> counting(std::size_t n) {
  std::vector<int> values(n);
  std::iota(values.begin(), values.end(), 0);
  return values;
}

TEST_F(DeviceMemory, AllocationsAreAlignedAndApart) {
  std::vector<char*> pointers;
  for (const std::size_t bytes : {1, 255, 256, 257, 5000, 1 << 20}) {
    char* pointer = nullptr;
    ASSERT_EQ(cudaMalloc(&pointer, bytes), cudaSuccess);
    EXPECT_EQ(reinterpret_cast<std::uintptr_t>(pointer) % 256, 0u);
    EXPECT_EQ(cudaMemset(pointer, 1, bytes), cudaSuccess);
    pointers.push_back(pointer);
  }
  for (char* pointer : pointers) EXPECT_EQ(cudaFree(pointer), cudaSuccess);
  EXPECT_EQ(cudaFree(nullptr), cudaSuccess);
  char* nothing = reinterpret_cast<char*>(1);
  EXPECT_EQ(cudaMalloc(&nothing, 0), cudaSuccess);
  EXPECT_EQ(nothing, nullptr);
}

TEST_F(DeviceMemory, MoreThanThereIs) {
  void* pointer = nullptr;
  EXPECT_EQ(cudaMalloc(&pointer, std::size_t{1} << 60), cudaErrorMemoryAllocation);
  EXPECT_EQ(pointer, nullptr);
  EXPECT_EQ(cudaGetLastError(), cudaErrorMemoryAllocation);
  EXPECT_EQ(cudaGetLastError(), cudaSuccess) << "not a device error: asking clears it";
}

TEST_F(DeviceMemory, RoundTrip) {
  const std::vector<int> values = counting(100'000);
  const std::size_t bytes = values.size() * sizeof(int);
  int *a = nullptr, *b = nullptr;
  ASSERT_EQ(cudaMalloc(&a, bytes), cudaSuccess);
  ASSERT_EQ(cudaMalloc(&b, bytes), cudaSuccess);
  EXPECT_EQ(cudaMemcpy(a, values.data(), bytes, cudaMemcpyHostToDevice), cudaSuccess);
  EXPECT_EQ(cudaMemcpy(b, a, bytes, cudaMemcpyDeviceToDevice), cudaSuccess);
  std::vector<int> back(values.size());
  EXPECT_EQ(cudaMemcpy(back.data(), b, bytes, cudaMemcpyDefault), cudaSuccess);
  EXPECT_EQ(back, values);
  EXPECT_EQ(cudaMemcpy(back.data() + 10, values.data(), 40, cudaMemcpyHostToHost), cudaSuccess);
  EXPECT_EQ(back[10], 0);
  cudaFree(a);
  cudaFree(b);
}

TEST_F(DeviceMemory, WrongDirection) {
  std::array<int, 16> host{};
  int* device = nullptr;
  ASSERT_EQ(cudaMalloc(&device, sizeof host), cudaSuccess);
  EXPECT_EQ(cudaMemcpy(device, host.data(), 64, cudaMemcpyDeviceToHost), cudaErrorInvalidValue);
  EXPECT_EQ(cudaMemcpy(host.data(), device, 64, cudaMemcpyHostToDevice), cudaErrorInvalidValue);
  EXPECT_EQ(cudaMemcpy(device, host.data(), 64, cudaMemcpyDeviceToDevice), cudaErrorInvalidValue);
  EXPECT_EQ(cudaMemcpy(device, device, 64, cudaMemcpyHostToHost), cudaErrorInvalidValue);
  EXPECT_EQ(cudaMemcpy(device, host.data(), 64, static_cast<cudaMemcpyKind>(77)),
            cudaErrorInvalidMemcpyDirection);
  EXPECT_EQ(cudaMemset(host.data(), 0, 64), cudaErrorInvalidValue);
  EXPECT_EQ(cudaGetLastError(), cudaErrorInvalidValue);
  EXPECT_EQ(cudaFree(device), cudaSuccess);
}

TEST_F(DeviceMemory, BeyondTheEnd) {
  std::vector<char> host(200);
  char* device = nullptr;
  ASSERT_EQ(cudaMalloc(&device, 100), cudaSuccess);
  EXPECT_EQ(cudaMemcpy(device, host.data(), 101, cudaMemcpyHostToDevice), cudaErrorInvalidValue);
  EXPECT_EQ(cudaMemcpy(device + 50, host.data(), 51, cudaMemcpyHostToDevice), cudaErrorInvalidValue);
  EXPECT_EQ(cudaMemcpy(host.data(), device + 99, 2, cudaMemcpyDeviceToHost), cudaErrorInvalidValue);
  EXPECT_EQ(cudaMemset(device + 1, 0, 100), cudaErrorInvalidValue);
  EXPECT_EQ(cudaMemcpy(device + 50, host.data(), 50, cudaMemcpyHostToDevice), cudaSuccess);
  EXPECT_EQ(cudaMemcpy(nullptr, host.data(), 1, cudaMemcpyHostToDevice), cudaErrorInvalidValue);
  EXPECT_EQ(cudaFree(device), cudaSuccess);
}

TEST_F(DeviceMemory, FreeMistakes) {
  char* device = nullptr;
  char* pinned = nullptr;
  char local = 0;
  ASSERT_EQ(cudaMalloc(&device, 100), cudaSuccess);
  ASSERT_EQ(cudaMallocHost(&pinned, 100), cudaSuccess);
  EXPECT_EQ(cudaFree(device + 1), cudaErrorInvalidValue);
  EXPECT_EQ(cudaFree(&local), cudaErrorInvalidValue);
  EXPECT_EQ(cudaFree(pinned), cudaErrorInvalidValue);
  EXPECT_EQ(cudaFreeHost(device), cudaErrorInvalidValue);
  EXPECT_EQ(cudaFree(device), cudaSuccess);
  EXPECT_EQ(cudaFree(device), cudaErrorInvalidValue);
  EXPECT_EQ(cudaFreeHost(pinned), cudaSuccess);
  std::array<char, 100> host{};
  EXPECT_EQ(cudaMemcpy(device, host.data(), 100, cudaMemcpyHostToDevice), cudaErrorInvalidValue)
      << "freed memory is not the device's any more";
}

TEST_F(DeviceMemory, PinnedRegisteredAndManagedServeBothSides) {
  int *pinned = nullptr, *managed = nullptr, *device = nullptr;
  std::array<int, 4> own{1, 2, 3, 4};
  ASSERT_EQ(cudaHostAlloc(&pinned, 16, cudaHostAllocMapped), cudaSuccess);
  ASSERT_EQ(cudaMallocManaged(&managed, 16), cudaSuccess);
  ASSERT_EQ(cudaMalloc(&device, 16), cudaSuccess);
  ASSERT_EQ(cudaHostRegister(own.data(), sizeof own, cudaHostRegisterDefault), cudaSuccess);
  EXPECT_EQ(cudaHostRegister(own.data(), 4, 0), cudaErrorHostMemoryAlreadyRegistered);
  int* mapped = nullptr;
  EXPECT_EQ(cudaHostGetDevicePointer(&mapped, pinned, 0), cudaSuccess);
  EXPECT_EQ(mapped, pinned);
  EXPECT_EQ(cudaMemcpyAsync(device, own.data(), 16, cudaMemcpyHostToDevice), cudaSuccess);
  EXPECT_EQ(cudaMemcpyAsync(pinned, device, 16, cudaMemcpyDeviceToHost), cudaSuccess);
  EXPECT_EQ(cudaMemcpyAsync(managed, pinned, 16, cudaMemcpyHostToDevice), cudaSuccess);
  EXPECT_EQ(cudaDeviceSynchronize(), cudaSuccess);
  EXPECT_EQ(pinned[3], 4);
  EXPECT_EQ(managed[2], 3);

  cudaPointerAttributes attributes{};
  EXPECT_EQ(cudaPointerGetAttributes(&attributes, managed + 1), cudaSuccess);
  EXPECT_EQ(attributes.type, cudaMemoryTypeManaged);
  EXPECT_EQ(cudaPointerGetAttributes(&attributes, device), cudaSuccess);
  EXPECT_EQ(attributes.type, cudaMemoryTypeDevice);
  EXPECT_EQ(attributes.hostPointer, nullptr);
  EXPECT_EQ(cudaPointerGetAttributes(&attributes, pinned), cudaSuccess);
  EXPECT_EQ(attributes.type, cudaMemoryTypeHost);
  EXPECT_EQ(cudaPointerGetAttributes(&attributes, &attributes), cudaSuccess);
  EXPECT_EQ(attributes.type, cudaMemoryTypeUnregistered);

  EXPECT_EQ(cudaHostUnregister(own.data()), cudaSuccess);
  EXPECT_EQ(cudaHostUnregister(own.data()), cudaErrorHostMemoryNotRegistered);
  EXPECT_EQ(cudaFreeHost(pinned), cudaSuccess);
  EXPECT_EQ(cudaFree(managed), cudaSuccess);
  EXPECT_EQ(cudaFree(device), cudaSuccess);
}

TEST_F(DeviceMemory, TwoDimensions) {
  char* device = nullptr;
  std::size_t pitch = 0;
  ASSERT_EQ(cudaMallocPitch(&device, &pitch, 10, 4), cudaSuccess);
  EXPECT_EQ(pitch % 512, 0u);
  std::array<char, 48> host{};
  for (std::size_t i = 0; i < host.size(); ++i) host[i] = static_cast<char>(i);
  EXPECT_EQ(cudaMemset2D(device, pitch, 0, 10, 4), cudaSuccess);
  EXPECT_EQ(cudaMemcpy2D(device, pitch, host.data(), 12, 10, 4, cudaMemcpyHostToDevice), cudaSuccess);
  std::array<char, 40> back{};
  EXPECT_EQ(cudaMemcpy2D(back.data(), 10, device, pitch, 10, 4, cudaMemcpyDeviceToHost), cudaSuccess);
  for (int row = 0; row < 4; ++row) {
    for (int column = 0; column < 10; ++column) EXPECT_EQ(back[row * 10 + column], row * 12 + column);
  }
  EXPECT_EQ(cudaMemcpy2D(device, 9, host.data(), 12, 10, 4, cudaMemcpyHostToDevice),
            cudaErrorInvalidPitchValue);
  EXPECT_EQ(cudaMemcpy2D(device, pitch, host.data(), 12, 10, 6, cudaMemcpyHostToDevice),
            cudaErrorInvalidValue);
  EXPECT_EQ(cudaFree(device), cudaSuccess);
}

TEST_F(DeviceMemory, StreamOrderedPool) {
  cudaStream_t stream = nullptr;
  ASSERT_EQ(cudaStreamCreate(&stream), cudaSuccess);
  for (int i = 0; i < 100; ++i) {
    int *a = nullptr, *b = nullptr;
    ASSERT_EQ(cudaMallocAsync(&a, 4000, stream), cudaSuccess);
    ASSERT_EQ(cudaMallocAsync(&b, 4000, stream), cudaSuccess);
    EXPECT_NE(a, b);
    EXPECT_EQ(cudaMemsetAsync(a, i, 4000, stream), cudaSuccess);
    EXPECT_EQ(cudaMemcpyAsync(b, a, 4000, cudaMemcpyDeviceToDevice, stream), cudaSuccess);
    std::vector<unsigned char> back(4000);
    EXPECT_EQ(cudaMemcpyAsync(back.data(), b, 4000, cudaMemcpyDeviceToHost, stream), cudaSuccess);
    EXPECT_EQ(back[3999], i);
    EXPECT_EQ(cudaFreeAsync(a, stream), cudaSuccess);
    EXPECT_EQ(cudaFreeAsync(b, stream), cudaSuccess);
    EXPECT_EQ(cudaFreeAsync(b, stream), cudaErrorInvalidValue);
  }
  cudaMemPool_t pool = nullptr;
  ASSERT_EQ(cudaDeviceGetDefaultMemPool(&pool, 0), cudaSuccess);
  std::uint64_t threshold = ~0ull;
  EXPECT_EQ(cudaMemPoolSetAttribute(pool, cudaMemPoolAttrReleaseThreshold, &threshold), cudaSuccess);
  std::uint64_t reserved = 1;
  EXPECT_EQ(cudaStreamSynchronize(stream), cudaSuccess);
  EXPECT_EQ(cudaMemPoolTrimTo(pool, 0), cudaSuccess);
  EXPECT_EQ(cudaMemPoolGetAttribute(pool, cudaMemPoolAttrReservedMemCurrent, &reserved), cudaSuccess);
  std::uint64_t used = 1;
  EXPECT_EQ(cudaMemPoolGetAttribute(pool, cudaMemPoolAttrUsedMemCurrent, &used), cudaSuccess);
  EXPECT_EQ(reserved, used) << "nothing is cached after a trim";
  EXPECT_EQ(cudaStreamDestroy(stream), cudaSuccess);
}

TEST_F(DeviceMemory, HintsAreForManagedMemory) {
  float* managed = nullptr;
  float* plain = nullptr;
  ASSERT_EQ(cudaMallocManaged(&managed, 4000), cudaSuccess);
  ASSERT_EQ(cudaMalloc(&plain, 4000), cudaSuccess);
  cudaMemLocation location{};
  EXPECT_EQ(cudaMemPrefetchAsync(managed, 4000, location, 0), cudaErrorInvalidValue);
  location.type = cudaMemLocationTypeDevice;
  EXPECT_EQ(cudaMemPrefetchAsync(managed, 4000, location, 0), cudaSuccess);
  EXPECT_EQ(cudaMemPrefetchAsync(managed, 4000, cudaCpuDeviceId), cudaSuccess);
  EXPECT_EQ(cudaMemPrefetchAsync(managed, 4000, 0, nullptr), cudaSuccess);
  EXPECT_EQ(cudaMemAdvise(managed + 10, 400, cudaMemAdviseSetReadMostly, 0), cudaSuccess);
  EXPECT_EQ(cudaMemPrefetchAsync(managed, 4000, 1), cudaErrorInvalidDevice);
  EXPECT_EQ(cudaMemPrefetchAsync(managed, 1 << 20, 0), cudaErrorInvalidValue);
  EXPECT_EQ(cudaMemPrefetchAsync(plain, 4000, 0), cudaErrorInvalidValue);
  EXPECT_EQ(cudaMemAdvise(&location, 4, cudaMemAdviseSetReadMostly, 0), cudaErrorInvalidValue);
  EXPECT_EQ(cudaFree(managed), cudaSuccess);
  EXPECT_EQ(cudaFree(plain), cudaSuccess);
}

TEST_F(DeviceMemory, Info) {
  std::size_t free = 0, total = 0;
  ASSERT_EQ(cudaMemGetInfo(&free, &total), cudaSuccess);
  EXPECT_GT(free, 0u);
  EXPECT_GE(total, free);
}

}  // namespace
