/// The order of work: streams, events, host functions, the legacy default stream.
#include <atomic>
#include <chrono>
#include <thread>

#include "tests/emulator/runtime_fixture.hpp"

namespace gridstride::emulator {
namespace {

class Streams : public ::testing::Test {
 protected:
  void SetUp() override {
    cudaDeviceReset();
    ASSERT_EQ(cudaStreamCreate(&a_), cudaSuccess);
    ASSERT_EQ(cudaStreamCreate(&b_), cudaSuccess);
    ASSERT_EQ(cudaStreamCreateWithFlags(&free_, cudaStreamNonBlocking), cudaSuccess);
  }
  void TearDown() override {
    for (cudaStream_t stream : {a_, b_, free_}) EXPECT_EQ(cudaStreamDestroy(stream), cudaSuccess);
  }
  cudaStream_t a_ = nullptr;
  cudaStream_t b_ = nullptr;
  cudaStream_t free_ = nullptr;  // non-blocking
};

__global__ void append(int* log, int* length, int value) { log[atomicAdd(length, 1)] = value; }

/// Holds a stream up until the test lets it go.
struct Gate {
  std::atomic<bool> open{false};
  static void wait(void* self) {
    while (!static_cast<Gate*>(self)->open) std::this_thread::yield();
  }
};

TEST_F(Streams, OperationsOfAStreamAreInOrder) {
  DeviceArray<int> log(100, -1);
  DeviceArray<int> length(1, 0);
  for (int i = 0; i < 100; ++i) append<<<1, 1, 0, a_>>>(log.data(), length.data(), i);
  ASSERT_EQ(cudaStreamSynchronize(a_), cudaSuccess);
  const std::vector<int> got = log.host();
  for (int i = 0; i < 100; ++i) EXPECT_EQ(got[i], i);
}

TEST_F(Streams, LaunchesAreAsynchronousAndStreamsIndependent) {
  Gate gate;
  DeviceArray<int> log(2, -1);
  DeviceArray<int> length(1, 0);
  ASSERT_EQ(cudaLaunchHostFunc(a_, Gate::wait, &gate), cudaSuccess);
  append<<<1, 1, 0, a_>>>(log.data(), length.data(), 1);
  append<<<1, 1, 0, b_>>>(log.data(), length.data(), 2);
  EXPECT_EQ(cudaStreamSynchronize(b_), cudaSuccess);
  EXPECT_EQ(cudaStreamQuery(a_), cudaErrorNotReady);
  EXPECT_EQ(cudaStreamQuery(b_), cudaSuccess);
  cudaGetLastError();
  gate.open = true;
  EXPECT_EQ(cudaDeviceSynchronize(), cudaSuccess);
  EXPECT_EQ(cudaStreamQuery(a_), cudaSuccess);
  EXPECT_EQ(log.host(), (std::vector<int>{2, 1}));
}

TEST_F(Streams, LegacyStreamWaitsForBlockingStreamsAndTheyForIt) {
  Gate gate;
  DeviceArray<int> log(4, -1);
  DeviceArray<int> length(1, 0);
  cudaLaunchHostFunc(a_, Gate::wait, &gate);
  append<<<1, 1, 0, a_>>>(log.data(), length.data(), 1);
  append<<<1, 1>>>(log.data(), length.data(), 2);            // waits for a
  append<<<1, 1, 0, b_>>>(log.data(), length.data(), 3);     // waits for the default stream
  append<<<1, 1, 0, free_>>>(log.data(), length.data(), 0);  // waits for nobody
  EXPECT_EQ(cudaStreamSynchronize(free_), cudaSuccess);
  EXPECT_EQ(cudaStreamQuery(nullptr), cudaErrorNotReady);
  EXPECT_EQ(cudaStreamQuery(b_), cudaErrorNotReady);
  cudaGetLastError();
  gate.open = true;
  EXPECT_EQ(cudaDeviceSynchronize(), cudaSuccess);
  EXPECT_EQ(log.host(), (std::vector<int>{0, 1, 2, 3}));
}

TEST_F(Streams, EventsOrderStreams) {
  Gate gate;
  cudaEvent_t event = nullptr;
  ASSERT_EQ(cudaEventCreateWithFlags(&event, cudaEventDisableTiming), cudaSuccess);
  EXPECT_EQ(cudaEventQuery(event), cudaSuccess) << "never recorded";
  DeviceArray<int> log(2, -1);
  DeviceArray<int> length(1, 0);
  cudaLaunchHostFunc(a_, Gate::wait, &gate);
  append<<<1, 1, 0, a_>>>(log.data(), length.data(), 1);
  ASSERT_EQ(cudaEventRecord(event, a_), cudaSuccess);
  EXPECT_EQ(cudaEventQuery(event), cudaErrorNotReady);
  cudaGetLastError();
  ASSERT_EQ(cudaStreamWaitEvent(free_, event, 0), cudaSuccess);
  append<<<1, 1, 0, free_>>>(log.data(), length.data(), 2);
  EXPECT_EQ(cudaStreamQuery(free_), cudaErrorNotReady);
  cudaGetLastError();
  gate.open = true;
  EXPECT_EQ(cudaStreamSynchronize(free_), cudaSuccess);
  EXPECT_EQ(cudaEventQuery(event), cudaSuccess);
  EXPECT_EQ(log.host(), (std::vector<int>{1, 2}));
  EXPECT_EQ(cudaEventDestroy(event), cudaSuccess);
  EXPECT_EQ(cudaEventDestroy(event), cudaErrorInvalidResourceHandle);
}

TEST_F(Streams, EventsMeasureTime) {
  cudaEvent_t start = nullptr, end = nullptr, untimed = nullptr;
  ASSERT_EQ(cudaEventCreate(&start), cudaSuccess);
  ASSERT_EQ(cudaEventCreate(&end), cudaSuccess);
  ASSERT_EQ(cudaEventCreateWithFlags(&untimed, cudaEventDisableTiming), cudaSuccess);
  float ms = -1;
  EXPECT_EQ(cudaEventElapsedTime(&ms, start, end), cudaErrorInvalidResourceHandle) << "not recorded";
  cudaEventRecord(start);
  cudaLaunchHostFunc(
      nullptr, [](void*) { std::this_thread::sleep_for(std::chrono::milliseconds(20)); }, nullptr);
  cudaEventRecord(end);
  ASSERT_EQ(cudaEventSynchronize(end), cudaSuccess);
  ASSERT_EQ(cudaEventElapsedTime(&ms, start, end), cudaSuccess);
  EXPECT_GE(ms, 20.0f);
  EXPECT_LT(ms, 5000.0f);
  ASSERT_EQ(cudaEventElapsedTime(&ms, end, start), cudaSuccess);
  EXPECT_LE(ms, -20.0f);
  cudaEventRecord(untimed);
  cudaEventSynchronize(untimed);
  EXPECT_EQ(cudaEventElapsedTime(&ms, start, untimed), cudaErrorInvalidResourceHandle);
  cudaGetLastError();
  for (cudaEvent_t event : {start, end, untimed}) EXPECT_EQ(cudaEventDestroy(event), cudaSuccess);
}

TEST_F(Streams, AsynchronousCopiesAreOrderedAndTakePageableMemoryAtOnce) {
  Gate gate;
  int *device = nullptr, *pinned = nullptr;
  ASSERT_EQ(cudaMalloc(&device, 4), cudaSuccess);
  ASSERT_EQ(cudaMallocHost(&pinned, 4), cudaSuccess);
  *pinned = 0;
  cudaLaunchHostFunc(a_, Gate::wait, &gate);
  int pageable = 7;
  EXPECT_EQ(cudaMemcpyAsync(device, &pageable, 4, cudaMemcpyHostToDevice, a_), cudaSuccess);
  pageable = 8;  // too late to matter
  EXPECT_EQ(cudaMemcpyAsync(pinned, device, 4, cudaMemcpyDeviceToHost, a_), cudaSuccess);
  EXPECT_EQ(*pinned, 0);
  gate.open = true;
  EXPECT_EQ(cudaStreamSynchronize(a_), cudaSuccess);
  EXPECT_EQ(*pinned, 7);
  cudaFree(device);
  cudaFreeHost(pinned);
}

TEST_F(Streams, SynchronousCopySeesAllBlockingStreams) {
  DeviceArray<int> log(2, -1);
  DeviceArray<int> length(1, 0);
  cudaLaunchHostFunc(
      b_, [](void*) { std::this_thread::sleep_for(std::chrono::milliseconds(5)); }, nullptr);
  append<<<1, 1, 0, b_>>>(log.data(), length.data(), 4);
  EXPECT_EQ(log.host()[0], 4);
}

TEST_F(Streams, CallbacksGetStreamAndStatus) {
  static cudaStream_t seen;
  seen = nullptr;
  int marked = 0;
  const auto callback = [](cudaStream_t stream, cudaError_t status, void* data) {
    seen = stream;
    *static_cast<int*>(data) = status == cudaSuccess ? 1 : -1;
  };
  EXPECT_EQ(cudaStreamAddCallback(a_, callback, &marked, 0), cudaSuccess);
  EXPECT_EQ(cudaStreamSynchronize(a_), cudaSuccess);
  EXPECT_EQ(marked, 1);
  EXPECT_EQ(seen, a_);
}

TEST_F(Streams, DestroyLetsQueuedWorkFinish) {
  DeviceArray<int> log(2, -1);
  DeviceArray<int> length(1, 0);
  cudaStream_t stream = nullptr;
  ASSERT_EQ(cudaStreamCreate(&stream), cudaSuccess);
  Gate gate;
  cudaLaunchHostFunc(stream, Gate::wait, &gate);
  append<<<1, 1, 0, stream>>>(log.data(), length.data(), 9);
  EXPECT_EQ(cudaStreamDestroy(stream), cudaSuccess);
  EXPECT_EQ(cudaStreamSynchronize(stream), cudaErrorInvalidResourceHandle);
  append<<<1, 1, 0, stream>>>(log.data(), length.data(), 10);
  EXPECT_EQ(cudaGetLastError(), cudaErrorInvalidResourceHandle);
  gate.open = true;
  EXPECT_EQ(log.host(), (std::vector<int>{9, -1}));
}

TEST_F(Streams, DeviceWaitsForDestroyedStreams) {
  int* value = nullptr;
  ASSERT_EQ(cudaMallocManaged(&value, sizeof *value), cudaSuccess);
  *value = 0;
  cudaStream_t stream = nullptr;
  ASSERT_EQ(cudaStreamCreateWithFlags(&stream, cudaStreamNonBlocking), cudaSuccess);
  cudaLaunchHostFunc(
      stream,
      [](void* to) {
        std::this_thread::sleep_for(std::chrono::milliseconds(20));
        *static_cast<int*>(to) = 7;
      },
      value);
  EXPECT_EQ(cudaStreamDestroy(stream), cudaSuccess);
  EXPECT_EQ(cudaDeviceSynchronize(), cudaSuccess);
  EXPECT_EQ(*value, 7);
  EXPECT_EQ(cudaFree(value), cudaSuccess);
}

TEST_F(Streams, ManyStreamsAtOnce) {
  std::vector<cudaStream_t> streams(16);
  DeviceArray<int> sum(1, 0);
  DeviceArray<int> log(16 * 20, 0);
  for (cudaStream_t& stream : streams) ASSERT_EQ(cudaStreamCreate(&stream), cudaSuccess);
  for (int i = 0; i < 20; ++i) {
    for (cudaStream_t stream : streams) append<<<1, 1, 0, stream>>>(log.data(), sum.data(), 1);
  }
  EXPECT_EQ(sum.host()[0], 320);
  for (cudaStream_t stream : streams) EXPECT_EQ(cudaStreamDestroy(stream), cudaSuccess);
}

TEST_F(Streams, HostThreadsLaunchSideBySide) {
  DeviceArray<int> log(4 * 200, 0);
  DeviceArray<int> length(1, 0);
  std::vector<std::thread> hosts;
  for (int i = 0; i < 4; ++i) {
    hosts.emplace_back([&] {
      for (int k = 0; k < 200; ++k) append<<<1, 1>>>(log.data(), length.data(), 1);
      EXPECT_EQ(cudaDeviceSynchronize(), cudaSuccess);
    });
  }
  for (std::thread& host : hosts) host.join();
  EXPECT_EQ(length.host()[0], 800);
}

TEST_F(Streams, KeepTheirAttributes) {
  cudaStream_t one = nullptr, other = nullptr;
  ASSERT_EQ(cudaStreamCreate(&one), cudaSuccess);
  ASSERT_EQ(cudaStreamCreate(&other), cudaSuccess);
  cudaStreamAttrValue value{};
  value.accessPolicyWindow.num_bytes = 4096;
  value.accessPolicyWindow.hitProp = cudaAccessPropertyPersisting;
  constexpr auto kWindow = cudaStreamAttributeAccessPolicyWindow;
  EXPECT_EQ(cudaStreamSetAttribute(one, kWindow, &value), cudaSuccess);
  cudaStreamAttrValue read{};
  EXPECT_EQ(cudaStreamGetAttribute(other, kWindow, &read), cudaSuccess);
  EXPECT_EQ(read.accessPolicyWindow.num_bytes, 0u);
  EXPECT_EQ(cudaStreamCopyAttributes(other, one), cudaSuccess);
  EXPECT_EQ(cudaStreamGetAttribute(other, kWindow, &read), cudaSuccess);
  EXPECT_EQ(read.accessPolicyWindow.num_bytes, 4096u);
  EXPECT_EQ(cudaStreamSetAttribute(one, cudaLaunchAttributeCooperative, &value), cudaErrorInvalidValue);
  EXPECT_EQ(cudaStreamDestroy(one), cudaSuccess);
  EXPECT_EQ(cudaStreamSetAttribute(one, kWindow, &value), cudaErrorInvalidResourceHandle);
  EXPECT_EQ(cudaStreamDestroy(other), cudaSuccess);
}

}  // namespace
}  // namespace gridstride::emulator
