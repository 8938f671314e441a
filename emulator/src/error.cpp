#include "error.hpp"

#include <atomic>
#include <cstdio>
#include <mutex>
#include <set>
#include <vector>

#include "gridstride/emulator/api.hpp"
#include "gridstride/emulator/report.hpp"

namespace gridstride::emulator {
namespace {

constinit thread_local cudaError_t last_error = cudaSuccess;
constinit std::atomic<cudaError_t> sticky_error{cudaSuccess};

struct Messages {
  std::mutex mutex;
  std::set<std::string> explained;
  std::vector<std::string> reports;
};

Messages& messages() {
  static auto* all = new Messages;  // executors may report until the process ends
  return *all;
}

}  // namespace

cudaError_t fail(cudaError_t error) {
  last_error = error;
  return error;
}

cudaError_t fail(cudaError_t error, const std::string& why) {
  Messages& all = messages();
  const std::scoped_lock lock(all.mutex);
  if (all.explained.insert(why).second) {
    std::fprintf(stderr, "gridstride: %s\n", why.c_str());
  }
  return fail(error);
}

cudaError_t device_error() { return sticky_error.load(std::memory_order_relaxed); }

cudaError_t outcome() { return device_error() != cudaSuccess ? fail(device_error()) : cudaSuccess; }

void set_device_error(cudaError_t error) {
  cudaError_t none = cudaSuccess;
  sticky_error.compare_exchange_strong(none, error);
}

void clear_errors() {
  sticky_error = cudaSuccess;
  last_error = cudaSuccess;
}

void publish_report(const std::string& text) {
  Messages& all = messages();
  const std::scoped_lock lock(all.mutex);
  all.reports.push_back(text);
  std::fputs(text.c_str(), stderr);
  std::fflush(stderr);
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
}

}  // namespace gridstride::emulator

using namespace gridstride::emulator;

cudaError_t cudaGetLastError() {
  const cudaError_t error = cudaPeekAtLastError();
  last_error = cudaSuccess;
  return error;
}

cudaError_t cudaPeekAtLastError() { return device_error() != cudaSuccess ? device_error() : last_error; }

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
