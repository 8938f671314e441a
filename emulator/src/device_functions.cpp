/// The out-of-line halves of the device functions: they find the running block and hand on.
#include <cstdio>
#include <cstdlib>

#include "device_functions.hpp"
#include "gridstride/emulator/shared.hpp"
#include "gridstride/emulator/sync.hpp"

namespace gridstride::emulator {

void refuse_host_call(const char* name) {
  std::fprintf(stderr, "gridstride: %s was called on the host; it works in kernels only\n", name);
  std::abort();
}

namespace detail {

void trap(Site site) { running_block_for("__trap").stop(cudaErrorLaunchFailure, "__trap was called", site); }

void yield() {
  if (Block* block = running_block) block->yield();
}

void check_spin() {
  spin_points = 0;
  if (Block* block = running_block) block->check_spin();
}

void* shared_object(const void* key, std::size_t bytes, std::size_t align) {
  return running_block_for("a __shared__ variable").shared_object(key, bytes, align);
}

void* dynamic_shared_memory() { return running_block_for("dynamic shared memory").dynamic_shared_memory(); }

}  // namespace detail
}  // namespace gridstride::emulator
