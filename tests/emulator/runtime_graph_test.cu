/// Graphs: built by calls, captured from streams, changed, cloned, launched.
#include <thread>

#include "tests/emulator/runtime_fixture.hpp"

namespace gridstride::emulator {
namespace {

__global__ void append(int* log, int* length, int value) { log[atomicAdd(length, 1)] = value; }
__global__ void scale(int* values, int factor) { values[threadIdx.x] *= factor; }
__global__ void add(int* values, const int* more) { values[threadIdx.x] += more[threadIdx.x]; }

class Graphs : public RuntimeTest {
 protected:
  void SetUp() override {
    RuntimeTest::SetUp();
    ASSERT_EQ(cudaStreamCreateWithFlags(&a_, cudaStreamNonBlocking), cudaSuccess);
    ASSERT_EQ(cudaStreamCreateWithFlags(&b_, cudaStreamNonBlocking), cudaSuccess);
    ASSERT_EQ(cudaEventCreateWithFlags(&fork_, cudaEventDisableTiming), cudaSuccess);
    ASSERT_EQ(cudaEventCreateWithFlags(&join_, cudaEventDisableTiming), cudaSuccess);
  }
  void TearDown() override {
    for (cudaStream_t stream : {a_, b_}) EXPECT_EQ(cudaStreamDestroy(stream), cudaSuccess);
    for (cudaEvent_t event : {fork_, join_}) EXPECT_EQ(cudaEventDestroy(event), cudaSuccess);
    RuntimeTest::TearDown();
  }
  /// Instantiates, launches so often, waits, destroys.
  void run(cudaGraph_t graph, int times) {
    cudaGraphExec_t exec = nullptr;
    ASSERT_EQ(cudaGraphInstantiate(&exec, graph, 0), cudaSuccess);
    for (int i = 0; i < times; ++i) EXPECT_EQ(cudaGraphLaunch(exec, a_), cudaSuccess);
    EXPECT_EQ(cudaStreamSynchronize(a_), cudaSuccess);
    EXPECT_EQ(cudaGraphExecDestroy(exec), cudaSuccess);
  }
  static std::size_t count_nodes(cudaGraph_t graph) {
    std::size_t count = 0;
    EXPECT_EQ(cudaGraphGetNodes(graph, nullptr, &count), cudaSuccess);
    return count;
  }

