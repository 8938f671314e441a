#include "event.hpp"

#include <atomic>
#include <unordered_map>

#include "capture.hpp"
#include "error.hpp"
#include "gridstride/emulator/api.hpp"

namespace gridstride::emulator {
namespace {

using Clock = std::chrono::steady_clock;

/// One cudaEventRecord; a later one replaces it.
struct Recording {
  Moment moment;
  std::shared_ptr<std::atomic<Clock::rep>> time;
  CapturePoint captured;  // where, when the stream was being captured
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

void stamp(std::atomic<Clock::rep>& time) { time = Clock::now().time_since_epoch().count(); }

/// Makes `recording` the event's last one.
void replace(cudaEvent_t event, Recording recording) {
  Events& all = events();
  const std::scoped_lock lock(all.mutex);
  const auto found = all.created.find(event);
  if (found != all.created.end()) found->second->recording = std::move(recording);
}

}  // namespace

bool event_exists(cudaEvent_t event) {
  Event ignored;
  return find(event, ignored);
}

Moment event_moment(cudaEvent_t event) {
  Event state;
  find(event, state);
  return state.recording.moment;
}

void EventRecord::run() const {
  Event state;
  if (find(event_, state) && state.recording.time != nullptr) stamp(*state.recording.time);
}

void EventRecord::launched(const Moment& end) const {
  replace(event_, {end, std::make_shared<std::atomic<Clock::rep>>(0), {}});
}

}  // namespace gridstride::emulator

using namespace gridstride::emulator;

cudaError_t cudaEventCreate(cudaEvent_t* event) { return cudaEventCreateWithFlags(event, cudaEventDefault); }

cudaError_t cudaEventCreate(cudaEvent_t* event, unsigned flags) {
  return cudaEventCreateWithFlags(event, flags);
}

cudaError_t cudaEventCreateWithFlags(cudaEvent_t* event, unsigned flags) {
  constexpr unsigned kKnown = cudaEventBlockingSync | cudaEventDisableTiming | cudaEventInterprocess;
  if (event == nullptr || (flags & ~kKnown) != 0) return fail(cudaErrorInvalidValue);
  if ((flags & cudaEventInterprocess) != 0) {
    if ((flags & cudaEventDisableTiming) == 0) return fail(cudaErrorInvalidValue);
    return fail(cudaErrorNotSupported, "cudaEventCreate: events are not shared with other processes");
  }
  if (outcome() != cudaSuccess) return device_error();
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
  if (all.created.erase(event) == 1) return outcome();
  return fail(cudaErrorInvalidResourceHandle,
              "cudaEventDestroy: the event was never created, or was destroyed already");
}

cudaError_t cudaEventRecord(cudaEvent_t event, cudaStream_t stream) {
  return cudaEventRecordWithFlags(event, stream, cudaEventRecordDefault);
}

cudaError_t cudaEventRecordWithFlags(cudaEvent_t event, cudaStream_t stream, unsigned flags) {
  const auto on = find_stream(stream);
  if (on == nullptr || !event_exists(event)) return fail(cudaErrorInvalidResourceHandle);
  if ((flags & ~unsigned{cudaEventRecordExternal}) != 0) return fail(cudaErrorInvalidValue);
  if (is_capturing(on)) {
    if (flags == cudaEventRecordExternal) return enqueue(on, std::make_shared<const EventRecord>(event));
    replace(event, {{}, nullptr, capture_point(on)});
    return cudaSuccess;
  }
  if (outcome() != cudaSuccess) return device_error();
  if (const cudaError_t error = refuse_implicit(on); error != cudaSuccess) return error;
  Recording recording;
  recording.time = std::make_shared<std::atomic<Clock::rep>>(0);
  recording.moment = submit(on, call([time = recording.time] { stamp(*time); }));
  replace(event, std::move(recording));
  return cudaSuccess;
}

cudaError_t cudaEventSynchronize(cudaEvent_t event) {
  Event state;
  if (!find(event, state)) return fail(cudaErrorInvalidResourceHandle);
  if (state.recording.captured.capture != nullptr) return fail(cudaErrorCapturedEvent);
  state.recording.moment.wait();
  return outcome();
}

cudaError_t cudaEventQuery(cudaEvent_t event) {
  Event state;
  if (!find(event, state)) return fail(cudaErrorInvalidResourceHandle);
  if (state.recording.captured.capture != nullptr) return fail(cudaErrorCapturedEvent);
  if (!state.recording.moment.reached()) return fail(cudaErrorNotReady);
  return outcome();
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

cudaError_t cudaStreamWaitEvent(cudaStream_t stream, cudaEvent_t event, unsigned flags) {
  const auto waiting = find_stream(stream);
  Event state;
  if (waiting == nullptr || !find(event, state)) return fail(cudaErrorInvalidResourceHandle);
  if ((flags & ~unsigned{cudaEventWaitExternal}) != 0) return fail(cudaErrorInvalidValue);
  if (flags == cudaEventWaitExternal && is_capturing(waiting)) {
    return enqueue(waiting, std::make_shared<const EventWait>(event));
  }
  if (state.recording.captured.capture != nullptr || is_capturing(waiting)) {
    return join_capture(waiting, state.recording.captured);
  }
  if (state.recording.moment.reached()) return outcome();
  return enqueue(waiting, call([] {}), {state.recording.moment});
}
