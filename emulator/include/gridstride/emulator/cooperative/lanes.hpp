/// Warp shuffles as cooperative groups need them: any mask, ranks within it, values of any size.
#pragma once

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <type_traits>

#include "gridstride/emulator/site.hpp"
#include "gridstride/emulator/thread.hpp"
#include "gridstride/emulator/warp.hpp"

namespace gridstride::emulator::detail {

inline unsigned block_threads() { return blockDim.x * blockDim.y * blockDim.z; }

/// This thread's place in its block, x running fastest.
inline unsigned block_rank() { return threadIdx.x + blockDim.x * (threadIdx.y + blockDim.y * threadIdx.z); }

inline unsigned lane() { return block_rank() % 32; }

inline unsigned lanes_below(unsigned n) { return n >= 32 ? 0xffffffffu : (1u << n) - 1; }

/// The lanes of this thread's warp that the block has threads for.
inline unsigned populated_lanes() { return lanes_below(block_threads() - (block_rank() - lane())); }

inline unsigned count(unsigned mask) { return static_cast<unsigned>(__builtin_popcount(mask)); }

/// This lane's rank among those of the mask.
inline unsigned rank_in(unsigned mask) { return count(mask & lanes_below(lane())); }

/// The lane that has this rank in the mask; some lane outside of it where there is none.
inline unsigned lane_of_rank(unsigned mask, unsigned rank) {
  for (; rank > 0 && mask != 0; --rank) mask &= mask - 1;
  return mask == 0 ? 31 : static_cast<unsigned>(__builtin_ctz(mask));
}

/// What the lane `source` holds; every lane of the mask calls it. Values may have any size, as they may in
/// cooperative groups.
template <class T>
T from_lane(unsigned mask, const T& value, unsigned source, Site site) {
  static_assert(std::is_trivially_copyable_v<T>, "lanes exchange values by copying their bytes");
  alignas(T) unsigned char bytes[sizeof(T)];
  std::memcpy(bytes, &value, sizeof(T));
  for (std::size_t at = 0; at < sizeof(T); at += sizeof(std::uint64_t)) {
    const std::size_t size = sizeof(T) - at < sizeof(std::uint64_t) ? sizeof(T) - at : sizeof(std::uint64_t);
    std::uint64_t part = 0;
    std::memcpy(&part, bytes + at, size);
    part = __shfl_sync(mask, part, static_cast<int>(source), 32, site);
    std::memcpy(bytes + at, &part, size);
  }
  T result;
  std::memcpy(&result, bytes, sizeof(T));
  return result;
}

}  // namespace gridstride::emulator::detail
