#include "capture.hpp"

#include <algorithm>
#include <atomic>
#include <map>
#include <mutex>
#include <set>
#include <thread>

#include "error.hpp"

namespace gridstride::emulator {

struct Capture {
  std::shared_ptr<Graph> graph = std::make_shared<Graph>();
  Stream* origin = nullptr;
  cudaStreamCaptureMode mode = cudaStreamCaptureModeGlobal;
  std::thread::id thread = std::this_thread::get_id();
  unsigned long long id = 0;
  bool lost = false;
};

namespace {

struct Captures {
  std::mutex mutex;
  std::map<std::shared_ptr<Stream>, CapturePoint> points;  // of all streams that are being captured
  std::atomic<std::size_t> count{0};                       // of them
  unsigned long long last_id = 0;
};

Captures& captures() {
  static auto* all = new Captures;
  return *all;
}

constinit thread_local cudaStreamCaptureMode thread_mode = cudaStreamCaptureModeGlobal;

CapturePoint* find(Captures& all, const std::shared_ptr<Stream>& stream) {
  const auto found = all.points.find(stream);
  return found == all.points.end() ? nullptr : &found->second;
}

/// Whether this is the default stream, while streams are captured with which it is ordered.
bool meets_captures(Captures& all, const std::shared_ptr<Stream>& stream) {
  return stream == find_stream(cudaStreamLegacy) &&
         std::ranges::any_of(all.points, [](const auto& entry) { return entry.first->blocking(); });
}

/// The same for work on it, with which those captures are lost.
bool depends_on_captures(Captures& all, const std::shared_ptr<Stream>& stream) {
  if (!meets_captures(all, stream)) return false;
  for (auto& [captured, point] : all.points) {
    if (captured->blocking()) point.capture->lost = true;
  }
  return true;
}

/// Whether every node of the graph comes before the end, or is one of those at the end.
bool all_joined(const Graph& graph, const std::vector<Node*>& end) {
  std::vector<const Node*> open(end.begin(), end.end());
  std::set<const Node*> seen;
  while (!open.empty()) {
    const Node* node = open.back();
    open.pop_back();
    if (!seen.insert(node).second) continue;
    open.insert(open.end(), node->after.begin(), node->after.end());
  }
  return seen.size() == graph.nodes.size();
}

void add_new(std::vector<Node*>& nodes, const std::vector<Node*>& more) {
  for (Node* node : more) {
    if (std::ranges::find(nodes, node) == nodes.end()) nodes.push_back(node);
  }
}

}  // namespace

bool is_capturing(const std::shared_ptr<Stream>& stream) { return capture_point(stream).capture != nullptr; }

CapturePoint capture_point(const std::shared_ptr<Stream>& stream) {
  Captures& all = captures();
  if (all.count == 0) return {};
  const std::scoped_lock lock(all.mutex);
  const CapturePoint* point = find(all, stream);
  return point == nullptr ? CapturePoint{} : *point;
}

cudaError_t enqueue(const std::shared_ptr<Stream>& stream, std::shared_ptr<const Operation> operation,
                    std::vector<Moment> also_after) {
  if (outcome() != cudaSuccess) return device_error();
  Captures& all = captures();
  if (all.count != 0) {
    const std::scoped_lock lock(all.mutex);
    if (depends_on_captures(all, stream)) return fail(cudaErrorStreamCaptureImplicit);
    if (CapturePoint* point = find(all, stream)) {
      if (point->capture->lost) return fail(cudaErrorStreamCaptureInvalidated);
      point->after = {point->capture->graph->add(std::move(operation), point->after)};
      return cudaSuccess;
    }
  }
  submit(stream, std::move(operation), std::move(also_after));
  return cudaSuccess;
}

cudaError_t join_capture(const std::shared_ptr<Stream>& stream, const CapturePoint& point) {
  Captures& all = captures();
  const std::scoped_lock lock(all.mutex);
  CapturePoint* own = find(all, stream);
  if (own == nullptr && point.capture == nullptr) return cudaSuccess;
  if (own != nullptr && own->capture->lost) return fail(cudaErrorStreamCaptureInvalidated);
  if (point.capture == nullptr) {
    own->capture->lost = true;
    return fail(cudaErrorStreamCaptureIsolation);
  }
  if (own != nullptr && own->capture != point.capture) {
    own->capture->lost = point.capture->lost = true;
    return fail(cudaErrorStreamCaptureMerge);
  }
  if (stream == find_stream(cudaStreamLegacy)) {
    point.capture->lost = true;
    return fail(cudaErrorStreamCaptureImplicit);
  }
  const bool ongoing = std::ranges::any_of(
      all.points, [&](const auto& entry) { return entry.second.capture == point.capture; });
  if (!ongoing) return fail(cudaErrorCapturedEvent);
  if (own == nullptr) {
    all.points.emplace(stream, point);
    all.count = all.points.size();
  } else {
    add_new(own->after, point.after);
  }
  return cudaSuccess;
}

void leave_capture(const std::shared_ptr<Stream>& stream) {
  Captures& all = captures();
  const std::scoped_lock lock(all.mutex);
  const CapturePoint* point = find(all, stream);
  if (point == nullptr) return;
  if (point->capture->origin == stream.get()) point->capture->lost = true;
  all.points.erase(stream);
  all.count = all.points.size();
}

cudaError_t refuse_waiting(const std::shared_ptr<Stream>& stream) {
  Captures& all = captures();
  if (all.count == 0) return cudaSuccess;
  const std::scoped_lock lock(all.mutex);
  if (depends_on_captures(all, stream)) return fail(cudaErrorStreamCaptureImplicit);
  CapturePoint* point = find(all, stream);
  if (point == nullptr) return cudaSuccess;
  point->capture->lost = true;
  return fail(cudaErrorStreamCaptureUnsupported);
}

cudaError_t refuse_implicit(const std::shared_ptr<Stream>& stream) {
  Captures& all = captures();
  if (all.count == 0) return cudaSuccess;
  const std::scoped_lock lock(all.mutex);
  return depends_on_captures(all, stream) ? fail(cudaErrorStreamCaptureImplicit) : cudaSuccess;
}

cudaError_t refuse_unsafe_call() {
  Captures& all = captures();
  if (all.count == 0 || thread_mode == cudaStreamCaptureModeRelaxed) return cudaSuccess;
  const std::scoped_lock lock(all.mutex);
  bool refused = false;
  for (auto& [stream, point] : all.points) {
    Capture& capture = *point.capture;
    const bool own = capture.thread == std::this_thread::get_id();
    const bool matters =
        own ? capture.mode != cudaStreamCaptureModeRelaxed
            : capture.mode == cudaStreamCaptureModeGlobal && thread_mode == cudaStreamCaptureModeGlobal;
    if (!matters) continue;
    capture.lost = true;
    refused = true;
  }
  return refused ? fail(cudaErrorStreamCaptureUnsupported) : cudaSuccess;
}

}  // namespace gridstride::emulator

