/// `cuda::memcpy_async`. A copy may be over at any moment before somebody waits for it; here it is over when
/// the call returns, which no program that waits can tell.
#pragma once

#include <cstddef>
#include <cstring>

#include "gridstride/emulator/cuda/barrier.hpp"

namespace cuda {

/// A size that is a multiple of `Alignment`, as both pointers are.
template <::std::size_t Alignment>
struct aligned_size_t {
  static constexpr ::std::size_t align = Alignment;
  ::std::size_t value;

  constexpr explicit aligned_size_t(::std::size_t bytes) : value(bytes) {}
  constexpr operator ::std::size_t() const { return value; }
};

}  // namespace cuda

namespace gridstride::emulator::detail {

/// The threads of a group copy a part each, in pieces as large as the widest asynchronous copy.
template <class Group>
void copy_together(const Group& group, void* target, const void* source, std::size_t bytes) {
  constexpr std::size_t kPiece = 16;
  auto* to = static_cast<unsigned char*>(target);
  const auto* from = static_cast<const unsigned char*>(source);
  for (std::size_t at = group.thread_rank() * kPiece; at < bytes; at += group.size() * kPiece) {
    std::memcpy(to + at, from + at, bytes - at < kPiece ? bytes - at : kPiece);
  }
}

}  // namespace gridstride::emulator::detail

namespace cuda {

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
