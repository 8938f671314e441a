/// Atomic functions. Blocks run in parallel, so these are the host's atomic operations; like CUDA's they
/// order nothing else. Each is a point at which a spin-wait lets other threads run.
#pragma once

#include <bit>
#include <cstdint>
#include <type_traits>

#include "gridstride/emulator/thread.hpp"
#include "gridstride/emulator/tracing.hpp"
#include "gridstride/emulator/vectors.hpp"

namespace gridstride::emulator::detail {

template <class T, class... Allowed>
concept OneOf = (std::is_same_v<T, Allowed> || ...);

using Wide = unsigned long long;

template <class T>
using Argument = std::type_identity_t<T>;

/// Replaces *p by f(*p) in one step; returns the old value.
template <class T, class F>
inline T fetch_update(T* p, F f) {
  spin_point();
  [[maybe_unused]] const AtomicScope one_access(p, sizeof(T));
  T old;
  __atomic_load(p, &old, __ATOMIC_RELAXED);
  T desired = f(old);
  while (!__atomic_compare_exchange(p, &old, &desired, true, __ATOMIC_RELAXED, __ATOMIC_RELAXED)) {
    desired = f(old);
  }
  return old;
}

}  // namespace gridstride::emulator::detail

template <
    gridstride::emulator::detail::OneOf<int, unsigned, gridstride::emulator::detail::Wide, float, double> T>
inline T atomicAdd(T* p, gridstride::emulator::detail::Argument<T> value) {
  using namespace gridstride::emulator::detail;
  if constexpr (std::is_floating_point_v<T>) {
    return fetch_update(p, [value](T old) { return old + value; });
  } else {
    spin_point();
    return __atomic_fetch_add(p, value, __ATOMIC_RELAXED);
  }
}

template <gridstride::emulator::detail::OneOf<int, unsigned> T>
inline T atomicSub(T* p, gridstride::emulator::detail::Argument<T> value) {
  gridstride::emulator::detail::spin_point();
  return __atomic_fetch_sub(p, value, __ATOMIC_RELAXED);
}

template <gridstride::emulator::detail::OneOf<int, unsigned, gridstride::emulator::detail::Wide, float> T>
inline T atomicExch(T* p, gridstride::emulator::detail::Argument<T> value) {
  gridstride::emulator::detail::spin_point();
  T old;
  __atomic_exchange(p, &value, &old, __ATOMIC_RELAXED);
  return old;
}

template <gridstride::emulator::detail::OneOf<int, unsigned, gridstride::emulator::detail::Wide, long long> T>
inline T atomicMin(T* p, gridstride::emulator::detail::Argument<T> value) {
  return gridstride::emulator::detail::fetch_update(p, [value](T old) { return old < value ? old : value; });
}

template <gridstride::emulator::detail::OneOf<int, unsigned, gridstride::emulator::detail::Wide, long long> T>
inline T atomicMax(T* p, gridstride::emulator::detail::Argument<T> value) {
  return gridstride::emulator::detail::fetch_update(p, [value](T old) { return old < value ? value : old; });
}

/// Counts up to `limit`, then starts again at zero.
inline unsigned atomicInc(unsigned* p, unsigned limit) {
  return gridstride::emulator::detail::fetch_update(
      p, [limit](unsigned old) { return old >= limit ? 0u : old + 1; });
}

/// Counts down to zero, then starts again at `limit`.
inline unsigned atomicDec(unsigned* p, unsigned limit) {
  return gridstride::emulator::detail::fetch_update(
      p, [limit](unsigned old) { return old == 0 || old > limit ? limit : old - 1; });
}

template <
    gridstride::emulator::detail::OneOf<int, unsigned, unsigned short, gridstride::emulator::detail::Wide> T>
inline T atomicCAS(T* p, gridstride::emulator::detail::Argument<T> expected,
                   gridstride::emulator::detail::Argument<T> desired) {
  gridstride::emulator::detail::spin_point();
  __atomic_compare_exchange_n(p, &expected, desired, false, __ATOMIC_RELAXED, __ATOMIC_RELAXED);
  return expected;
}

