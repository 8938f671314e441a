// What the twins share: memory behind a shared address, the registers of the other lanes, broken rules.
#pragma once

#include "kernels/device/ptx/ptx.cuh"

#if GRIDSTRIDE_TWINS

#include <cstring>

namespace gridstride::ptx::twins {

/// Says which rule of the manual an instruction was called against, and ends the kernel.
inline void require(bool kept, const char* rule) {
  if (kept) return;
  printf("%s\n", rule);
  __trap();
}

template <class T = unsigned char>
T* shared_pointer(uint32_t address) {
  return static_cast<T*>(__cvta_shared_to_generic(address));
}

template <class T>
T load(const void* from) {
  T value;
  std::memcpy(&value, from, sizeof value);
  return value;
}

/// Calls f(all), where *all[i] is what lane i called `mine`; it stays there until every lane is through with
/// f.
template <class Mine, class F>
void across_warp(const Mine& mine, F f) {
  constexpr unsigned kWholeWarp = 0xffffffffu;
  const Mine* of_lanes[32];
  const Mine** all = __shfl_sync(kWholeWarp, &of_lanes[0], 0);
  all[lane()] = &mine;
  __syncwarp(kWholeWarp);
  f(all);
  __syncwarp(kWholeWarp);
}

}  // namespace gridstride::ptx::twins

#endif
