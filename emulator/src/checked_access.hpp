/// What a run that is checked looks at in every access of code that was compiled with gridstride cc --check:
/// reads of shared memory that nobody wrote.
#pragma once

#include <cstddef>

#include "worker.hpp"

namespace gridstride::emulator {

/// One report for each line; the launch goes on, for what was read may not matter.
void tell_unwritten(const Block& block, const void* address, const void* instruction);

/// `caller` is where the instrumentation's call returns to.
inline void check_read(const volatile void* address, std::size_t bytes, const void* caller) {
  Block* block = running_block;
  const void* place = const_cast<const void*>(address);
  if (block == nullptr || !block->arena().reads_unwritten(place, bytes)) [[likely]]
    return;
  tell_unwritten(*block, place, static_cast<const char*>(caller) - 1);
}

inline void check_write(const volatile void* address, std::size_t bytes) {
  if (Block* block = running_block) block->arena().note_write(const_cast<const void*>(address), bytes);
}

}  // namespace gridstride::emulator
