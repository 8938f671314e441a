/// nvcc's `__nv_atomic_*` built-in functions: atomic operations with a memory order, as C++ has them, and a
/// scope.
///
/// All threads run on one machine, so every scope is the system's.
#pragma once

#include <type_traits>

#include "gridstride/emulator/atomics.hpp"

enum : int {
  __NV_ATOMIC_RELAXED = __ATOMIC_RELAXED,
  __NV_ATOMIC_CONSUME = __ATOMIC_CONSUME,
  __NV_ATOMIC_ACQUIRE = __ATOMIC_ACQUIRE,
  __NV_ATOMIC_RELEASE = __ATOMIC_RELEASE,
  __NV_ATOMIC_ACQ_REL = __ATOMIC_ACQ_REL,
  __NV_ATOMIC_SEQ_CST = __ATOMIC_SEQ_CST,
};

enum : int {
  __NV_THREAD_SCOPE_THREAD,
  __NV_THREAD_SCOPE_BLOCK,
  __NV_THREAD_SCOPE_CLUSTER,
  __NV_THREAD_SCOPE_DEVICE,
  __NV_THREAD_SCOPE_SYSTEM,
};

template <class T>
inline void __nv_atomic_load(const T* p, T* result, int order, int = __NV_THREAD_SCOPE_SYSTEM) {
  gridstride::emulator::detail::spin_point();
  __atomic_load(p, result, order);
}
template <class T>
inline std::remove_cv_t<T> __nv_atomic_load_n(T* p, int order, int = __NV_THREAD_SCOPE_SYSTEM) {
  std::remove_cv_t<T> result;
  gridstride::emulator::detail::spin_point();
  __atomic_load(p, &result, order);
  return result;
}

template <class T>
inline void __nv_atomic_store(T* p, std::type_identity_t<T>* value, int order,
                              int = __NV_THREAD_SCOPE_SYSTEM) {
  gridstride::emulator::detail::spin_point();
  __atomic_store(p, value, order);
}
template <class T>
inline void __nv_atomic_store_n(T* p, std::type_identity_t<std::remove_cv_t<T>> value, int order,
                                int = __NV_THREAD_SCOPE_SYSTEM) {
  gridstride::emulator::detail::spin_point();
  __atomic_store(p, &value, order);
}

template <class T>
inline void __nv_atomic_exchange(T* p, std::type_identity_t<T>* value, std::type_identity_t<T>* result,
                                 int order, int = __NV_THREAD_SCOPE_SYSTEM) {
  gridstride::emulator::detail::spin_point();
  __atomic_exchange(p, value, result, order);
}
template <class T>
inline T __nv_atomic_exchange_n(T* p, std::type_identity_t<T> value, int order,
                                int = __NV_THREAD_SCOPE_SYSTEM) {
  T result;
  __nv_atomic_exchange(p, &value, &result, order);
  return result;
}

/// Where *p is not what was expected, *expected becomes what it is.
template <class T>
inline bool __nv_atomic_compare_exchange(T* p, std::type_identity_t<T>* expected,
                                         std::type_identity_t<T>* desired, bool weak, int success,
                                         int failure, int = __NV_THREAD_SCOPE_SYSTEM) {
  gridstride::emulator::detail::spin_point();
  return __atomic_compare_exchange(p, expected, desired, weak, success, failure);
}
template <class T>
inline bool __nv_atomic_compare_exchange_n(T* p, std::type_identity_t<T>* expected,
                                           std::type_identity_t<T> desired, bool weak, int success,
                                           int failure, int scope = __NV_THREAD_SCOPE_SYSTEM) {
  return __nv_atomic_compare_exchange(p, expected, &desired, weak, success, failure, scope);
}

// The orders are at least as strong as asked for: fetch_update() is relaxed, the fences around it are not.
#define GRIDSTRIDE_SCOPED_ATOMIC(NAME, RESULT)                                                            \
  template <class T>                                                                                      \
  inline T __nv_atomic_fetch_##NAME(T* p, std::type_identity_t<T> value, int order,                       \
                                    int = __NV_THREAD_SCOPE_SYSTEM) {                                     \
    __atomic_thread_fence(order);                                                                         \
    const T before =                                                                                      \
        gridstride::emulator::detail::fetch_update(p, [value](T old) { return static_cast<T>(RESULT); }); \
    __atomic_thread_fence(order);                                                                         \
    return before;                                                                                        \
  }                                                                                                       \
  template <class T>                                                                                      \
  inline void __nv_atomic_##NAME(T* p, std::type_identity_t<T> value, int order,                          \
                                 int scope = __NV_THREAD_SCOPE_SYSTEM) {                                  \
    __nv_atomic_fetch_##NAME(p, value, order, scope);                                                     \
  }

GRIDSTRIDE_SCOPED_ATOMIC(add, old + value)
GRIDSTRIDE_SCOPED_ATOMIC(sub, old - value)
GRIDSTRIDE_SCOPED_ATOMIC(and, old& value)
GRIDSTRIDE_SCOPED_ATOMIC(or, old | value)
GRIDSTRIDE_SCOPED_ATOMIC(xor, old ^ value)
GRIDSTRIDE_SCOPED_ATOMIC(min, value < old ? value : old)
GRIDSTRIDE_SCOPED_ATOMIC(max, old < value ? value : old)

#undef GRIDSTRIDE_SCOPED_ATOMIC

inline void __nv_atomic_thread_fence(int order, int = __NV_THREAD_SCOPE_SYSTEM) {
  __atomic_thread_fence(order);
  gridstride::emulator::detail::spin_point();
}
