/// The out-of-line halves of the device functions: they find the running block and hand on.
#include <cstdio>
#include <cstdlib>
#include <ctime>
#include <string>
#include <utility>

#include "device_functions.hpp"
#include "gridstride/emulator/integers.hpp"
#include "gridstride/emulator/shared.hpp"
#include "gridstride/emulator/sync.hpp"

namespace gridstride::emulator {

void refuse_host_call(const char* name) {
  std::fprintf(stderr, "gridstride: %s was called on the host; it works in kernels only\n", name);
  std::abort();
}

namespace detail {

void exit_thread() { running_block_for("exit").exit_thread(); }

void trap(Site site) { running_block_for("__trap").stop(cudaErrorLaunchFailure, "__trap was called", site); }

void yield() {
  if (Block* block = running_block) block->yield();
}

std::clock_t clock_here() {
  if (running_block) return clock64();
  timespec used{};  // as the C library does; its clock() is this function here
  clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &used);
  return used.tv_sec * CLOCKS_PER_SEC + used.tv_nsec / (1'000'000'000 / CLOCKS_PER_SEC);
}

void check_spin() {
  spin_points = 0;
  if (Block* block = running_block) block->check_spin();
}

void trace_spin_point() { spin_point(); }

void* shared_object(const void* key, std::size_t bytes, std::size_t align, const char* signature) {
  return running_block_for("a __shared__ variable").shared_object(key, bytes, align, signature);
}

void* dynamic_shared_memory(std::size_t align) {
  return running_block_for("dynamic shared memory").dynamic_shared_memory(align);
}

}  // namespace detail
}  // namespace gridstride::emulator

/// Where a failed assert() ends. In a kernel it is the launch's error and the program goes on; on the host it
/// is what the C library does. Linked before the library's own.
extern "C" void __assert_fail(const char* expression, const char* file, unsigned line,
                              const char* function) noexcept {
  using namespace gridstride::emulator;
  std::string failed = "Assertion `" + std::string(expression) + "' failed";
  if (Block* block = running_block) block->stop(cudaErrorAssert, std::move(failed), Site{file, line});
  std::fprintf(stderr, "%s:%u: %s: %s.\n", file, line, function, failed.c_str());
  std::abort();
}
