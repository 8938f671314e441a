#include "gridstride/emulator/shared_window.hpp"

#include <cstdio>

#include "device_functions.hpp"

using namespace gridstride::emulator;

std::size_t __cvta_generic_to_shared(const void* pointer) {
  Block& block = running_block_for("__cvta_generic_to_shared");
  if (const auto offset = block.arena().window_offset(pointer)) return *offset;
  block.stop(cudaErrorInvalidAddressSpace,
             "__cvta_generic_to_shared: the pointer does not lead into the block's shared memory", {});
}

void* __cvta_shared_to_generic(std::size_t address) {
  Block& block = running_block_for("__cvta_shared_to_generic");
  if (address <= UINT32_MAX) {
    if (void* pointer = block.arena().at_window_offset(static_cast<std::uint32_t>(address))) return pointer;
  }
  char text[80];
  std::snprintf(text, sizeof text, "the block has no shared memory at 0x%zx", address);
  block.stop(cudaErrorInvalidAddressSpace, text, {});
}

unsigned __isShared(const void* pointer) {
  return running_block_for("__isShared").arena().window_offset(pointer).has_value();
}
