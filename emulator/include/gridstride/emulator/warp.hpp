/// Warp shuffles, votes, matches, reductions and __syncwarp.
///
/// Every `_sync` function is one rendezvous of the lanes that its mask names. Shuffles carry any type of
/// 1 to 8 bytes as a bit pattern.
#pragma once

#include <cstdint>
#include <cstring>
#include <type_traits>

#include "gridstride/emulator/site.hpp"
#include "gridstride/emulator/thread.hpp"

namespace gridstride::emulator::detail {

/// The warp-wide functions; those of one mask must all call the same one.
enum class WarpFunction : unsigned {
  Sync,
  Shuffle,
  ShuffleUp,
  ShuffleDown,
  ShuffleXor,
  Ballot,
  All,
  Any,
  Uniform,
  MatchAny,
  MatchAll,
  ReduceAdd,
  ReduceMinSigned,
  ReduceMinUnsigned,
  ReduceMaxSigned,
  ReduceMaxUnsigned,
  ReduceAnd,
  ReduceOr,
  ReduceXor,
};

/// Waits for the other lanes of the mask and returns what the function does, as bits. `operand` and `width`
/// are a shuffle's.
std::uint64_t warp_meet(WarpFunction function, unsigned mask, std::uint64_t value, unsigned operand,
                        int width, Site site);
unsigned warp_active_mask(Site site);

template <class T>
concept LaneValue = std::is_trivially_copyable_v<T> && sizeof(T) <= 8;

template <LaneValue T>
inline std::uint64_t to_bits(T value) {
  std::uint64_t bits = 0;
  std::memcpy(&bits, &value, sizeof value);
  return bits;
}

template <LaneValue T>
inline T shuffle(WarpFunction function, unsigned mask, T value, unsigned operand, int width, Site site) {
  const std::uint64_t bits = warp_meet(function, mask, to_bits(value), operand, width, site);
  std::memcpy(&value, &bits, sizeof value);
  return value;
}

inline unsigned vote(WarpFunction function, unsigned mask, int predicate, Site site) {
  return static_cast<unsigned>(warp_meet(function, mask, predicate != 0, 0, 32, site));
}

}  // namespace gridstride::emulator::detail

template <gridstride::emulator::detail::LaneValue T>
inline T __shfl_sync(unsigned mask, T value, int source_lane, int width = warpSize,
                     gridstride::emulator::Site site = gridstride::emulator::Site::here()) {
  using namespace gridstride::emulator::detail;
  return shuffle(WarpFunction::Shuffle, mask, value, static_cast<unsigned>(source_lane), width, site);
}

template <gridstride::emulator::detail::LaneValue T>
inline T __shfl_up_sync(unsigned mask, T value, unsigned delta, int width = warpSize,
                        gridstride::emulator::Site site = gridstride::emulator::Site::here()) {
  using namespace gridstride::emulator::detail;
  return shuffle(WarpFunction::ShuffleUp, mask, value, delta, width, site);
}

template <gridstride::emulator::detail::LaneValue T>
inline T __shfl_down_sync(unsigned mask, T value, unsigned delta, int width = warpSize,
                          gridstride::emulator::Site site = gridstride::emulator::Site::here()) {
  using namespace gridstride::emulator::detail;
  return shuffle(WarpFunction::ShuffleDown, mask, value, delta, width, site);
}

template <gridstride::emulator::detail::LaneValue T>
inline T __shfl_xor_sync(unsigned mask, T value, int lane_mask, int width = warpSize,
                         gridstride::emulator::Site site = gridstride::emulator::Site::here()) {
  using namespace gridstride::emulator::detail;
  return shuffle(WarpFunction::ShuffleXor, mask, value, static_cast<unsigned>(lane_mask), width, site);
}

inline unsigned __ballot_sync(unsigned mask, int predicate,
                              gridstride::emulator::Site site = gridstride::emulator::Site::here()) {
  using namespace gridstride::emulator::detail;
  return vote(WarpFunction::Ballot, mask, predicate, site);
}

inline int __all_sync(unsigned mask, int predicate,
                      gridstride::emulator::Site site = gridstride::emulator::Site::here()) {
  using namespace gridstride::emulator::detail;
  return static_cast<int>(vote(WarpFunction::All, mask, predicate, site));
}

inline int __any_sync(unsigned mask, int predicate,
                      gridstride::emulator::Site site = gridstride::emulator::Site::here()) {
  using namespace gridstride::emulator::detail;
  return static_cast<int>(vote(WarpFunction::Any, mask, predicate, site));
}

inline int __uni_sync(unsigned mask, int predicate,
                      gridstride::emulator::Site site = gridstride::emulator::Site::here()) {
  using namespace gridstride::emulator::detail;
  return static_cast<int>(vote(WarpFunction::Uniform, mask, predicate, site));
}

/// The lanes that are here together: those that reach this line before any of them can go on.
inline unsigned __activemask(gridstride::emulator::Site site = gridstride::emulator::Site::here()) {
  return gridstride::emulator::detail::warp_active_mask(site);
}

inline void __syncwarp(unsigned mask = 0xffffffffu,
                       gridstride::emulator::Site site = gridstride::emulator::Site::here()) {
  using namespace gridstride::emulator::detail;
  warp_meet(WarpFunction::Sync, mask, 0, 0, 32, site);
}

template <gridstride::emulator::detail::LaneValue T>
inline unsigned __match_any_sync(unsigned mask, T value,
                                 gridstride::emulator::Site site = gridstride::emulator::Site::here()) {
  using namespace gridstride::emulator::detail;
  return static_cast<unsigned>(warp_meet(WarpFunction::MatchAny, mask, to_bits(value), 0, 32, site));
}

template <gridstride::emulator::detail::LaneValue T>
inline unsigned __match_all_sync(unsigned mask, T value, int* predicate,
                                 gridstride::emulator::Site site = gridstride::emulator::Site::here()) {
  using namespace gridstride::emulator::detail;
  const std::uint64_t lanes = warp_meet(WarpFunction::MatchAll, mask, to_bits(value), 0, 32, site);
  *predicate = lanes != 0;
  return static_cast<unsigned>(lanes);
}

#define GRIDSTRIDE_WARP_REDUCE(NAME, T, FUNCTION)                                                \
  inline T NAME(unsigned mask, T value,                                                          \
                gridstride::emulator::Site site = gridstride::emulator::Site::here()) {          \
    using namespace gridstride::emulator::detail;                                                \
    return static_cast<T>(warp_meet(WarpFunction::FUNCTION, mask, to_bits(value), 0, 32, site)); \
  }

GRIDSTRIDE_WARP_REDUCE(__reduce_add_sync, unsigned, ReduceAdd)
GRIDSTRIDE_WARP_REDUCE(__reduce_add_sync, int, ReduceAdd)
GRIDSTRIDE_WARP_REDUCE(__reduce_min_sync, unsigned, ReduceMinUnsigned)
GRIDSTRIDE_WARP_REDUCE(__reduce_min_sync, int, ReduceMinSigned)
GRIDSTRIDE_WARP_REDUCE(__reduce_max_sync, unsigned, ReduceMaxUnsigned)
GRIDSTRIDE_WARP_REDUCE(__reduce_max_sync, int, ReduceMaxSigned)
GRIDSTRIDE_WARP_REDUCE(__reduce_and_sync, unsigned, ReduceAnd)
GRIDSTRIDE_WARP_REDUCE(__reduce_or_sync, unsigned, ReduceOr)
GRIDSTRIDE_WARP_REDUCE(__reduce_xor_sync, unsigned, ReduceXor)

#undef GRIDSTRIDE_WARP_REDUCE
