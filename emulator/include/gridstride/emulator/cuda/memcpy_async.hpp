/// `cuda::memcpy_async`. A copy may be over at any moment before somebody waits for it; here it is over when
/// the call returns, which no program that waits can tell.
#pragma once

#include <cstddef>
#include <cstring>

#include "gridstride/emulator/cuda/barrier.hpp"
#include "gridstride/emulator/group_copy.hpp"

namespace cuda {

/// A size that is a multiple of `Alignment`, as both pointers are.
template <::std::size_t Alignment>
struct aligned_size_t {
  static constexpr ::std::size_t align = Alignment;
  ::std::size_t value;

  constexpr explicit aligned_size_t(::std::size_t bytes) : value(bytes) {}
  constexpr operator ::std::size_t() const { return value; }
};

template <thread_scope Scope, class Completion>
void memcpy_async(void* target, const void* source, ::std::size_t bytes, barrier<Scope, Completion>&) {
  ::std::memcpy(target, source, bytes);
}
template <class Group, thread_scope Scope, class Completion>
void memcpy_async(const Group& group, void* target, const void* source, ::std::size_t bytes,
                  barrier<Scope, Completion>&) {
  gridstride::emulator::detail::copy_together(group, target, source, bytes);
}

}  // namespace cuda
