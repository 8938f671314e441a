/// `cuda::atomic` and `cuda::atomic_ref`: the standard's, with a scope, and with minimum and maximum.
///
/// All threads run on one machine, so every scope is the system's.
#pragma once

#include <atomic>

#include "gridstride/emulator/sync.hpp"

namespace cuda {

enum thread_scope { thread_scope_system, thread_scope_device, thread_scope_block, thread_scope_thread };

using ::std::memory_order;
using ::std::memory_order_acq_rel;
using ::std::memory_order_acquire;
using ::std::memory_order_consume;
using ::std::memory_order_relaxed;
using ::std::memory_order_release;
using ::std::memory_order_seq_cst;

inline void atomic_thread_fence(memory_order order, thread_scope = thread_scope_system) {
  ::std::atomic_thread_fence(order);
  gridstride::emulator::detail::spin_point();
}

}  // namespace cuda

namespace gridstride::emulator::detail {

/// The operations on what `Holder`'s object() gives. Each lets other threads run once in a while.
template <class T, class Holder>
class AtomicOperations {
 public:
  using value_type = T;
  static constexpr bool is_always_lock_free = std::atomic_ref<T>::is_always_lock_free;

  bool is_lock_free() const { return ref().is_lock_free(); }
  void store(T value, std::memory_order order = std::memory_order_seq_cst) const {
    ref().store(value, order);
  }
  T load(std::memory_order order = std::memory_order_seq_cst) const { return ref().load(order); }
  operator T() const { return load(); }
  T exchange(T value, std::memory_order order = std::memory_order_seq_cst) const {
    return ref().exchange(value, order);
  }

  bool compare_exchange_weak(T& expected, T desired, std::memory_order success,
                             std::memory_order failure) const {
    return ref().compare_exchange_weak(expected, desired, success, failure);
  }
  bool compare_exchange_weak(T& expected, T desired,
                             std::memory_order order = std::memory_order_seq_cst) const {
    return ref().compare_exchange_weak(expected, desired, order);
  }
  bool compare_exchange_strong(T& expected, T desired, std::memory_order success,
                               std::memory_order failure) const {
    return ref().compare_exchange_strong(expected, desired, success, failure);
  }
  bool compare_exchange_strong(T& expected, T desired,
                               std::memory_order order = std::memory_order_seq_cst) const {
    return ref().compare_exchange_strong(expected, desired, order);
  }

  auto fetch_add(auto value, std::memory_order order = std::memory_order_seq_cst) const {
    return ref().fetch_add(value, order);
  }
  auto fetch_sub(auto value, std::memory_order order = std::memory_order_seq_cst) const {
    return ref().fetch_sub(value, order);
  }
  T fetch_and(T value, std::memory_order order = std::memory_order_seq_cst) const {
    return ref().fetch_and(value, order);
  }
  T fetch_or(T value, std::memory_order order = std::memory_order_seq_cst) const {
    return ref().fetch_or(value, order);
  }
  T fetch_xor(T value, std::memory_order order = std::memory_order_seq_cst) const {
    return ref().fetch_xor(value, order);
  }
  T fetch_min(T value, std::memory_order order = std::memory_order_seq_cst) const {
    return update([value](T old) { return value < old ? value : old; }, order);
  }
  T fetch_max(T value, std::memory_order order = std::memory_order_seq_cst) const {
    return update([value](T old) { return old < value ? value : old; }, order);
  }

  T operator++() const { return fetch_add(1) + 1; }
  T operator--() const { return fetch_sub(1) - 1; }
  T operator++(int) const { return fetch_add(1); }
  T operator--(int) const { return fetch_sub(1); }
  T operator+=(auto value) const { return fetch_add(value) + value; }
  T operator-=(auto value) const { return fetch_sub(value) - value; }
  T operator&=(T value) const { return fetch_and(value) & value; }
  T operator|=(T value) const { return fetch_or(value) | value; }
  T operator^=(T value) const { return fetch_xor(value) ^ value; }

  /// Until the value is another one. Whoever changes it need not tell, for waiting is looking again.
  void wait(T old, std::memory_order order = std::memory_order_seq_cst) const {
    while (load(order) == old) yield();
  }
  void notify_one() const {}
  void notify_all() const {}

 private:
  std::atomic_ref<T> ref() const {
    spin_point();
    return std::atomic_ref<T>(static_cast<const Holder&>(*this).object());
  }
  template <class F>
  T update(F f, std::memory_order order) const {
    T old = load(std::memory_order_relaxed);
    while (!compare_exchange_weak(old, f(old), order, std::memory_order_relaxed)) {}
    return old;
  }
};

}  // namespace gridstride::emulator::detail

namespace cuda {

template <class T, thread_scope Scope = thread_scope_system>
class atomic : public gridstride::emulator::detail::AtomicOperations<T, atomic<T, Scope>> {
  using Operations = gridstride::emulator::detail::AtomicOperations<T, atomic<T, Scope>>;

 public:
  atomic() = default;
  constexpr atomic(T value) : value_(value) {}
  atomic(const atomic&) = delete;
  atomic& operator=(const atomic&) = delete;
  T operator=(T value) { return this->store(value), value; }

 private:
  friend Operations;
  T& object() const { return value_; }

  alignas(::std::atomic_ref<T>::required_alignment) mutable T value_;
};

template <class T, thread_scope Scope = thread_scope_system>
class atomic_ref : public gridstride::emulator::detail::AtomicOperations<T, atomic_ref<T, Scope>> {
  using Operations = gridstride::emulator::detail::AtomicOperations<T, atomic_ref<T, Scope>>;

 public:
  explicit atomic_ref(T& object) : object_(&object) {}
  atomic_ref(const atomic_ref&) = default;
  atomic_ref& operator=(const atomic_ref&) = delete;
  T operator=(T value) const { return this->store(value), value; }

 private:
  friend Operations;
  T& object() const { return *object_; }

  T* object_;
};

}  // namespace cuda
