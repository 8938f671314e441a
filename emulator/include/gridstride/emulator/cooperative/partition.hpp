/// Groups made out of groups.
#pragma once

#include "gridstride/emulator/cooperative/groups.hpp"

namespace cooperative_groups {

template <unsigned Size, class Parent>
thread_block_tile<Size, Parent> tiled_partition(const Parent& parent) {
  return thread_block_tile<Size, Parent>(parent.thread_rank(), parent.size());
}

inline thread_group tiled_partition(const thread_group& parent, unsigned size) { return parent.tile(size); }

/// The lanes of the group that bring the same label.
template <class Group, class Label>
coalesced_group labeled_partition(const Group& group, Label label, Site site = Site::here()) {
  const unsigned all = group.gridstride_mask();
  const unsigned mine = __match_any_sync(all, label, site);
  // The parts are numbered by their first lanes.
  const bool leads = (mine & lanes::lanes_below(lanes::lane())) == 0;
  const unsigned leaders = __ballot_sync(all, leads, site);
  const unsigned first = static_cast<unsigned>(__builtin_ctz(mine));
  return coalesced_group(mine, lanes::count(leaders & lanes::lanes_below(first)), lanes::count(leaders));
}

template <class Group>
coalesced_group binary_partition(const Group& group, bool predicate, Site site = Site::here()) {
  const unsigned all = group.gridstride_mask();
  const unsigned yes = __ballot_sync(all, predicate, site);
  return coalesced_group(predicate ? yes : all & ~yes, predicate ? 0 : 1, 2);
}

}  // namespace cooperative_groups
