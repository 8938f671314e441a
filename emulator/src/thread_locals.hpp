/// The host thread's own variables, threadIdx among them, which no GPU has in memory.
#pragma once

#include <cstddef>

namespace gridstride::emulator {

/// So many bytes right below the thread's pointer hold the program's.
std::size_t thread_local_bytes();

}  // namespace gridstride::emulator
