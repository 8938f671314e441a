#include "call_tree.hpp"

namespace gridstride::emulator {

std::uint32_t CallTree::called(std::uint32_t from, std::uint64_t counter) {
  constexpr std::size_t kMost = std::size_t{1} << 16;
  Node& caller = nodes_[from];
  if (caller.last_child != 0 && nodes_[caller.last_child].counter == counter) return caller.last_child;
  const auto next = static_cast<std::uint32_t>(nodes_.size());
  if (next == kMost && !children_.contains({from, counter})) return from;
  const auto [child, is_new] = children_.try_emplace({from, counter}, next);
  caller.last_child = child->second;
  if (is_new) nodes_.push_back({from, caller.depth + 1, 0, counter});
  return child->second;
}

bool CallTree::before_elsewhere(Place a, Place b) const {
  const auto chain = [](Place place) { return static_cast<std::uint32_t>((place & ~kWaits) >> kCallShift); };
  std::uint32_t in_a = chain(a), in_b = chain(b);
  std::uint64_t at_a = a & kCounterMask, at_b = b & kCounterMask;
  const auto step_out = [this](std::uint32_t& in, std::uint64_t& at) {
    at = nodes_[in].counter;
    in = nodes_[in].caller;
  };
  const bool a_is_deeper = nodes_[in_a].depth > nodes_[in_b].depth;
  while (nodes_[in_a].depth > nodes_[in_b].depth) step_out(in_a, at_a);
  while (nodes_[in_b].depth > nodes_[in_a].depth) step_out(in_b, at_b);
  while (in_a != in_b) {
    step_out(in_a, at_a);
    step_out(in_b, at_b);
  }
  // Equal only if one of them has just come back from the call that the other one is in.
  return at_a != at_b ? at_a < at_b : a_is_deeper;
}

}  // namespace gridstride::emulator
