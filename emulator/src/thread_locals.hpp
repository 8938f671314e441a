/// The host thread's own variables, threadIdx among them, which no GPU has in memory.
#pragma once

#include <cstddef>
#include <cstdint>

namespace gridstride::emulator {

/// So many bytes right below the thread's pointer hold the program's.
std::size_t thread_local_bytes();

inline bool is_thread_local(std::uintptr_t address) {
  return reinterpret_cast<std::uintptr_t>(__builtin_thread_pointer()) - address <= thread_local_bytes();
}

}  // namespace gridstride::emulator
