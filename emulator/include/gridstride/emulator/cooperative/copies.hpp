/// memcpy_async(): the group's threads copy together. Nothing on a CPU copies by itself, so the copy is over
/// when the last thread has called it; wait() makes its result everyone's.
#pragma once

#include <cstddef>

#include "gridstride/emulator/cooperative/groups.hpp"
#include "gridstride/emulator/group_copy.hpp"

namespace cooperative_groups {

template <class Group, class T, class U>
void memcpy_async(const Group& group, T* target, const U* source, std::size_t bytes) {
  static_assert(sizeof(T) == sizeof(U), "memcpy_async copies between elements of one size");
  lanes::copy_together(group, target, source, bytes);
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
