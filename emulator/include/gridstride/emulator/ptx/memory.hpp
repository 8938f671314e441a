/// Loads, stores, atomics, fences, and addresses of state spaces. Shared memory has 32-bit addresses; all
/// other spaces are the host's memory.
#pragma once

#include <array>
#include <cstdint>

#include "gridstride/emulator/atomics.hpp"
#include "gridstride/emulator/ptx/registers.hpp"
#include "gridstride/emulator/ptx/types.hpp"
#include "gridstride/emulator/shared_window.hpp"
#include "gridstride/emulator/sync.hpp"

namespace gridstride::emulator::ptx {

inline void* address(u64 base, s64 offset) {
  return reinterpret_cast<void*>(static_cast<std::uintptr_t>(base + static_cast<u64>(offset)));
}
inline void* shared_address(u64 base, s64 offset) {
  return __cvta_shared_to_generic(static_cast<std::size_t>(base + static_cast<u64>(offset)));
}

#define GRIDSTRIDE_PTX_SAME_SPACE(SPACE) \
  template <class T>                     \
  inline T cvta_##SPACE(T a) {           \
    return a;                            \
  }                                      \
  template <class T>                     \
  inline T cvta_to_##SPACE(T a) {        \
    return a;                            \
  }
GRIDSTRIDE_PTX_SAME_SPACE(global)
GRIDSTRIDE_PTX_SAME_SPACE(const)
GRIDSTRIDE_PTX_SAME_SPACE(local)
#undef GRIDSTRIDE_PTX_SAME_SPACE

template <class T>
inline T cvta_to_shared(u64 a) {
  return static_cast<T>(__cvta_generic_to_shared(address(a, 0)));
}
template <class T>
inline u64 cvta_shared(T a) {
  return reinterpret_cast<std::uintptr_t>(__cvta_shared_to_generic(a));
}
inline pred isspacep_shared(u64 a) { return __isShared(address(a, 0)) != 0; }
inline pred isspacep_global(u64 a) { return __isGlobal(address(a, 0)) != 0; }
inline pred isspacep_local(u64 a) { return __isLocal(address(a, 0)) != 0; }

/// The accesses of which another thread may wait for the result. What bypasses the caches is among them:
/// programs poll with it.
inline constexpr Mod kStrong =
    Mod::volatile_ | Mod::relaxed | Mod::acquire | Mod::release | Mod::mmio | Mod::cg | Mod::cv;

template <class T, Mod M = Mod::none>
inline T ld(const void* from) {
  const auto* p = static_cast<const T*>(from);
  if constexpr (!has(M, kStrong)) return *p;
  detail::spin_point();
  T value;
  __atomic_load(p, &value, __ATOMIC_ACQUIRE);
  return value;
}
template <class T, Mod M = Mod::none>
inline void st(void* to, T value) {
  auto* p = static_cast<T*>(to);
  if constexpr (has(M, kStrong)) {
    detail::spin_point();
    __atomic_store(p, &value, __ATOMIC_RELEASE);
  } else {
    *p = value;
  }
}

#define GRIDSTRIDE_PTX_VECTOR(N)                                                       \
  template <class T, Mod M = Mod::none>                                                \
  inline std::array<T, N> ld_v##N(const void* from) {                                  \
    std::array<T, N> loaded;                                                           \
    for (int i = 0; i < N; ++i) loaded[i] = ld<T, M>(static_cast<const T*>(from) + i); \
    return loaded;                                                                     \
  }                                                                                    \
  template <class T, Mod M = Mod::none, class... Operands>                             \
  inline void st_v##N(void* to, const Vector<Operands...>& vector) {                   \
    const std::array<T, N> values = vector.template elements<T>();                     \
    for (int i = 0; i < N; ++i) st<T, M>(static_cast<T*>(to) + i, values[i]);          \
  }
GRIDSTRIDE_PTX_VECTOR(2)
GRIDSTRIDE_PTX_VECTOR(4)
#undef GRIDSTRIDE_PTX_VECTOR

/// atom returns what was there before, red does not. All have the strongest order that can be asked for.
template <class T, class F>
inline T update(void* p, F f) {
  __atomic_thread_fence(__ATOMIC_SEQ_CST);
  const T before = detail::fetch_update(static_cast<T*>(p), f);
  __atomic_thread_fence(__ATOMIC_SEQ_CST);
  return before;
}
#define GRIDSTRIDE_PTX_ATOMIC(NAME, ...)                                   \
  template <class T>                                                       \
  inline T atom_##NAME(void* p, T b) {                                     \
    return update<T>(p, [b](T a) { return static_cast<T>(__VA_ARGS__); }); \
  }                                                                        \
  template <class T>                                                       \
  inline void red_##NAME(void* p, T b) {                                   \
    atom_##NAME<T>(p, b);                                                  \
  }
GRIDSTRIDE_PTX_ATOMIC(add, a + b)
GRIDSTRIDE_PTX_ATOMIC(min, b < a ? b : a)
GRIDSTRIDE_PTX_ATOMIC(max, a < b ? b : a)
GRIDSTRIDE_PTX_ATOMIC(and, a& b)
GRIDSTRIDE_PTX_ATOMIC(or, a | b)
GRIDSTRIDE_PTX_ATOMIC(xor, a ^ b)
GRIDSTRIDE_PTX_ATOMIC(exch, (void(a), b))
GRIDSTRIDE_PTX_ATOMIC(inc, a >= b ? 0 : a + 1)
GRIDSTRIDE_PTX_ATOMIC(dec, a == 0 || a > b ? b : a - 1)
#undef GRIDSTRIDE_PTX_ATOMIC

template <class T>
inline T atom_cas(void* p, T expected, T desired) {
  detail::spin_point();
  __atomic_compare_exchange_n(static_cast<T*>(p), &expected, desired, false, __ATOMIC_SEQ_CST,
                              __ATOMIC_SEQ_CST);
  return expected;
}

inline void membar() { __threadfence(); }
inline void fence() { __threadfence(); }

// Advice to caches that are not there.
template <class... Operands>
inline void prefetch(const Operands&...) {}
template <class... Operands>
inline void prefetchu(const Operands&...) {}
template <class... Operands>
inline void discard(const Operands&...) {}
template <class... Operands>
inline void applypriority(const Operands&...) {}

}  // namespace gridstride::emulator::ptx
