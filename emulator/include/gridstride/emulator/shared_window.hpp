/// Shared memory by 32-bit address, as PTX names it: where an object lies in its block's shared memory, and
/// above that the block's rank in its cluster. And the functions that tell one space of memory from another.
#pragma once

#include <cstddef>

namespace gridstride::emulator {

/// From one block's shared memory to the next one's in the cluster.
inline constexpr std::size_t kSharedWindowBytes = std::size_t{1} << 24;

}  // namespace gridstride::emulator

/// `pointer` must lead into the shared memory of the running block or of another one of its cluster.
std::size_t __cvta_generic_to_shared(const void* pointer);
void* __cvta_shared_to_generic(std::size_t address);
/// Whether a pointer leads into the running block's own shared memory.
unsigned __isShared(const void* pointer);
/// Whether it leads to a thread's own variables, which are on a stack.
unsigned __isLocal(const void* pointer);
/// Whether it leads to neither. `__constant__` variables lie among the global ones here.
unsigned __isGlobal(const void* pointer);

// All but shared memory has one kind of address here.
inline std::size_t __cvta_generic_to_global(const void* pointer) {
  return reinterpret_cast<std::size_t>(pointer);
}
inline std::size_t __cvta_generic_to_local(const void* pointer) {
  return reinterpret_cast<std::size_t>(pointer);
}
inline std::size_t __cvta_generic_to_constant(const void* pointer) {
  return reinterpret_cast<std::size_t>(pointer);
}
inline void* __cvta_global_to_generic(std::size_t address) { return reinterpret_cast<void*>(address); }
inline void* __cvta_local_to_generic(std::size_t address) { return reinterpret_cast<void*>(address); }
inline void* __cvta_constant_to_generic(std::size_t address) { return reinterpret_cast<void*>(address); }
