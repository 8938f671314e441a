#include "stream.hpp"

#include <cstdlib>
#include <thread>
#include <unordered_map>

#include "capture.hpp"
#include "error.hpp"
#include "grid.hpp"
#include "gridstride/emulator/api.hpp"
#include "gridstride/emulator/default_stream.hpp"
#include "guarded.hpp"
#include "memory.hpp"
#include "settings.hpp"

namespace gridstride::emulator {
namespace {

using namespace std::chrono_literals;

/// How long a thread looks for work, or for its end, before it sleeps: waking costs more than this.
constexpr auto kSpin = 20us;

std::atomic<bool> process_ends{false};
std::atomic<int> busy_executors{0};
constinit thread_local bool is_busy_executor = false;

struct Streams {
  std::mutex mutex;  // held while an operation gets its place in the order
  std::shared_ptr<Stream> legacy = std::make_shared<Stream>(cudaStreamDefault);
  std::unordered_map<cudaStream_t, std::shared_ptr<Stream>> created;
  std::vector<Moment> ends_of_destroyed;  // that were not reached yet
};

/// As on a GPU, work that nobody waited for is dropped. What runs is given a moment to end, lest it use
/// statics that are being destroyed.
void end_of_process() {
  process_ends = true;
  cancel_running_grids();
  const int own = is_busy_executor ? 1 : 0;  // exit() was called in a host function
  const auto give_up = std::chrono::steady_clock::now() + 2s;
  while (busy_executors > own && std::chrono::steady_clock::now() < give_up) {
    std::this_thread::sleep_for(50us);
  }
}

void run_operation(const Operation& operation) {
  ++busy_executors;
  is_busy_executor = true;
  if (!process_ends) operation.run();
  is_busy_executor = false;
  --busy_executors;
}

Streams& streams() {
  static auto* all = [] {
    std::atexit(end_of_process);
    return new Streams;
  }();
  return *all;
}

std::atomic<bool> per_thread_default{false};

bool is_per_thread(cudaStream_t handle) {
  return handle == cudaStreamPerThread || (handle == nullptr && per_thread_default);
}

/// A default stream, which is nobody's to destroy.
bool is_default(cudaStream_t handle) {
  return handle == nullptr || handle == cudaStreamLegacy || handle == cudaStreamPerThread;
}

cudaStream_t handle_of(const Stream* stream) {
  return reinterpret_cast<cudaStream_t>(const_cast<Stream*>(stream));
}

/// What an operation submitted to `stream` now has to wait for; with the order's mutex held.
std::vector<Moment> predecessors(Streams& all, const std::shared_ptr<Stream>& stream) {
  std::vector<Moment> after;
  const auto add = [&](const std::shared_ptr<Stream>& other) {
    Moment latest = other->latest();
    if (!latest.reached()) after.push_back(std::move(latest));
  };
  if (stream == all.legacy) {
    for (const auto& [handle, other] : all.created) {
      if (other->blocking()) add(other);
    }
  } else if (stream->blocking()) {
    add(all.legacy);
  }
  return after;
}

/// Takes a stream out of the order; what it was given still runs.
void retire(const std::shared_ptr<Stream>& stream) {
  Streams& all = streams();
  {
    const std::scoped_lock lock(all.mutex);
    all.created.erase(handle_of(stream.get()));
    // Nobody can find it any longer, so what is still queued must be waited for in another way.
    const Moment end = stream->latest();
    std::erase_if(all.ends_of_destroyed, [](const Moment& moment) { return moment.reached(); });
    if (!end.reached()) {
      all.ends_of_destroyed.push_back(end);
      if (stream->blocking()) all.legacy->append(call([] {}), {end});
    }
  }
  stream->close();
}

/// The default stream of one host thread.
class OwnStream {
 public:
  OwnStream() {
    Streams& all = streams();
    const std::scoped_lock lock(all.mutex);
    all.created.emplace(handle_of(stream_.get()), stream_);
  }
  ~OwnStream() { retire(stream_); }
  OwnStream(const OwnStream&) = delete;
  OwnStream& operator=(const OwnStream&) = delete;
  const std::shared_ptr<Stream>& stream() const { return stream_; }

