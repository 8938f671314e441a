/// Scalar video instructions on whole words: an operation with more digits than 32, brought back into the
/// result's type, and a second operation with a third operand.
#pragma once

#include <limits>

#include "gridstride/emulator/ptx/types.hpp"

namespace gridstride::emulator::ptx {

template <class D, Mod M>
constexpr D video_result(s64 x) {
  constexpr s64 kLow = std::numeric_limits<D>::min(), kHigh = std::numeric_limits<D>::max();
  if constexpr (has(M, Mod::sat)) x = x < kLow ? kLow : x > kHigh ? kHigh : x;
  return static_cast<D>(x);
}
template <class D, Mod M>
constexpr D video_result(s64 x, D c) {
  const D first = video_result<D, M>(x);
  if constexpr (has(M, Mod::min)) return first < c ? first : c;
  if constexpr (has(M, Mod::max)) return first > c ? first : c;
  return static_cast<D>(static_cast<u32>(first) + static_cast<u32>(c));
}
template <Mod M>
constexpr u32 video_shift(u32 count) {
  return has(M, Mod::clamp) ? (count > 32 ? 32 : count) : count & 31;
}

#define GRIDSTRIDE_PTX_VIDEO(NAME, ...)                               \
  template <class D, class A, class B, Mod M = Mod::none, class... C> \
  constexpr D NAME(A first, B second, C... third) {                   \
    const s64 a = first, b = second;                                  \
    return video_result<D, M>(__VA_ARGS__, static_cast<D>(third)...); \
  }
GRIDSTRIDE_PTX_VIDEO(vadd, a + b)
GRIDSTRIDE_PTX_VIDEO(vsub, a - b)
GRIDSTRIDE_PTX_VIDEO(vabsdiff, a < b ? b - a : a - b)
GRIDSTRIDE_PTX_VIDEO(vmin, a < b ? a : b)
GRIDSTRIDE_PTX_VIDEO(vmax, a > b ? a : b)
GRIDSTRIDE_PTX_VIDEO(vshl, a << video_shift<M>(static_cast<u32>(b)))
GRIDSTRIDE_PTX_VIDEO(vshr, a >> video_shift<M>(static_cast<u32>(b)))
#undef GRIDSTRIDE_PTX_VIDEO

}  // namespace gridstride::emulator::ptx
