/// How many warps of a kernel a processor holds at once, and what stands in the way of more.
#include <algorithm>
#include <climits>
#include <utility>

#include "gpus.hpp"
#include "gridstride/emulator/profile.hpp"
#include "settings.hpp"

namespace gridstride::emulator {
namespace {

/// A warp's registers come in units of 256 from one of four parts of a processor, each with 16,384.
unsigned blocks_by_registers(unsigned warps, unsigned registers) {
  constexpr unsigned kUnit = 256, kParts = 4, kOfPart = 16384, kMostOfThread = 255;
  if (registers > kMostOfThread) return 0;
  const unsigned of_warp = (32 * registers + kUnit - 1) / kUnit * kUnit;
  const unsigned of_block = of_warp * ((warps + kParts - 1) / kParts * kParts);
  if (of_block > kParts * kOfPart) return 0;
  return kParts * (kOfPart / of_warp) / warps;
}

}  // namespace

Occupancy occupancy_of(const BlockNeeds& needs) {
  const Architecture& architecture = modelled_gpu().architecture;
  Occupancy out;
  out.most_warps = architecture.threads_per_processor / 32;
  if (needs.threads == 0 || needs.threads > kMaxThreadsPerBlock ||
      needs.shared_bytes > architecture.shared_per_block()) {
    out.limit = needs.threads == 0 || needs.threads > kMaxThreadsPerBlock ? "threads" : "shared memory";
    return out;
  }
  const unsigned warps = (needs.threads + 31) / 32;
  const unsigned without_shared = blocks_per_processor(architecture, needs.threads, 0);
  const std::pair<unsigned, const char*> limits[] = {
      {out.most_warps / warps, "threads"},
      {architecture.blocks_per_processor, "blocks"},
      {needs.registers == 0 ? UINT_MAX : blocks_by_registers(warps, needs.registers), "registers"},
      {needs.shared_bytes == 0 ? UINT_MAX
                               : blocks_per_processor(architecture, needs.threads, needs.shared_bytes),
       "shared memory"}};
  // Shared memory is told only where it, and not what else that function looks at, allows the fewest.
  const auto* least = std::ranges::min_element(limits, {}, &std::pair<unsigned, const char*>::first);
  out.blocks = std::min(least->first, without_shared);
  out.warps = out.blocks * warps;
  out.limit = least->second;
  return out;
}

}  // namespace gridstride::emulator
