#include "gridstride/emulator/shared_window.hpp"

#include <cstdio>

#include "device_functions.hpp"

using namespace gridstride::emulator;

std::size_t __cvta_generic_to_shared(const void* pointer) {
  Block& self = running_block_for("__cvta_generic_to_shared");
  if (const auto offset = self.arena().window_offset(pointer)) {
    return self.cluster_rank() * kSharedWindowBytes + *offset;
  }
  for (unsigned rank = 0; rank < self.cluster().blocks(); ++rank) {
    const Block* other = self.cluster().block(rank);
    if (other == nullptr) continue;
    if (const auto offset = other->arena().window_offset(pointer)) return rank * kSharedWindowBytes + *offset;
  }
  self.stop(cudaErrorInvalidAddressSpace,
            "__cvta_generic_to_shared: the pointer does not lead into the shared memory of the cluster", {});
}

void* __cvta_shared_to_generic(std::size_t address) {
  Block& self = running_block_for("__cvta_shared_to_generic");
  const auto rank = static_cast<unsigned>(address / kSharedWindowBytes);
  const Block* owner = rank == self.cluster_rank() ? &self : self.cluster().block(rank);
  void* pointer = nullptr;
  if (owner != nullptr) {
    pointer = owner->arena().at_window_offset(static_cast<std::uint32_t>(address % kSharedWindowBytes));
  }
  if (pointer != nullptr) return pointer;
  char text[120];
  std::snprintf(text, sizeof text, "block %u of the cluster has no shared memory at 0x%zx%s", rank,
                address % kSharedWindowBytes, owner == nullptr ? ": it has ended, or never was" : "");
  self.stop(cudaErrorInvalidAddressSpace, text, {});
}

std::uint32_t gridstride::twin::own_shared_address(std::uint32_t within) {
  const auto rank = running_block_for("a shared address").cluster_rank();
  return static_cast<std::uint32_t>(rank * kSharedWindowBytes) + within;
}

unsigned __isShared(const void* pointer) {
  return running_block_for("__isShared").arena().window_offset(pointer).has_value();
}

unsigned __isLocal(const void* pointer) { return running_block_for("__isLocal").is_on_a_stack(pointer); }

unsigned __isGlobal(const void* pointer) {
  const Block& self = running_block_for("__isGlobal");
  return !self.is_in_cluster(pointer) && !self.is_on_a_stack(pointer);
}