 private:
  std::shared_ptr<Stream> stream_ = std::make_shared<Stream>(cudaStreamDefault);
};

const std::shared_ptr<Stream>& own_stream() {
  thread_local const OwnStream own;
  return own.stream();
}

}  // namespace

bool Moment::reached() const { return stream == nullptr || stream->completed() >= ticket; }

void Moment::wait() const {
  if (stream != nullptr) stream->wait(ticket);
}

std::uint64_t Stream::next_id() {
  static std::atomic<std::uint64_t> last{0};
  return ++last;
}

Moment Stream::append(std::shared_ptr<const Operation> operation, std::vector<Moment> after) {
  const std::scoped_lock lock(mutex_);
  queue_.push_back({std::move(operation), std::move(after)});
  const std::uint64_t ticket = submitted_.load(std::memory_order_relaxed) + 1;
  submitted_.store(ticket, std::memory_order_release);
  if (!started_) {
    started_ = true;
    std::thread([self = shared_from_this()] { self->execute(); }).detach();
  }
  if (sleeping_) appended_.notify_one();
  return {shared_from_this(), ticket};
}

void Stream::close() {
  const std::scoped_lock lock(mutex_);
  closed_ = true;
  appended_.notify_one();
}

bool Stream::next(Entry& entry) {
  const auto give_up = std::chrono::steady_clock::now() + kSpin;
  while (submitted() == completed() && std::chrono::steady_clock::now() < give_up) {
    std::this_thread::yield();
  }
  std::unique_lock lock(mutex_);
  sleeping_ = true;
  appended_.wait(lock, [this] { return closed_ || !queue_.empty(); });
  sleeping_ = false;
  if (queue_.empty()) return false;
  entry = std::move(queue_.front());
  queue_.pop_front();
  return true;
}

void Stream::execute() {
  if (checking()) guarded::enter_device();
  Entry entry;
  while (next(entry)) {
    for (const Moment& moment : entry.after) moment.wait();
    run_operation(*entry.operation);
    entry = {};
    completed_.fetch_add(1, std::memory_order_release);
    if (waiters_.load() != 0) {
      const std::scoped_lock lock(mutex_);
      advanced_.notify_all();
    }
  }
}

void Stream::wait(std::uint64_t ticket) {
  const auto give_up = std::chrono::steady_clock::now() + kSpin;
  while (completed() < ticket && std::chrono::steady_clock::now() < give_up) {
    std::this_thread::yield();
  }
  if (completed() >= ticket) return;
  std::unique_lock lock(mutex_);
  ++waiters_;
  advanced_.wait(lock, [&] { return completed() >= ticket; });
  --waiters_;
}

std::shared_ptr<Stream> find_stream(cudaStream_t handle) {
  Streams& all = streams();
  if (is_per_thread(handle)) return own_stream();
  if (is_default(handle)) return all.legacy;
  const std::scoped_lock lock(all.mutex);
  const auto found = all.created.find(handle);
  return found == all.created.end() ? nullptr : found->second;
}

Moment submit(const std::shared_ptr<Stream>& stream, std::shared_ptr<const Operation> operation,
              std::vector<Moment> also_after) {
  Streams& all = streams();
  const std::scoped_lock lock(all.mutex);
  std::vector<Moment> after = predecessors(all, stream);
  for (Moment& moment : also_after) after.push_back(std::move(moment));
  return stream->append(std::move(operation), std::move(after));
}

std::shared_ptr<const Operation> host_operation(cudaHostFn_t function, void* user_data) {
  return call([=] {
    if (device_error() == cudaSuccess) function(user_data);
  });
}

void wait_for_turn(const std::shared_ptr<Stream>& stream) {
  std::vector<Moment> after;
  {
    Streams& all = streams();
    const std::scoped_lock lock(all.mutex);
    after = predecessors(all, stream);
    after.push_back(stream->latest());
  }
  for (const Moment& moment : after) moment.wait();
}

namespace detail {

bool use_per_thread_default_stream() {
  per_thread_default = true;
  return true;
}

}  // namespace detail

void wait_for_device() {
  std::vector<Moment> all_latest;
  {
    Streams& all = streams();
    const std::scoped_lock lock(all.mutex);
    all_latest = all.ends_of_destroyed;
    all_latest.push_back(all.legacy->latest());
    for (const auto& [handle, stream] : all.created) all_latest.push_back(stream->latest());
  }
  for (const Moment& moment : all_latest) moment.wait();
}

}  // namespace gridstride::emulator

using namespace gridstride::emulator;

cudaError_t cudaDeviceSynchronize() {
  if (const cudaError_t error = refuse_unsafe_call(); error != cudaSuccess) return error;
  wait_for_device();
  return outcome();
}

cudaError_t cudaStreamCreate(cudaStream_t* stream) {
  return cudaStreamCreateWithFlags(stream, cudaStreamDefault);
}

cudaError_t cudaStreamCreateWithPriority(cudaStream_t* stream, unsigned flags, int) {
  return cudaStreamCreateWithFlags(stream, flags);
}

