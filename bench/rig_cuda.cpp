#include <algorithm>

#include "bench/rig.hpp"
#include "kernels/core/buffer.hpp"
#include "kernels/core/stream.hpp"

namespace gridstride::bench {
namespace {

int attribute(cudaDeviceAttr which) {
  int id = 0, value = 0;
  GRIDSTRIDE_CUDA(cudaGetDevice(&id));
  GRIDSTRIDE_CUDA(cudaDeviceGetAttribute(&value, which, id));
  return value;
}

// Multiply-adds that a multiprocessor finishes per clock (CUDA C++ Programming Guide, arithmetic throughput).
int fma_per_clock(int major, int minor) { return major < 8 || (major == 8 && minor == 0) ? 64 : 128; }

// One graph of many launches; null where the work does things that a capture forbids (allocating, waiting).
cudaGraphExec_t capture(cudaStream_t stream, const std::function<void()>& enqueue, int launches) {
  GRIDSTRIDE_CUDA(cudaStreamBeginCapture(stream, cudaStreamCaptureModeRelaxed));
  bool worked = true;
  try {
    for (int i = 0; i < launches; ++i) enqueue();
  } catch (const std::exception&) {
    worked = false;
  }
  cudaGraph_t graph = nullptr;
  cudaGraphExec_t exec = nullptr;
  worked = cudaStreamEndCapture(stream, &graph) == cudaSuccess && worked;
  if (worked && cudaGraphInstantiate(&exec, graph, 0) != cudaSuccess) exec = nullptr;
  if (graph) cudaGraphDestroy(graph);
  cudaGetLastError();  // a refused capture is not an error of the work
  return exec;
}

std::string version(int number) {
  return std::to_string(number / 1000) + "." + std::to_string(number % 1000 / 10);
}

}  // namespace

struct Rig::State {
  Stream stream;
  Event start, stop;
  DeviceBuffer<std::byte> flush{std::max<int64_t>(2 * int64_t{attribute(cudaDevAttrL2CacheSize)}, 16 << 20)};
  int turn = 0;
};

Rig::Rig() : state_(std::make_unique<State>()) {}
Rig::~Rig() = default;
cudaStream_t Rig::stream() const { return state_->stream; }

double Rig::cold_seconds(const std::function<void()>& enqueue) {
  auto& s = *state_;
  GRIDSTRIDE_CUDA(cudaMemsetAsync(s.flush.data(), ++s.turn & 0x7F, s.flush.bytes(), s.stream));
  s.start.record(s.stream);
  enqueue();
  s.stop.record(s.stream);
  s.stop.synchronize();
  return s.stop.ms_since(s.start) * 1e-3;
}

double Rig::warm_seconds(const std::function<void()>& enqueue, int launches) {
  auto& s = *state_;
  cudaGraphExec_t graph = capture(s.stream, enqueue, launches);
  s.start.record(s.stream);
  if (graph) {
    GRIDSTRIDE_CUDA(cudaGraphLaunch(graph, s.stream));
  } else {
    for (int i = 0; i < launches; ++i) enqueue();
  }
  s.stop.record(s.stream);
  s.stop.synchronize();
  if (graph) GRIDSTRIDE_CUDA(cudaGraphExecDestroy(graph));
  return s.stop.ms_since(s.start) * 1e-3 / launches;
}

double Rig::shortest_cold_seconds() { return 20e-6; }

Roof Rig::measure_roof() {
  const int64_t bytes = int64_t{1} << 30;
  DeviceBuffer<std::byte> from(bytes), to(bytes);
  GRIDSTRIDE_CUDA(cudaMemset(from.data(), 1, from.bytes()));
  double seconds = 1e9;
  for (int attempt = 0; attempt < 10; ++attempt) {
    seconds = std::min(seconds, cold_seconds([&] {
                         GRIDSTRIDE_CUDA(cudaMemcpyAsync(to.data(), from.data(), from.bytes(),
                                                         cudaMemcpyDeviceToDevice, stream()));
                       }));
  }
  const double clock_hz = 1e3 * attribute(cudaDevAttrClockRate);
  const int fma = fma_per_clock(attribute(cudaDevAttrComputeCapabilityMajor),
                                attribute(cudaDevAttrComputeCapabilityMinor));
  return {2.0 * static_cast<double>(bytes) / seconds,
          2.0 * fma * attribute(cudaDevAttrMultiProcessorCount) * clock_hz,
          "computed: multiprocessors x multiply-adds per clock x boost clock"};
}

std::vector<std::pair<std::string, std::string>> Rig::facts() {
  int driver = 0, runtime = 0;
  GRIDSTRIDE_CUDA(cudaDriverGetVersion(&driver));
  GRIDSTRIDE_CUDA(cudaRuntimeGetVersion(&runtime));
  return {{"driver_cuda", version(driver)},
          {"toolkit", version(runtime)},
          {"clock_mhz", std::to_string(attribute(cudaDevAttrClockRate) / 1000)},
          {"memory_clock_mhz", std::to_string(attribute(cudaDevAttrMemoryClockRate) / 1000)}};
}

}  // namespace gridstride::bench
