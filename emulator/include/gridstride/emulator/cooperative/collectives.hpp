/// reduce() and the scans over the lanes of a group.
#pragma once

#include <type_traits>

#include "gridstride/emulator/cooperative/groups.hpp"

namespace cooperative_groups {

template <class T>
struct plus {
  T operator()(T a, T b) const { return a + b; }
};
template <class T>
struct less {
  T operator()(T a, T b) const { return b < a ? b : a; }
};
template <class T>
struct greater {
  T operator()(T a, T b) const { return a < b ? b : a; }
};
template <class T>
struct bit_and {
  T operator()(T a, T b) const { return a & b; }
};
template <class T>
struct bit_or {
  T operator()(T a, T b) const { return a | b; }
};
template <class T>
struct bit_xor {
  T operator()(T a, T b) const { return a ^ b; }
};

/// Each rank's value combined with those of all lower ranks; in order, so that `op` need not commute.
template <class Group, class T, class Op>
T inclusive_scan(const Group& group, T value, Op op, Site site = Site::here()) {
  const unsigned rank = group.thread_rank(), size = lanes::count(group.gridstride_mask());
  for (unsigned step = 1; step < size; step *= 2) {
    const T below = group.shfl_up(value, step, site);
    if (rank >= step) value = op(below, value);
  }
  return value;
}
template <class Group, class T>
T inclusive_scan(const Group& group, T value, Site site = Site::here()) {
  return inclusive_scan(group, value, plus<T>{}, site);
}

/// The same without the rank's own value; the first rank gets T{}.
template <class Group, class T, class Op>
T exclusive_scan(const Group& group, T value, Op op, Site site = Site::here()) {
  const T below = group.shfl_up(inclusive_scan(group, value, op, site), 1, site);
  return group.thread_rank() == 0 ? T{} : below;
}
template <class Group, class T>
T exclusive_scan(const Group& group, T value, Site site = Site::here()) {
  return exclusive_scan(group, value, plus<T>{}, site);
}

/// All ranks get the same bits.
template <class Group, class T, class Op>
T reduce(const Group& group, T value, Op op, Site site = Site::here()) {
  const unsigned last = lanes::count(group.gridstride_mask()) - 1;
  return group.shfl(inclusive_scan(group, value, op, site), static_cast<int>(last), site);
}

}  // namespace cooperative_groups
