/// A warp-wide operation in progress: the lanes of one mask on their way to meet.
#pragma once

#include <array>
#include <cstdint>

#include "fiber.hpp"
#include "gridstride/emulator/warp.hpp"

namespace gridstride::emulator {

struct Collective {
  enum class Kind : std::uint8_t { Sync, Shuffle, Vote, MatchAny, MatchAll, Reduce };

  Kind kind = Kind::Sync;
  const char* name = "";
  unsigned warp = 0;
  std::uint32_t mask = 0;
  std::uint32_t arrived = 0;
  std::array<std::uint64_t, 32> value{};
  std::array<unsigned, 32> argument{};  // a shuffle's source lane, a reduction's operation
  std::array<Fiber*, 32> fiber{};

  /// What the lane gets, given the lanes that take part.
  std::uint64_t result(unsigned lane, std::uint32_t lanes) const;
};

/// The lane that a shuffle reads from, as PTX defines shfl.sync.
unsigned shuffle_source(detail::Shuffle mode, unsigned lane, unsigned operand, int width);

}  // namespace gridstride::emulator