using namespace gridstride::emulator;

cudaError_t cudaStreamBeginCapture(cudaStream_t handle, cudaStreamCaptureMode mode) {
  const auto stream = find_stream(handle);
  if (stream == nullptr) return fail(cudaErrorInvalidResourceHandle);
  if (mode < cudaStreamCaptureModeGlobal || mode > cudaStreamCaptureModeRelaxed) {
    return fail(cudaErrorInvalidValue);
  }
  if (stream == find_stream(cudaStreamLegacy)) {
    return fail(cudaErrorStreamCaptureUnsupported,
                "cudaStreamBeginCapture: the legacy default stream cannot be captured; create a stream");
  }
  Captures& all = captures();
  const std::scoped_lock lock(all.mutex);
  if (find(all, stream) != nullptr) return fail(cudaErrorIllegalState);
  auto capture = std::make_shared<Capture>();
  capture->origin = stream.get();
  capture->mode = mode;
  capture->id = ++all.last_id;
  all.points.emplace(stream, CapturePoint{std::move(capture), {}});
  all.count = all.points.size();
  return cudaSuccess;
}

cudaError_t cudaStreamEndCapture(cudaStream_t handle, cudaGraph_t* graph) {
  const auto stream = find_stream(handle);
  if (graph == nullptr) return fail(cudaErrorInvalidValue);
  *graph = nullptr;
  if (stream == nullptr) return fail(cudaErrorInvalidResourceHandle);
  Captures& all = captures();
  std::unique_lock lock(all.mutex);
  const CapturePoint* found = find(all, stream);
  if (found == nullptr) return fail(cudaErrorIllegalState);
  const CapturePoint point = *found;
  Capture& capture = *point.capture;
  if (capture.origin != stream.get()) {
    capture.lost = true;
    return fail(cudaErrorStreamCaptureUnmatched);
  }
  if (capture.mode != cudaStreamCaptureModeRelaxed && capture.thread != std::this_thread::get_id()) {
    return fail(cudaErrorStreamCaptureWrongThread);
  }
  std::erase_if(all.points, [&](const auto& entry) { return entry.second.capture == point.capture; });
  all.count = all.points.size();
  if (capture.lost) return fail(cudaErrorStreamCaptureInvalidated);
  if (!all_joined(*capture.graph, point.after)) return fail(cudaErrorStreamCaptureUnjoined);
  lock.unlock();
  *graph = publish(capture.graph);
  return cudaSuccess;
}