cudaError_t cudaStreamCreateWithFlags(cudaStream_t* stream, unsigned flags) {
  if (stream == nullptr || (flags & ~unsigned{cudaStreamNonBlocking}) != 0) {
    return fail(cudaErrorInvalidValue);
  }
  if (device_error() != cudaSuccess) return fail(device_error());
  auto made = std::make_shared<Stream>(flags);
  *stream = handle_of(made.get());
  Streams& all = streams();
  const std::scoped_lock lock(all.mutex);
  all.created.emplace(*stream, std::move(made));
  return cudaSuccess;
}

cudaError_t cudaStreamDestroy(cudaStream_t stream) {
  const auto found = find_stream(stream);
  if (found == nullptr) {
    return fail(cudaErrorInvalidResourceHandle,
                "cudaStreamDestroy: the stream was never created, or was destroyed already");
  }
  if (is_default(stream)) {
    return fail(cudaErrorInvalidResourceHandle, "cudaStreamDestroy: the default stream cannot be destroyed");
  }
  leave_capture(found);
  retire(found);
  return outcome();
}

cudaError_t cudaStreamSynchronize(cudaStream_t stream) {
  const auto found = find_stream(stream);
  if (found == nullptr) return fail(cudaErrorInvalidResourceHandle);
  if (const cudaError_t error = refuse_waiting(found); error != cudaSuccess) return error;
  if (found == streams().legacy) {
    wait_for_turn(found);
  } else {
    found->latest().wait();
  }
  return outcome();
}

cudaError_t cudaStreamQuery(cudaStream_t stream) {
  const auto found = find_stream(stream);
  if (found == nullptr) return fail(cudaErrorInvalidResourceHandle);
  if (const cudaError_t error = refuse_waiting(found); error != cudaSuccess) return error;
  if (!found->latest().reached()) return fail(cudaErrorNotReady);
  return outcome();
}

cudaError_t cudaStreamGetPriority(cudaStream_t stream, int* priority) {
  if (find_stream(stream) == nullptr) return fail(cudaErrorInvalidResourceHandle);
  if (priority == nullptr) return fail(cudaErrorInvalidValue);
  *priority = 0;  // the range has one value
  return cudaSuccess;
}

cudaError_t cudaStreamGetDevice(cudaStream_t stream, int* device) {
  if (find_stream(stream) == nullptr) return fail(cudaErrorInvalidResourceHandle);
  return cudaGetDevice(device);
}

cudaError_t cudaStreamGetId(cudaStream_t stream, unsigned long long* id) {
  const auto found = find_stream(stream);
  if (found == nullptr) return fail(cudaErrorInvalidResourceHandle);
  if (id == nullptr) return fail(cudaErrorInvalidValue);
  *id = found->id();
  return cudaSuccess;
}

/// Managed memory lies where host and device reach it at any time, whatever it is attached to.
cudaError_t cudaStreamAttachMemAsync(cudaStream_t stream, void* pointer, std::size_t, unsigned flags) {
  if (find_stream(stream) == nullptr) return fail(cudaErrorInvalidResourceHandle);
  Allocation known;
  const bool managed =
      Memory::instance().find(pointer, known) && known.kind == MemoryKind::Managed && known.base == pointer;
  const bool one_flag =
      flags == cudaMemAttachGlobal || flags == cudaMemAttachHost || flags == cudaMemAttachSingle;
  return managed && one_flag ? cudaSuccess : fail(cudaErrorInvalidValue);
}

cudaError_t cudaStreamGetFlags(cudaStream_t stream, unsigned* flags) {
  const auto found = find_stream(stream);
  if (found == nullptr) return fail(cudaErrorInvalidResourceHandle);
  *flags = found->flags();
  return cudaSuccess;
}

cudaError_t cudaLaunchHostFunc(cudaStream_t stream, cudaHostFn_t function, void* user_data) {
  const auto found = find_stream(stream);
  if (found == nullptr) return fail(cudaErrorInvalidResourceHandle);
  if (function == nullptr) return fail(cudaErrorInvalidValue);
  return enqueue(found, host_operation(function, user_data));
}

cudaError_t cudaStreamAddCallback(cudaStream_t stream, cudaStreamCallback_t callback, void* user_data,
                                  unsigned flags) {
  const auto found = find_stream(stream);
  if (found == nullptr) return fail(cudaErrorInvalidResourceHandle);
  if (callback == nullptr || flags != 0) return fail(cudaErrorInvalidValue);
  if (const cudaError_t error = refuse_waiting(found); error != cudaSuccess) return error;
  return enqueue(found, call([=] { callback(stream, outcome(), user_data); }));
}
