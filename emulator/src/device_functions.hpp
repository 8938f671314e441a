/// What the out-of-line halves of the device functions share.
#pragma once

#include "worker.hpp"

namespace gridstride::emulator {

/// Ends a program that calls a device function on the host.
[[noreturn]] void refuse_host_call(const char* name);

inline Block& running_block_for(const char* name) {
  Block* block = running_block;
  if (block == nullptr) [[unlikely]]
    refuse_host_call(name);
  return *block;
}

}  // namespace gridstride::emulator