cudaError_t cudaStreamIsCapturing(cudaStream_t handle, cudaStreamCaptureStatus* status) {
  return cudaStreamGetCaptureInfo(handle, status);
}

cudaError_t cudaStreamGetCaptureInfo(cudaStream_t handle, cudaStreamCaptureStatus* status,
                                     unsigned long long* id, cudaGraph_t* graph,
                                     const cudaGraphNode_t** dependencies, const cudaGraphEdgeData** edges,
                                     std::size_t* count) {
  thread_local std::vector<cudaGraphNode_t> nodes;  // valid until this thread asks again
  const auto stream = find_stream(handle);
  if (stream == nullptr) return fail(cudaErrorInvalidResourceHandle);
  if (status == nullptr) return fail(cudaErrorInvalidValue);
  Captures& all = captures();
  std::unique_lock lock(all.mutex);
  if (meets_captures(all, stream)) return fail(cudaErrorStreamCaptureImplicit);
  const CapturePoint* point = find(all, stream);
  *status = point == nullptr       ? cudaStreamCaptureStatusNone
            : point->capture->lost ? cudaStreamCaptureStatusInvalidated
                                   : cudaStreamCaptureStatusActive;
  if (*status != cudaStreamCaptureStatusActive) return cudaSuccess;
  nodes.clear();
  for (const Node* node : point->after) nodes.push_back(handle_of(node));
  if (id != nullptr) *id = point->capture->id;
  if (dependencies != nullptr) *dependencies = nodes.data();
  if (edges != nullptr) *edges = nullptr;
  if (count != nullptr) *count = nodes.size();
  const std::shared_ptr<Graph> captured = point->capture->graph;
  lock.unlock();  // publishing takes the graphs' own lock, under which launches come here
  if (graph != nullptr) *graph = publish(captured);
  return cudaSuccess;
}

cudaError_t cudaStreamGetCaptureInfo(cudaStream_t stream, cudaStreamCaptureStatus* status,
                                     unsigned long long* id, cudaGraph_t* graph,
                                     const cudaGraphNode_t** dependencies, std::size_t* count) {
  return cudaStreamGetCaptureInfo(stream, status, id, graph, dependencies, nullptr, count);
}

cudaError_t cudaStreamUpdateCaptureDependencies(cudaStream_t handle, cudaGraphNode_t* dependencies,
                                                std::size_t count, unsigned flags) {
  Captures& all = captures();
  const std::scoped_lock lock(all.mutex);
  CapturePoint* point = find(all, find_stream(handle));
  if (point == nullptr) return fail(cudaErrorIllegalState);
  if (point->capture->lost) return fail(cudaErrorStreamCaptureInvalidated);
  if (flags == cudaStreamSetCaptureDependencies) point->after.clear();
  for (std::size_t i = 0; i < count; ++i) {
    add_new(point->after, {reinterpret_cast<Node*>(dependencies[i])});
  }
  return cudaSuccess;
}

cudaError_t cudaThreadExchangeStreamCaptureMode(cudaStreamCaptureMode* mode) {
  if (mode == nullptr) return fail(cudaErrorInvalidValue);
  std::swap(thread_mode, *mode);
  return cudaSuccess;
}
