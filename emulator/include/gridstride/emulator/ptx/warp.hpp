/// Barriers, votes, matches, reductions and shuffles: the emulator's own, with PTX's operands.
#pragma once

#include "gridstride/emulator/cooperative/lanes.hpp"
#include "gridstride/emulator/ptx/registers.hpp"
#include "gridstride/emulator/ptx/types.hpp"
#include "gridstride/emulator/site.hpp"
#include "gridstride/emulator/sync.hpp"
#include "gridstride/emulator/warp.hpp"

namespace gridstride::emulator::ptx {

inline void bar_sync(Site site = Site::here()) { __syncthreads(site); }
inline void barrier_sync(Site site = Site::here()) { __syncthreads(site); }
template <class T>
inline T bar_red_popc(bool a, Site site = Site::here()) {
  return static_cast<T>(__syncthreads_count(a, site));
}
template <class T>
inline T bar_red_and(bool a, Site site = Site::here()) {
  return __syncthreads_and(a, site) != 0;
}
template <class T>
inline T bar_red_or(bool a, Site site = Site::here()) {
  return __syncthreads_or(a, site) != 0;
}
inline void bar_warp_sync(u32 mask, Site site = Site::here()) { __syncwarp(mask, site); }

template <class T>
inline T vote_sync_all(bool a, u32 mask, Site site = Site::here()) {
  return __all_sync(mask, a, site) != 0;
}
template <class T>
inline T vote_sync_any(bool a, u32 mask, Site site = Site::here()) {
  return __any_sync(mask, a, site) != 0;
}
template <class T>
inline T vote_sync_uni(bool a, u32 mask, Site site = Site::here()) {
  return __uni_sync(mask, a, site) != 0;
}
template <class T>
inline T vote_sync_ballot(bool a, u32 mask, Site site = Site::here()) {
  return __ballot_sync(mask, a, site);
}
template <class T>
inline T activemask(Site site = Site::here()) {
  return __activemask(site);
}
template <class T>
inline u32 match_any_sync(T a, u32 mask, Site site = Site::here()) {
  return __match_any_sync(mask, a, site);
}
template <class T>
inline Outcome<u32> match_all_sync(T a, u32 mask, Site site = Site::here()) {
  int all_match = 0;
  const u32 lanes = __match_all_sync(mask, a, &all_match, site);
  return {lanes, all_match != 0};
}

#define GRIDSTRIDE_PTX_REDUX(NAME)                                      \
  template <class T>                                                    \
  inline T redux_sync_##NAME(T a, u32 mask, Site site = Site::here()) { \
    return __reduce_##NAME##_sync(mask, a, site);                       \
  }
GRIDSTRIDE_PTX_REDUX(add)
GRIDSTRIDE_PTX_REDUX(min)
GRIDSTRIDE_PTX_REDUX(max)
GRIDSTRIDE_PTX_REDUX(and)
GRIDSTRIDE_PTX_REDUX(or)
GRIDSTRIDE_PTX_REDUX(xor)
#undef GRIDSTRIDE_PTX_REDUX

/// The lanes among which a shuffle stays: bits 8 to 12 of its third operand tell the lane bits that are kept,
/// the low 5 bits the last lane (the first one for .up) within them.
struct Segment {
  u32 kept, limit;

  explicit Segment(u32 c) : kept(c >> 8 & 31), limit((detail::lane() & kept) | (c & 31 & ~kept)) {}
  u32 first() const { return detail::lane() & kept; }
};
template <class T>
inline Outcome<T> from_lane(T a, u32 source, bool valid, u32 mask, Site site) {
  return {__shfl_sync(mask, a, static_cast<int>(valid ? source : detail::lane()), 32, site), valid};
}
template <class T>
inline Outcome<T> shfl_sync_up(T a, u32 b, u32 c, u32 mask, Site site = Site::here()) {
  const auto source = static_cast<s32>(detail::lane()) - static_cast<s32>(b & 31);
  return from_lane<T>(a, static_cast<u32>(source), source >= static_cast<s32>(Segment(c).limit), mask, site);
}
template <class T>
inline Outcome<T> shfl_sync_down(T a, u32 b, u32 c, u32 mask, Site site = Site::here()) {
  const u32 source = detail::lane() + (b & 31);
  return from_lane<T>(a, source, source <= Segment(c).limit, mask, site);
}
template <class T>
inline Outcome<T> shfl_sync_bfly(T a, u32 b, u32 c, u32 mask, Site site = Site::here()) {
  const u32 source = detail::lane() ^ (b & 31);
  return from_lane<T>(a, source, source <= Segment(c).limit, mask, site);
}
template <class T>
inline Outcome<T> shfl_sync_idx(T a, u32 b, u32 c, u32 mask, Site site = Site::here()) {
  const Segment segment(c);
  const u32 source = segment.first() | (b & 31 & ~segment.kept);
  return from_lane<T>(a, source, source <= segment.limit, mask, site);
}

template <class T>
inline void nanosleep(T nanoseconds) {
  __nanosleep(nanoseconds);
}
/// Ends the thread out of whatever function it is in.
[[noreturn]] inline void exit() { emulator::detail::exit_thread(); }

[[noreturn]] inline void trap(Site site = Site::here()) { __trap(site); }
/// Without a debugger attached, a GPU's breakpoint ends the kernel too.
[[noreturn]] inline void brkpt(Site site = Site::here()) { __trap(site); }

}  // namespace gridstride::emulator::ptx
