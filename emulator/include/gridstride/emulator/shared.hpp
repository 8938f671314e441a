/// `__shared__` variables: references into the running block's arena.
///
/// Memory is filled with 0xFF bytes (NaN for floats) when a block first reaches the declaration, so that
/// reading what nobody wrote shows. Under AddressSanitizer everything outside the declared objects is
/// poisoned.
#pragma once

#include <cstddef>
#include <type_traits>

#include "gridstride/emulator/thread.hpp"

namespace gridstride::emulator {

namespace detail {

/// The block's object named by `key`, made at the first call in a block; reports show what `signature` tells
/// of its type and name.
void* shared_object(const void* key, std::size_t bytes, std::size_t align, const char* signature);
/// The launch's dynamic shared memory; the first alignment that a block asks for is the one that holds.
void* dynamic_shared_memory(std::size_t align);

struct SharedCache {
  unsigned long long epoch = 0;
  void* address = nullptr;
};

template <class T, class Tag, std::size_t Align>
inline constinit thread_local SharedCache shared_cache{};

}  // namespace detail

template <class T, class Tag, std::size_t Align = alignof(T)>
inline T& shared() {
#if defined(__GRIDSTRIDE_PROFILE__)  // the first thread shall not go another way than the others
  constexpr std::size_t kAlign = Align > alignof(T) ? Align : alignof(T);
  return *static_cast<T*>(
      detail::shared_object(&detail::shared_cache<T, Tag, Align>, sizeof(T), kAlign, __PRETTY_FUNCTION__));
#else
  auto& cache = detail::shared_cache<T, Tag, Align>;
  if (cache.epoch != detail::block_epoch) [[unlikely]] {
    constexpr std::size_t kAlign = Align > alignof(T) ? Align : alignof(T);
    cache.address = detail::shared_object(&cache, sizeof(T), kAlign, __PRETTY_FUNCTION__);
    cache.epoch = detail::block_epoch;
  }
  return *static_cast<T*>(cache.address);
#endif
}

/// T is an array of unknown bound.
template <class T, std::size_t Align = alignof(std::remove_extent_t<T>)>
inline T& dynamic_shared() {
  static_assert(Align <= 1024, "dynamic shared memory is aligned to 1024 bytes");
#if defined(__GRIDSTRIDE_PROFILE__)
  return *static_cast<T*>(detail::dynamic_shared_memory(Align));
#else
  auto& cache = detail::shared_cache<unsigned char[], void, 1024>;
  if (cache.epoch != detail::block_epoch) [[unlikely]] {
    cache.address = detail::dynamic_shared_memory(Align);
    cache.epoch = detail::block_epoch;
  }
  return *static_cast<T*>(cache.address);
#endif
}

/// `extern __shared__ T s[];` at namespace scope.
template <class T>
struct DynamicShared {
  operator T*() const { return dynamic_shared<T[]>(); }
  T& operator[](std::size_t i) const { return dynamic_shared<T[]>()[i]; }
};

}  // namespace gridstride::emulator