#define GRIDSTRIDE_ATOMIC_BITS(NAME, FETCH)                                                           \
  template <gridstride::emulator::detail::OneOf<int, unsigned, gridstride::emulator::detail::Wide> T> \
  inline T NAME(T* p, gridstride::emulator::detail::Argument<T> value) {                              \
    gridstride::emulator::detail::spin_point();                                                       \
    return FETCH(p, value, __ATOMIC_RELAXED);                                                         \
  }

GRIDSTRIDE_ATOMIC_BITS(atomicAnd, __atomic_fetch_and)
GRIDSTRIDE_ATOMIC_BITS(atomicOr, __atomic_fetch_or)
GRIDSTRIDE_ATOMIC_BITS(atomicXor, __atomic_fetch_xor)

#undef GRIDSTRIDE_ATOMIC_BITS

/// Vectors are added element by element; CUDA promises no more.
inline float2 atomicAdd(float2* p, float2 value) {
  return {atomicAdd(&p->x, value.x), atomicAdd(&p->y, value.y)};
}
inline float4 atomicAdd(float4* p, float4 value) {
  return {atomicAdd(&p->x, value.x), atomicAdd(&p->y, value.y), atomicAdd(&p->z, value.z),
          atomicAdd(&p->w, value.w)};
}

namespace gridstride::emulator::detail {

__extension__ using Wide128 = unsigned __int128;

template <class T>
concept SixteenBytes = sizeof(T) == 16 && alignof(T) >= 16 && std::is_trivially_copyable_v<T>;

#if defined(__x86_64__)
__attribute__((target("cx16")))
#endif
inline Wide128
compare_and_swap_128(Wide128* p, Wide128 expected, Wide128 desired) {
  return __sync_val_compare_and_swap(p, expected, desired);
}

template <SixteenBytes T>
inline T compare_and_swap(T* p, T expected, T desired) {
  return std::bit_cast<T>(compare_and_swap_128(
      reinterpret_cast<Wide128*>(p), std::bit_cast<Wide128>(expected), std::bit_cast<Wide128>(desired)));
}

}  // namespace gridstride::emulator::detail

template <gridstride::emulator::detail::SixteenBytes T>
inline T atomicCAS(T* p, gridstride::emulator::detail::Argument<T> expected,
                   gridstride::emulator::detail::Argument<T> desired) {
  gridstride::emulator::detail::spin_point();
  return gridstride::emulator::detail::compare_and_swap(p, expected, desired);
}

template <gridstride::emulator::detail::SixteenBytes T>
inline T atomicExch(T* p, gridstride::emulator::detail::Argument<T> value) {
  using namespace gridstride::emulator::detail;
  spin_point();
  [[maybe_unused]] const AtomicScope one_access(p, sizeof(T));
  T expected = *p;  // possibly torn; then the first comparison fails and returns the truth
  for (;;) {
    const T old = compare_and_swap(p, expected, value);
    if (std::bit_cast<Wide128>(old) == std::bit_cast<Wide128>(expected)) return old;
    expected = old;
  }
}

// All memory is the host's and coherent, so the narrower and wider scopes are the same operation.
#define GRIDSTRIDE_ATOMIC_SCOPES(NAME)                          \
  template <class T, class... V>                                \
  requires requires(T * p, V... v) { NAME(p, v...); }           \
  inline T NAME##_block(T* p, V... v) { return NAME(p, v...); } \
  template <class T, class... V>                                \
  requires requires(T * p, V... v) { NAME(p, v...); }           \
  inline T NAME##_system(T* p, V... v) { return NAME(p, v...); }

GRIDSTRIDE_ATOMIC_SCOPES(atomicAdd)
GRIDSTRIDE_ATOMIC_SCOPES(atomicSub)
GRIDSTRIDE_ATOMIC_SCOPES(atomicExch)
GRIDSTRIDE_ATOMIC_SCOPES(atomicMin)
GRIDSTRIDE_ATOMIC_SCOPES(atomicMax)
GRIDSTRIDE_ATOMIC_SCOPES(atomicInc)
GRIDSTRIDE_ATOMIC_SCOPES(atomicDec)
GRIDSTRIDE_ATOMIC_SCOPES(atomicCAS)
GRIDSTRIDE_ATOMIC_SCOPES(atomicAnd)
GRIDSTRIDE_ATOMIC_SCOPES(atomicOr)
GRIDSTRIDE_ATOMIC_SCOPES(atomicXor)

#undef GRIDSTRIDE_ATOMIC_SCOPES
