/// The out-of-line halves of the device functions: they find the running block and hand on.
#include <cstdio>
#include <cstdlib>

#include "device_functions.hpp"
#include "gridstride/emulator/shared.hpp"
#include "gridstride/emulator/sync.hpp"
#include "gridstride/emulator/warp.hpp"

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

std::uint64_t warp_shuffle(const char* name, Shuffle mode, unsigned mask, std::uint64_t value,
                           unsigned operand, int width, Site site) {
  Block& block = running_block_for(name);
  if (width < 1 || width > 32 || (width & (width - 1)) != 0) {
    block.stop(cudaErrorLaunchFailure,
               std::string(name) + ": width " + std::to_string(width) + " is not a power of two from 1 to 32",
               site);
  }
  const unsigned source = shuffle_source(mode, block.current_rank() % 32, operand, width);
  return block.meet(Collective::Kind::Shuffle, name, mask, value, source, site);
}

LaneVotes warp_vote(const char* name, unsigned mask, bool predicate, Site site) {
  const std::uint64_t both =
      running_block_for(name).meet(Collective::Kind::Vote, name, mask, predicate ? 1 : 0, 0, site);
  return {static_cast<std::uint32_t>(both), static_cast<std::uint32_t>(both >> 32)};
}

unsigned warp_match_any(unsigned mask, std::uint64_t value, Site site) {
  constexpr const char* kName = "__match_any_sync";
  return static_cast<unsigned>(
      running_block_for(kName).meet(Collective::Kind::MatchAny, kName, mask, value, 0, site));
}

unsigned warp_match_all(unsigned mask, std::uint64_t value, Site site) {
  constexpr const char* kName = "__match_all_sync";
  return static_cast<unsigned>(
      running_block_for(kName).meet(Collective::Kind::MatchAll, kName, mask, value, 0, site));
}

unsigned warp_reduce(const char* name, Reduce operation, unsigned mask, unsigned value, Site site) {
  return static_cast<unsigned>(running_block_for(name).meet(Collective::Kind::Reduce, name, mask, value,
                                                            static_cast<unsigned>(operation), site));
}

void warp_sync(unsigned mask, Site site) {
  constexpr const char* kName = "__syncwarp";
  running_block_for(kName).meet(Collective::Kind::Sync, kName, mask, 0, 0, site);
}

unsigned warp_active_mask(Site site) { return running_block_for("__activemask").active_mask(site); }

}  // namespace detail
}  // namespace gridstride::emulator
