/// A copy that the threads of a group make together.
#pragma once

#include <cstddef>
#include <cstring>

namespace gridstride::emulator::detail {

/// Each thread copies a part, in pieces as large as the widest asynchronous copy.
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
