/// Shared memory by 32-bit address, as PTX names it: where an object lies in its block's shared memory.
#pragma once

#include <cstddef>

/// `pointer` must lead into the running block's shared memory.
std::size_t __cvta_generic_to_shared(const void* pointer);
void* __cvta_shared_to_generic(std::size_t address);
/// Whether a pointer leads there.
unsigned __isShared(const void* pointer);
