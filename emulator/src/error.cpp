#include "error.hpp"

#include <algorithm>
#include <atomic>
#include <cstdio>
#include <mutex>
#include <set>
#include <thread>
#include <utility>
#include <vector>

#include "call_chain.hpp"
#include "gridstride/emulator/api.hpp"
#include "gridstride/emulator/report.hpp"
#include "last_words.hpp"
#include "settings.hpp"

namespace gridstride::emulator {
namespace {

constinit thread_local cudaError_t last_error = cudaSuccess;
constinit std::atomic<cudaError_t> sticky_error{cudaSuccess};

/// A launch whose error is there to be asked for.
struct Unread {
  std::thread::id thread;  // whose last error it is; none's when it is the device's
  std::string report;

  bool operator==(const Unread&) const = default;
};

struct Messages {
  std::mutex mutex;
  std::set<std::pair<std::string, CallChain>> explained;
  std::vector<std::string> reports;
  std::set<std::string> published;
  std::vector<Unread> unread;
  std::atomic<bool> any_unread{false};
};

Messages& messages() {
  static auto* all = new Messages;  // executors may report until the process ends
  return *all;
}

void note_unread(std::thread::id thread, cudaError_t error, const std::string& launch) {
  if (!checking()) return;
  expect_last_words();
  Messages& all = messages();
  const std::scoped_lock lock(all.mutex);
  const Unread unread{thread, "gridstride: a launch failed and nobody asked for its error, " +
                                  std::string(cudaGetErrorName(error)) + "\n" + launch};
  if (std::find(all.unread.begin(), all.unread.end(), unread) == all.unread.end()) {
    all.unread.push_back(unread);
    all.any_unread = true;
  }
}

void mark_read(std::thread::id thread) {
  Messages& all = messages();
  if (!all.any_unread) return;
  const std::scoped_lock lock(all.mutex);
  std::erase_if(all.unread, [thread](const Unread& unread) { return unread.thread == thread; });
  all.any_unread = !all.unread.empty();
}

}  // namespace

cudaError_t fail(cudaError_t error) {
  last_error = error;
  if (error == device_error()) mark_read({});
  return error;
}

cudaError_t fail(cudaError_t error, const std::string& why, const std::string& history) {
  const CallChain chain = call_chain();
  Messages& all = messages();
  {
    const std::scoped_lock lock(all.mutex);
    if (all.explained.emplace(why, chain).second) {
      const std::string lines = lines_of("called", chain) + history;
      std::fprintf(stderr, "gridstride: %s\n%s", why.c_str(), lines.c_str());
    }
  }
  return fail(error);
}

void note_failed_launch(cudaError_t error, const std::string& launch) {
  last_error = error;
  if (error != device_error()) note_unread(std::this_thread::get_id(), error, launch);
}

std::vector<std::string> unread_errors() {
  Messages& all = messages();
  const std::scoped_lock lock(all.mutex);
  std::vector<std::string> texts;
  for (const Unread& unread : all.unread) texts.push_back(unread.report);
  return texts;
}

cudaError_t device_error() { return sticky_error.load(std::memory_order_relaxed); }

cudaError_t outcome() { return device_error() != cudaSuccess ? fail(device_error()) : cudaSuccess; }

void set_device_error(cudaError_t error, const std::string& launch) {
  if (device_error() == cudaSuccess) note_unread({}, error, launch);  // before anybody can read it
  cudaError_t none = cudaSuccess;
  sticky_error.compare_exchange_strong(none, error);
}

void clear_errors() {
  sticky_error = cudaSuccess;
  last_error = cudaSuccess;
  mark_read({});
  mark_read(std::this_thread::get_id());
}

void publish_report(const std::string& text) {
  Messages& all = messages();
  const std::scoped_lock lock(all.mutex);
  all.reports.push_back(text);
  std::fputs(text.c_str(), stderr);
  std::fflush(stderr);
}

void publish_once(const std::string& key, const std::string& text) {
  {
    Messages& all = messages();
    const std::scoped_lock lock(all.mutex);
    if (!all.published.insert(key).second) return;
  }
  publish_report(text);
}

bool has_told() {
  Messages& all = messages();
  const std::scoped_lock lock(all.mutex);
  return !all.reports.empty() || !all.explained.empty();
}

std::vector<std::string> reports() {
  Messages& all = messages();
  const std::scoped_lock lock(all.mutex);
  return all.reports;
}

void clear_reports() {
  Messages& all = messages();
  const std::scoped_lock lock(all.mutex);
  all.reports.clear();
  all.published.clear();
}

}  // namespace gridstride::emulator

using namespace gridstride::emulator;

cudaError_t cudaGetLastError() {
  const cudaError_t error = cudaPeekAtLastError();
  last_error = cudaSuccess;
  return error;
}

cudaError_t cudaPeekAtLastError() {
  mark_read({});
  mark_read(std::this_thread::get_id());
  return device_error() != cudaSuccess ? device_error() : last_error;
}

const char* cudaGetErrorName(cudaError_t error) {
  switch (error) {
#define GRIDSTRIDE_NAME(name, value, text) \
  case name:                               \
    return #name;
    GRIDSTRIDE_CUDA_ERRORS(GRIDSTRIDE_NAME)
#undef GRIDSTRIDE_NAME
  }
  return "unrecognized error code";
}

const char* cudaGetErrorString(cudaError_t error) {
  switch (error) {
#define GRIDSTRIDE_TEXT(name, value, text) \
  case name:                               \
    return text;
    GRIDSTRIDE_CUDA_ERRORS(GRIDSTRIDE_TEXT)
#undef GRIDSTRIDE_TEXT
  }
  return "unrecognized error code";
}
