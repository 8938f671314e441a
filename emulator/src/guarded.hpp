/// Memory that notices what goes wrong with it, for runs that are checked (GRIDSTRIDE_CHECK=1).
///
/// Every allocation has pages of its own, ends where they end, and has unmapped pages on both sides; what is
/// freed is never mapped again. So an access out of bounds, or after the free, is a fault of the very
/// instruction that makes it. Where the processor has protection keys, device memory is out of the reach of
/// host threads.
#pragma once

#include <cstddef>

namespace gridstride::emulator::guarded {

/// The widest load there is, and what device memory is aligned to; a coarser one would hide short overruns.
inline constexpr std::size_t kAlignment = 16;

/// Filled with NaN; null when the system refuses. `device_only`: see enter_device.
void* allocate(std::size_t bytes, std::size_t alignment, bool device_only);
void release(void* memory, std::size_t bytes);

/// Bytes behind the end, up to the alignment, that were written to; they can be read without a fault.
bool end_is_damaged(const void* memory, std::size_t bytes);

/// From now on the calling thread may touch device memory: it runs kernels or copies.
void enter_device();
/// The same for as long as it lives: for a host thread that copies.
class DeviceAccess {
 public:
  DeviceAccess();
  ~DeviceAccess();
  DeviceAccess(const DeviceAccess&) = delete;
  DeviceAccess& operator=(const DeviceAccess&) = delete;

 private:
  int rights_before_ = 0;
};

/// Is device memory out of the reach of host threads here?
bool keeps_host_out();

}  // namespace gridstride::emulator::guarded
