/// Loads and stores with cache hints. A CPU's caches take no such hints, so these are plain accesses.
#pragma once

#include <type_traits>

#include "gridstride/emulator/thread.hpp"

#define GRIDSTRIDE_CACHED_LOAD(NAME) \
  template <class T>                 \
  inline T NAME(const T* p) {        \
    return *p;                       \
  }
#define GRIDSTRIDE_CACHED_STORE(NAME)                     \
  template <class T>                                      \
  inline void NAME(T* p, std::type_identity_t<T> value) { \
    *p = value;                                           \
  }

GRIDSTRIDE_CACHED_LOAD(__ldg)
GRIDSTRIDE_CACHED_LOAD(__ldca)
GRIDSTRIDE_CACHED_LOAD(__ldcg)
GRIDSTRIDE_CACHED_LOAD(__ldcs)
GRIDSTRIDE_CACHED_LOAD(__ldlu)
GRIDSTRIDE_CACHED_STORE(__stwb)
GRIDSTRIDE_CACHED_STORE(__stcg)
GRIDSTRIDE_CACHED_STORE(__stcs)
GRIDSTRIDE_CACHED_STORE(__stwt)

/// "Don't cache and fetch again": what a spin-wait on plain memory uses.
template <class T>
inline T __ldcv(const T* p) {
  gridstride::emulator::detail::spin_point();
  if constexpr (std::is_scalar_v<T>) {
    return *static_cast<const volatile T*>(p);
  } else {
    __atomic_signal_fence(__ATOMIC_SEQ_CST);
    return *p;
  }
}

#undef GRIDSTRIDE_CACHED_LOAD
#undef GRIDSTRIDE_CACHED_STORE
