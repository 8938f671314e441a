/// memcpy_async(): the group's threads copy together. Nothing on a CPU copies by itself, so the copy is over
/// when the last thread has called it; wait() makes its result everyone's.
#pragma once

#include <cstddef>
#include <cstring>

#include "gridstride/emulator/cooperative/groups.hpp"

namespace cooperative_groups {

template <class Group, class T, class U>
void memcpy_async(const Group& group, T* target, const U* source, std::size_t bytes) {
  static_assert(sizeof(T) == sizeof(U), "memcpy_async copies between elements of one size");
  constexpr std::size_t kChunk = 16;
  auto* to = reinterpret_cast<unsigned char*>(target);
  const auto* from = reinterpret_cast<const unsigned char*>(source);
  for (std::size_t at = group.thread_rank() * kChunk; at < bytes; at += group.size() * kChunk) {
    std::memcpy(to + at, from + at, bytes - at < kChunk ? bytes - at : kChunk);
  }
}

template <class Group>
void wait(const Group& group, Site site = Site::here()) {
  group.sync(site);
}

/// Until all but the last `Stages` copies are done; all of them are.
template <unsigned Stages, class Group>
void wait_prior(const Group& group, Site site = Site::here()) {
  group.sync(site);
}

}  // namespace cooperative_groups
