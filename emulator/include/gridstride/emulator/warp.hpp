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

enum class Shuffle { Index, Up, Down, Xor };
enum class Reduce { Add, MinSigned, MinUnsigned, MaxSigned, MaxUnsigned, And, Or, Xor };

struct LaneVotes {
  std::uint32_t lanes = 0;   // lanes that took part
  std::uint32_t agreed = 0;  // of those, the ones whose predicate held
};

std::uint64_t warp_shuffle(const char* name, Shuffle mode, unsigned mask, std::uint64_t value,
                           unsigned operand, int width, Site site);
LaneVotes warp_vote(const char* name, unsigned mask, bool predicate, Site site);
unsigned warp_match_any(unsigned mask, std::uint64_t value, Site site);
unsigned warp_match_all(unsigned mask, std::uint64_t value, Site site);
unsigned warp_reduce(const char* name, Reduce operation, unsigned mask, unsigned value, Site site);
void warp_sync(unsigned mask, Site site);
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
inline T shuffle(const char* name, Shuffle mode, unsigned mask, T value, unsigned operand, int width,
                 Site site) {
  const std::uint64_t bits = warp_shuffle(name, mode, mask, to_bits(value), operand, width, site);
  std::memcpy(&value, &bits, sizeof value);
  return value;
}

}  // namespace gridstride::emulator::detail

template <gridstride::emulator::detail::LaneValue T>
inline T __shfl_sync(unsigned mask, T value, int source_lane, int width = warpSize,
                     gridstride::emulator::Site site = gridstride::emulator::Site::here()) {
  using namespace gridstride::emulator::detail;
  return shuffle("__shfl_sync", Shuffle::Index, mask, value, static_cast<unsigned>(source_lane), width, site);
}

template <gridstride::emulator::detail::LaneValue T>
inline T __shfl_up_sync(unsigned mask, T value, unsigned delta, int width = warpSize,
                        gridstride::emulator::Site site = gridstride::emulator::Site::here()) {
  using namespace gridstride::emulator::detail;
  return shuffle("__shfl_up_sync", Shuffle::Up, mask, value, delta, width, site);
}

template <gridstride::emulator::detail::LaneValue T>
inline T __shfl_down_sync(unsigned mask, T value, unsigned delta, int width = warpSize,
                          gridstride::emulator::Site site = gridstride::emulator::Site::here()) {
  using namespace gridstride::emulator::detail;
  return shuffle("__shfl_down_sync", Shuffle::Down, mask, value, delta, width, site);
}

template <gridstride::emulator::detail::LaneValue T>
inline T __shfl_xor_sync(unsigned mask, T value, int lane_mask, int width = warpSize,
                         gridstride::emulator::Site site = gridstride::emulator::Site::here()) {
  using namespace gridstride::emulator::detail;
  return shuffle("__shfl_xor_sync", Shuffle::Xor, mask, value, static_cast<unsigned>(lane_mask), width, site);
}

inline unsigned __ballot_sync(unsigned mask, int predicate,
                              gridstride::emulator::Site site = gridstride::emulator::Site::here()) {
  using namespace gridstride::emulator::detail;
  return warp_vote("__ballot_sync", mask, predicate != 0, site).agreed;
}

inline int __all_sync(unsigned mask, int predicate,
                      gridstride::emulator::Site site = gridstride::emulator::Site::here()) {
  using namespace gridstride::emulator::detail;
  const LaneVotes votes = warp_vote("__all_sync", mask, predicate != 0, site);
  return votes.agreed == votes.lanes;
}

inline int __any_sync(unsigned mask, int predicate,
                      gridstride::emulator::Site site = gridstride::emulator::Site::here()) {
  using namespace gridstride::emulator::detail;
  return warp_vote("__any_sync", mask, predicate != 0, site).agreed != 0;
}

inline int __uni_sync(unsigned mask, int predicate,
                      gridstride::emulator::Site site = gridstride::emulator::Site::here()) {
  using namespace gridstride::emulator::detail;
  const LaneVotes votes = warp_vote("__uni_sync", mask, predicate != 0, site);
  return votes.agreed == 0 || votes.agreed == votes.lanes;
}

/// The lanes that are here together: those that reach this line before any of them can go on.
inline unsigned __activemask(gridstride::emulator::Site site = gridstride::emulator::Site::here()) {
  return gridstride::emulator::detail::warp_active_mask(site);
}

inline void __syncwarp(unsigned mask = 0xffffffffu,
                       gridstride::emulator::Site site = gridstride::emulator::Site::here()) {
  gridstride::emulator::detail::warp_sync(mask, site);
}

template <gridstride::emulator::detail::LaneValue T>
inline unsigned __match_any_sync(unsigned mask, T value,
                                 gridstride::emulator::Site site = gridstride::emulator::Site::here()) {
  using namespace gridstride::emulator::detail;
  return warp_match_any(mask, to_bits(value), site);
}

template <gridstride::emulator::detail::LaneValue T>
inline unsigned __match_all_sync(unsigned mask, T value, int* predicate,
                                 gridstride::emulator::Site site = gridstride::emulator::Site::here()) {
  using namespace gridstride::emulator::detail;
  const unsigned lanes = warp_match_all(mask, to_bits(value), site);
  *predicate = lanes != 0;
  return lanes;
}

#define GRIDSTRIDE_WARP_REDUCE(NAME, T, OPERATION)                                                  \
  inline T NAME(unsigned mask, T value,                                                             \
                gridstride::emulator::Site site = gridstride::emulator::Site::here()) {             \
    using namespace gridstride::emulator::detail;                                                   \
    return static_cast<T>(warp_reduce(#NAME, OPERATION, mask, static_cast<unsigned>(value), site)); \
  }

GRIDSTRIDE_WARP_REDUCE(__reduce_add_sync, unsigned, Reduce::Add)
GRIDSTRIDE_WARP_REDUCE(__reduce_add_sync, int, Reduce::Add)
GRIDSTRIDE_WARP_REDUCE(__reduce_min_sync, unsigned, Reduce::MinUnsigned)
GRIDSTRIDE_WARP_REDUCE(__reduce_min_sync, int, Reduce::MinSigned)
GRIDSTRIDE_WARP_REDUCE(__reduce_max_sync, unsigned, Reduce::MaxUnsigned)
GRIDSTRIDE_WARP_REDUCE(__reduce_max_sync, int, Reduce::MaxSigned)
GRIDSTRIDE_WARP_REDUCE(__reduce_and_sync, unsigned, Reduce::And)
GRIDSTRIDE_WARP_REDUCE(__reduce_or_sync, unsigned, Reduce::Or)
GRIDSTRIDE_WARP_REDUCE(__reduce_xor_sync, unsigned, Reduce::Xor)

#undef GRIDSTRIDE_WARP_REDUCE
