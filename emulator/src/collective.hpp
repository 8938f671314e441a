/// A warp-wide function in progress: the lanes of one mask on their way to meet.
#pragma once

#include <array>
#include <bit>
#include <cstdint>

#include "fiber.hpp"
#include "gridstride/emulator/warp.hpp"

namespace gridstride::emulator {

using detail::WarpFunction;

const char* name_of(WarpFunction function);

inline bool is_shuffle(WarpFunction function) {
  return function >= WarpFunction::Shuffle && function <= WarpFunction::ShuffleXor;
}

/// The lane that a shuffle reads from, as PTX defines shfl.sync.
inline unsigned shuffle_source(WarpFunction function, unsigned lane, unsigned operand, int width) {
  const unsigned within = static_cast<unsigned>(width) - 1;
  const unsigned first = lane & ~within;
  const unsigned last = first | within;
  const unsigned b = operand & 31;
  switch (function) {
    case WarpFunction::ShuffleUp:
      return lane >= first + b ? lane - b : lane;
    case WarpFunction::ShuffleDown:
      return lane + b <= last ? lane + b : lane;
    case WarpFunction::ShuffleXor:
      return (lane ^ b) <= last ? lane ^ b : lane;
    default:
      return first | (b & within);
  }
}

struct Collective {
  Collective* next = nullptr;  // of the same warp
  WarpFunction function{};
  unsigned warp = 0;
  std::uint32_t mask = 0;
  std::uint32_t arrived = 0;
  std::array<std::uint64_t, 32> value{};
  std::array<std::uint8_t, 32> source{};  // the lane that a shuffle reads
  std::array<Fiber*, 32> fiber{};

  /// Gives every fiber its result; `lanes` are those that take part.
  void finish(std::uint32_t lanes);
};

template <class F>
void for_each_lane(std::uint32_t lanes, F f) {
  for (; lanes != 0; lanes &= lanes - 1) f(static_cast<unsigned>(std::countr_zero(lanes)));
}

}  // namespace gridstride::emulator
