#include <atomic>
#include <unordered_map>

#include "error.hpp"
#include "gridstride/emulator/api.hpp"
#include "stream.hpp"

namespace gridstride::emulator {
namespace {

using Clock = std::chrono::steady_clock;

/// One cudaEventRecord; a later one replaces it.
struct Recording {
  Moment moment;
  std::shared_ptr<std::atomic<Clock::rep>> time;
};

struct Event {
  unsigned flags = 0;
  Recording recording;
};

struct Events {
  std::mutex mutex;
  std::unordered_map<cudaEvent_t, std::unique_ptr<Event>> created;
};

Events& events() {
  static auto* all = new Events;
  return *all;
}

/// A copy of what the event was last recorded as; false when there is no such event.
bool find(cudaEvent_t handle, Event& event) {
  Events& all = events();
  const std::scoped_lock lock(all.mutex);
  const auto found = all.created.find(handle);
  if (found == all.created.end()) return false;
  event = *found->second;
  return true;
}

cudaError_t device_state() { return device_error() != cudaSuccess ? fail(device_error()) : cudaSuccess; }

}  // namespace
}  // namespace gridstride::emulator

using namespace gridstride::emulator;

cudaError_t cudaEventCreate(cudaEvent_t* event) { return cudaEventCreateWithFlags(event, cudaEventDefault); }

cudaError_t cudaEventCreate(cudaEvent_t* event, unsigned flags) {
  return cudaEventCreateWithFlags(event, flags);
}

cudaError_t cudaEventCreateWithFlags(cudaEvent_t* event, unsigned flags) {
  constexpr unsigned kKnown = cudaEventBlockingSync | cudaEventDisableTiming | cudaEventInterprocess;
  if (event == nullptr || (flags & ~kKnown) != 0) return fail(cudaErrorInvalidValue);
  auto made = std::make_unique<Event>();
  made->flags = flags;
  *event = reinterpret_cast<cudaEvent_t>(made.get());
  Events& all = events();
  const std::scoped_lock lock(all.mutex);
  all.created.emplace(*event, std::move(made));
  return cudaSuccess;
}

cudaError_t cudaEventDestroy(cudaEvent_t event) {
  Events& all = events();
  const std::scoped_lock lock(all.mutex);
  return all.created.erase(event) == 1 ? cudaSuccess : fail(cudaErrorInvalidResourceHandle);
}

cudaError_t cudaEventRecord(cudaEvent_t event, cudaStream_t stream) {
  const auto on = find_stream(stream);
  if (on == nullptr) return fail(cudaErrorInvalidResourceHandle);
  Events& all = events();
  const std::scoped_lock lock(all.mutex);
  const auto found = all.created.find(event);
  if (found == all.created.end()) return fail(cudaErrorInvalidResourceHandle);
  Recording& recording = found->second->recording;
  recording.time = std::make_shared<std::atomic<Clock::rep>>(0);
  recording.moment =
      submit(on, call([time = recording.time] { *time = Clock::now().time_since_epoch().count(); }));
  return cudaSuccess;
}

cudaError_t cudaEventRecordWithFlags(cudaEvent_t event, cudaStream_t stream, unsigned) {
  return cudaEventRecord(event, stream);
}

cudaError_t cudaEventSynchronize(cudaEvent_t event) {
  Event state;
  if (!find(event, state)) return fail(cudaErrorInvalidResourceHandle);
  state.recording.moment.wait();
  return device_state();
}

cudaError_t cudaEventQuery(cudaEvent_t event) {
  Event state;
  if (!find(event, state)) return fail(cudaErrorInvalidResourceHandle);
  if (!state.recording.moment.reached()) return fail(cudaErrorNotReady);
  return device_state();
}

cudaError_t cudaEventElapsedTime(float* milliseconds, cudaEvent_t start, cudaEvent_t end) {
  Event first;
  Event last;
  if (milliseconds == nullptr) return fail(cudaErrorInvalidValue);
  if (!find(start, first) || !find(end, last)) return fail(cudaErrorInvalidResourceHandle);
  if (((first.flags | last.flags) & cudaEventDisableTiming) != 0 || first.recording.time == nullptr ||
      last.recording.time == nullptr) {
    return fail(cudaErrorInvalidResourceHandle);
  }
  if (!first.recording.moment.reached() || !last.recording.moment.reached()) {
    return fail(cudaErrorNotReady);
  }
  const Clock::duration elapsed(*last.recording.time - *first.recording.time);
  *milliseconds = std::chrono::duration<float, std::milli>(elapsed).count();
  return cudaSuccess;
}

cudaError_t cudaStreamWaitEvent(cudaStream_t stream, cudaEvent_t event, unsigned) {
  const auto waiting = find_stream(stream);
  Event state;
  if (waiting == nullptr || !find(event, state)) return fail(cudaErrorInvalidResourceHandle);
  if (!state.recording.moment.reached()) {
    submit(waiting, call([] {}), {state.recording.moment});
  }
  return cudaSuccess;
}