  cudaStream_t a_ = nullptr;
  cudaStream_t b_ = nullptr;
  cudaEvent_t fork_ = nullptr;
  cudaEvent_t join_ = nullptr;
};

TEST_P(Graphs, CapturedWorkRunsWhenLaunchedAndAsOften) {
  DeviceArray<int> log(100, -1), length(1, 0);
  int* host = nullptr;
  ASSERT_EQ(cudaMallocHost(&host, sizeof(int)), cudaSuccess);
  *host = -1;
  ASSERT_EQ(cudaStreamBeginCapture(a_, cudaStreamCaptureModeGlobal), cudaSuccess);
  append<<<1, 1, 0, a_>>>(log.data(), length.data(), 1);
  append<<<1, 1, 0, a_>>>(log.data(), length.data(), 2);
  EXPECT_EQ(cudaMemcpyAsync(host, length.data(), sizeof(int), cudaMemcpyDeviceToHost, a_), cudaSuccess);
  cudaGraph_t graph = nullptr;
  ASSERT_EQ(cudaStreamEndCapture(a_, &graph), cudaSuccess);
  EXPECT_EQ(count_nodes(graph), 3u);
  EXPECT_EQ(cudaStreamSynchronize(a_), cudaSuccess);
  EXPECT_EQ(*host, -1) << "captured work must not run";
  run(graph, 3);
  EXPECT_EQ(*host, 6);
  const std::vector<int> got = log.host();
  for (int i = 0; i < 6; ++i) EXPECT_EQ(got[i], 1 + i % 2);
  EXPECT_EQ(cudaGraphDestroy(graph), cudaSuccess);
  EXPECT_EQ(cudaGraphDestroy(graph), cudaErrorInvalidValue);
  cudaFreeHost(host);
}

TEST_P(Graphs, CaptureFollowsEventsToOtherStreams) {
  DeviceArray<int> x(32, 1), y(32, 1);
  ASSERT_EQ(cudaStreamBeginCapture(a_, cudaStreamCaptureModeGlobal), cudaSuccess);
  scale<<<1, 32, 0, a_>>>(x.data(), 2);
  ASSERT_EQ(cudaEventRecord(fork_, a_), cudaSuccess);
  ASSERT_EQ(cudaStreamWaitEvent(b_, fork_), cudaSuccess);
  cudaStreamCaptureStatus status{};
  EXPECT_EQ(cudaStreamIsCapturing(b_, &status), cudaSuccess);
  EXPECT_EQ(status, cudaStreamCaptureStatusActive);
  add<<<1, 32, 0, b_>>>(y.data(), x.data());
  EXPECT_EQ(cudaMemsetAsync(x.data(), 0, 0, a_), cudaSuccess) << "no bytes, no node";
  ASSERT_EQ(cudaEventRecord(join_, b_), cudaSuccess);
  EXPECT_EQ(cudaEventQuery(join_), cudaErrorCapturedEvent);
  cudaGetLastError();
  ASSERT_EQ(cudaStreamWaitEvent(a_, join_), cudaSuccess);
  add<<<1, 32, 0, a_>>>(x.data(), y.data());
  cudaGraph_t graph = nullptr;
  ASSERT_EQ(cudaStreamEndCapture(a_, &graph), cudaSuccess);
  EXPECT_EQ(cudaStreamIsCapturing(b_, &status), cudaSuccess);
  EXPECT_EQ(status, cudaStreamCaptureStatusNone);
  std::size_t edges = 0;
  EXPECT_EQ(cudaGraphGetEdges(graph, nullptr, nullptr, &edges), cudaSuccess);
  EXPECT_EQ(edges, 3u) << "the last kernel follows both";
  run(graph, 1);
  EXPECT_EQ(x.host(), std::vector<int>(32, 5));
  EXPECT_EQ(cudaGraphDestroy(graph), cudaSuccess);
}

TEST_P(Graphs, CaptureRefusesWhatCannotBeCaptured) {
  const auto lost = [&](auto&& call, cudaError_t expected) {
    EXPECT_EQ(cudaStreamBeginCapture(a_, cudaStreamCaptureModeGlobal), cudaSuccess);
    EXPECT_EQ(call(), expected);
    cudaGraph_t graph = nullptr;
    EXPECT_EQ(cudaStreamEndCapture(a_, &graph), cudaErrorStreamCaptureInvalidated);
    EXPECT_EQ(graph, nullptr);
    cudaGetLastError();
  };
  void* pointer = nullptr;
  lost([&] { return cudaStreamSynchronize(a_); }, cudaErrorStreamCaptureUnsupported);
  lost([&] { return cudaDeviceSynchronize(); }, cudaErrorStreamCaptureUnsupported);
  lost([&] { return cudaStreamQuery(a_); }, cudaErrorStreamCaptureUnsupported);
  lost([&] { return cudaMalloc(&pointer, 4); }, cudaErrorStreamCaptureUnsupported);
  lost(
      [&] {
        cudaEventRecord(join_, b_);
        return cudaStreamWaitEvent(a_, join_);
      },
      cudaErrorStreamCaptureIsolation);
  EXPECT_EQ(cudaStreamBeginCapture(nullptr, cudaStreamCaptureModeGlobal), cudaErrorStreamCaptureUnsupported);
  cudaGraph_t graph = nullptr;
  EXPECT_EQ(cudaStreamEndCapture(a_, &graph), cudaErrorIllegalState) << "not capturing";
  cudaGetLastError();
}

TEST_P(Graphs, RelaxedCaptureAllowsAllocation) {
  void* pointer = nullptr;
  ASSERT_EQ(cudaStreamBeginCapture(a_, cudaStreamCaptureModeRelaxed), cudaSuccess);
  EXPECT_EQ(cudaMalloc(&pointer, 4), cudaSuccess);
  cudaGraph_t graph = nullptr;
  EXPECT_EQ(cudaStreamEndCapture(a_, &graph), cudaSuccess);
  EXPECT_EQ(count_nodes(graph), 0u);
  EXPECT_EQ(cudaGraphDestroy(graph), cudaSuccess);
  EXPECT_EQ(cudaFree(pointer), cudaSuccess);
}

TEST_P(Graphs, DefaultStreamMustNotMeetABlockingStreamInCapture) {
  DeviceArray<int> x(32, 1);
  cudaStream_t blocking = nullptr;
  ASSERT_EQ(cudaStreamCreate(&blocking), cudaSuccess);
  ASSERT_EQ(cudaStreamBeginCapture(blocking, cudaStreamCaptureModeRelaxed), cudaSuccess);
  scale<<<1, 32>>>(x.data(), 2);
  EXPECT_EQ(cudaGetLastError(), cudaErrorStreamCaptureImplicit);
  cudaGraph_t graph = nullptr;
  EXPECT_EQ(cudaStreamEndCapture(blocking, &graph), cudaErrorStreamCaptureInvalidated);
  cudaGetLastError();
  EXPECT_EQ(cudaStreamDestroy(blocking), cudaSuccess);
  EXPECT_EQ(x.host()[0], 1);
}

TEST_P(Graphs, CapturesMustBeJoinedAndEndedWhereTheyBegan) {
  DeviceArray<int> x(32, 1);
  cudaGraph_t graph = nullptr;
  ASSERT_EQ(cudaStreamBeginCapture(a_, cudaStreamCaptureModeGlobal), cudaSuccess);
  cudaEventRecord(fork_, a_);
  cudaStreamWaitEvent(b_, fork_);
  scale<<<1, 32, 0, b_>>>(x.data(), 2);
  EXPECT_EQ(cudaStreamEndCapture(a_, &graph), cudaErrorStreamCaptureUnjoined);
  ASSERT_EQ(cudaStreamBeginCapture(a_, cudaStreamCaptureModeGlobal), cudaSuccess);
  cudaEventRecord(fork_, a_);
  cudaStreamWaitEvent(b_, fork_);
  EXPECT_EQ(cudaStreamEndCapture(b_, &graph), cudaErrorStreamCaptureUnmatched);
  EXPECT_EQ(cudaStreamEndCapture(a_, &graph), cudaErrorStreamCaptureInvalidated);
  ASSERT_EQ(cudaStreamBeginCapture(a_, cudaStreamCaptureModeGlobal), cudaSuccess);
  EXPECT_EQ(cudaStreamBeginCapture(a_, cudaStreamCaptureModeGlobal), cudaErrorIllegalState);
  std::thread([&] { EXPECT_EQ(cudaStreamEndCapture(a_, &graph), cudaErrorStreamCaptureWrongThread); }).join();
  EXPECT_EQ(cudaStreamEndCapture(a_, &graph), cudaSuccess);
  EXPECT_EQ(cudaGraphDestroy(graph), cudaSuccess);
  cudaGetLastError();
}

TEST_P(Graphs, BuiltByCalls) {
  DeviceArray<int> x(32, 0), y(32, 7);
  int* px = x.data();
  const int* py = y.data();
  int factor = 3, ran = 0;
  std::vector<int> back(32, -1);
  cudaGraph_t graph = nullptr;
  ASSERT_EQ(cudaGraphCreate(&graph, 0), cudaSuccess);

  cudaMemsetParams fill{px, 0, 0x01010101, 4, 32, 1};
  cudaGraphNode_t filled = nullptr, scaled = nullptr, added = nullptr, copied = nullptr, told = nullptr;
  ASSERT_EQ(cudaGraphAddMemsetNode(&filled, graph, nullptr, 0, &fill), cudaSuccess);
  void* scale_arguments[] = {&px, &factor};
  cudaKernelNodeParams kernel{(void*)scale, 1, 32, 0, scale_arguments, nullptr};
  ASSERT_EQ(cudaGraphAddKernelNode(&scaled, graph, &filled, 1, &kernel), cudaSuccess);
  factor = 100;  // arguments were copied
  void* add_arguments[] = {&px, &py};
  kernel.func = (void*)add;
  kernel.kernelParams = add_arguments;
  ASSERT_EQ(cudaGraphAddKernelNode(&added, graph, nullptr, 0, &kernel), cudaSuccess);
  ASSERT_EQ(cudaGraphAddDependencies(graph, &scaled, &added, 1), cudaSuccess);
  ASSERT_EQ(cudaGraphAddMemcpyNode1D(&copied, graph, &added, 1, back.data(), px, 128, cudaMemcpyDeviceToHost),
            cudaSuccess);
  cudaHostNodeParams tell{[](void* data) { ++*static_cast<int*>(data); }, &ran};
  ASSERT_EQ(cudaGraphAddHostNode(&told, graph, &copied, 1, &tell), cudaSuccess);

  std::size_t roots = 1;
  cudaGraphNode_t root = nullptr;
  EXPECT_EQ(cudaGraphGetRootNodes(graph, &root, &roots), cudaSuccess);
  EXPECT_EQ(root, filled);
  cudaGraphNodeType type{};
  EXPECT_EQ(cudaGraphNodeGetType(copied, &type), cudaSuccess);
  EXPECT_EQ(type, cudaGraphNodeTypeMemcpy);
  run(graph, 2);
  EXPECT_EQ(back, std::vector<int>(32, 0x01010101 * 3 + 7));
  EXPECT_EQ(ran, 2);

  EXPECT_EQ(cudaGraphAddDependencies(graph, &told, &filled, 1), cudaSuccess);
  cudaGraphExec_t exec = nullptr;
  EXPECT_EQ(cudaGraphInstantiate(&exec, graph, nullptr, nullptr, 0), cudaErrorInvalidValue) << "a circle";
  cudaGetLastError();
  EXPECT_EQ(cudaGraphDestroy(graph), cudaSuccess);
}

TEST_P(Graphs, KernelNodesTellAndTakeParameters) {
  DeviceArray<int> x(32, 1);
  int* px = x.data();
  int factor = 2;
  void* arguments[] = {&px, &factor};
  cudaGraph_t graph = nullptr;
  cudaGraphNode_t node = nullptr;
  ASSERT_EQ(cudaGraphCreate(&graph, 0), cudaSuccess);
  cudaKernelNodeParams params{(void*)scale, 1, 16, 0, arguments, nullptr};
  ASSERT_EQ(cudaGraphAddKernelNode(&node, graph, nullptr, 0, &params), cudaSuccess);
  cudaGraphExec_t exec = nullptr;
  ASSERT_EQ(cudaGraphInstantiateWithFlags(&exec, graph, 0), cudaSuccess);
  cudaKernelNodeParams told{};
  ASSERT_EQ(cudaGraphKernelNodeGetParams(node, &told), cudaSuccess);
  EXPECT_EQ(told.func, (void*)scale);
  EXPECT_EQ(told.blockDim.x, 16u);
  EXPECT_EQ(*static_cast<int*>(told.kernelParams[1]), 2);
  factor = 5;
  params.blockDim = 32;
  EXPECT_EQ(cudaGraphExecKernelNodeSetParams(exec, node, &params), cudaSuccess);
  EXPECT_EQ(cudaGraphLaunch(exec, a_), cudaSuccess);
  EXPECT_EQ(cudaStreamSynchronize(a_), cudaSuccess);
  EXPECT_EQ(x.host(), std::vector<int>(32, 5));
  run(graph, 1);
  EXPECT_EQ(x.host()[0], 10) << "the graph itself is as it was";
  EXPECT_EQ(x.host()[31], 5);
  params.blockDim = 2048;
  EXPECT_EQ(cudaGraphKernelNodeSetParams(node, &params), cudaErrorInvalidConfiguration);
  params.func = nullptr;
  EXPECT_EQ(cudaGraphKernelNodeSetParams(node, &params), cudaErrorInvalidDeviceFunction);
  cudaGetLastError();
  EXPECT_EQ(cudaGraphExecDestroy(exec), cudaSuccess);
  EXPECT_EQ(cudaGraphDestroy(graph), cudaSuccess);
}

TEST_P(Graphs, ExecutableGraphsTakeUpAnotherCapture) {
  DeviceArray<int> x(32, 1);
  const auto capture = [&](int factor, int kernels) {
    cudaGraph_t graph = nullptr;
    EXPECT_EQ(cudaStreamBeginCapture(a_, cudaStreamCaptureModeGlobal), cudaSuccess);
    for (int i = 0; i < kernels; ++i) scale<<<1, 32, 0, a_>>>(x.data(), factor);
    EXPECT_EQ(cudaStreamEndCapture(a_, &graph), cudaSuccess);
    return graph;
  };
  cudaGraph_t first = capture(2, 1), second = capture(3, 1), longer = capture(2, 2);
  cudaGraphExec_t exec = nullptr;
  ASSERT_EQ(cudaGraphInstantiate(&exec, first, 0), cudaSuccess);
  cudaGraphExecUpdateResultInfo info{};
  EXPECT_EQ(cudaGraphExecUpdate(exec, second, &info), cudaSuccess);
  EXPECT_EQ(info.result, cudaGraphExecUpdateSuccess);
  EXPECT_EQ(cudaGraphExecUpdate(exec, longer, &info), cudaErrorGraphExecUpdateFailure);
  EXPECT_EQ(info.result, cudaGraphExecUpdateErrorTopologyChanged);
  cudaGetLastError();
  EXPECT_EQ(cudaGraphLaunch(exec, a_), cudaSuccess);
  EXPECT_EQ(cudaStreamSynchronize(a_), cudaSuccess);
  EXPECT_EQ(x.host()[0], 3);
  EXPECT_EQ(cudaGraphExecDestroy(exec), cudaSuccess);
  for (cudaGraph_t graph : {first, second, longer}) EXPECT_EQ(cudaGraphDestroy(graph), cudaSuccess);
}

TEST_P(Graphs, ClonesAndChildren) {
  DeviceArray<int> log(10, -1), length(1, 0);
  cudaGraph_t inner = nullptr, outer = nullptr, clone = nullptr;
  ASSERT_EQ(cudaStreamBeginCapture(a_, cudaStreamCaptureModeGlobal), cudaSuccess);
  append<<<1, 1, 0, a_>>>(log.data(), length.data(), 1);
  append<<<1, 1, 0, a_>>>(log.data(), length.data(), 2);
  ASSERT_EQ(cudaStreamEndCapture(a_, &inner), cudaSuccess);
  ASSERT_EQ(cudaGraphClone(&clone, inner), cudaSuccess);
  ASSERT_EQ(cudaGraphCreate(&outer, 0), cudaSuccess);
  cudaGraphNode_t first = nullptr, middle = nullptr, last = nullptr;
  ASSERT_EQ(cudaGraphAddChildGraphNode(&first, outer, nullptr, 0, inner), cudaSuccess);
  ASSERT_EQ(cudaGraphAddEmptyNode(&middle, outer, &first, 1), cudaSuccess);
  ASSERT_EQ(cudaGraphAddChildGraphNode(&last, outer, &middle, 1, clone), cudaSuccess);
  EXPECT_EQ(cudaGraphDestroy(inner), cudaSuccess);
  EXPECT_EQ(cudaGraphDestroy(clone), cudaSuccess);
  run(outer, 1);
  EXPECT_EQ(log.host(), (std::vector<int>{1, 2, 1, 2, -1, -1, -1, -1, -1, -1}));
  EXPECT_EQ(cudaGraphDestroy(outer), cudaSuccess);
}

TEST_P(Graphs, EventNodesOrderGraphsAndStreams) {
  DeviceArray<int> log(4, -1), length(1, 0);
  cudaGraph_t graph = nullptr;
  ASSERT_EQ(cudaStreamBeginCapture(a_, cudaStreamCaptureModeGlobal), cudaSuccess);
  EXPECT_EQ(cudaStreamWaitEvent(a_, fork_, cudaEventWaitExternal), cudaSuccess);
  append<<<1, 1, 0, a_>>>(log.data(), length.data(), 2);
  EXPECT_EQ(cudaEventRecordWithFlags(join_, a_, cudaEventRecordExternal), cudaSuccess);
  ASSERT_EQ(cudaStreamEndCapture(a_, &graph), cudaSuccess);
  EXPECT_EQ(count_nodes(graph), 3u);
  cudaLaunchHostFunc(
      b_, [](void*) { std::this_thread::sleep_for(std::chrono::milliseconds(5)); }, nullptr);
  append<<<1, 1, 0, b_>>>(log.data(), length.data(), 1);
  ASSERT_EQ(cudaEventRecord(fork_, b_), cudaSuccess);
  cudaGraphExec_t exec = nullptr;
  ASSERT_EQ(cudaGraphInstantiate(&exec, graph), cudaSuccess);
  ASSERT_EQ(cudaGraphLaunch(exec, a_), cudaSuccess);
  ASSERT_EQ(cudaStreamWaitEvent(b_, join_), cudaSuccess);
  append<<<1, 1, 0, b_>>>(log.data(), length.data(), 3);
  EXPECT_EQ(cudaDeviceSynchronize(), cudaSuccess);
  EXPECT_EQ(log.host(), (std::vector<int>{1, 2, 3, -1}));
  EXPECT_EQ(cudaGraphExecDestroy(exec), cudaSuccess);
  EXPECT_EQ(cudaGraphDestroy(graph), cudaSuccess);
}

TEST_P(Graphs, MemoryOfAGraphStaysWhereItIs) {
  int* memory = nullptr;
  DeviceArray<int> out(32, 0);
  cudaGraph_t graph = nullptr;
  ASSERT_EQ(cudaStreamBeginCapture(a_, cudaStreamCaptureModeGlobal), cudaSuccess);
  ASSERT_EQ(cudaMallocAsync(&memory, 128, a_), cudaSuccess);
  EXPECT_EQ(cudaMemsetAsync(memory, 1, 128, a_), cudaSuccess);
  add<<<1, 32, 0, a_>>>(out.data(), memory);
  EXPECT_EQ(cudaFreeAsync(memory, a_), cudaSuccess);
  ASSERT_EQ(cudaStreamEndCapture(a_, &graph), cudaSuccess);
  EXPECT_EQ(count_nodes(graph), 4u);
  run(graph, 2);
  EXPECT_EQ(out.host(), std::vector<int>(32, 2 * 0x01010101));
  EXPECT_EQ(cudaGraphDestroy(graph), cudaSuccess);
  EXPECT_EQ(cudaFree(memory), cudaErrorInvalidValue) << "went with the graph";
  cudaGetLastError();
}

GRIDSTRIDE_EVERY_SCHEDULE(Graphs);

}  // namespace
}  // namespace gridstride::emulator
