/// The chains of calls that led lanes to where they are, as small numbers.
#pragma once

#include <cstdint>
#include <map>
#include <utility>
#include <vector>

#include "trace_event.hpp"

namespace gridstride::emulator {

class CallTree {
 public:
  /// The chain that a call at `counter` makes of another one; the same again when there are 65,536 already.
  std::uint32_t called(std::uint32_t from, std::uint64_t counter);
  std::uint32_t returned(std::uint32_t from) const { return nodes_[from].caller; }

  /// Whether a lane at `a` goes on before one at `b`: in the innermost function that both are in, the one
  /// that stands, or called, at the smaller program counter.
  bool before(Place a, Place b) const {
    if ((a ^ b) >> kCallShift == 0 || ((a ^ b) & kWaits) != 0) return a < b;
    return before_elsewhere(a, b);
  }

 private:
  struct Node {
    std::uint32_t caller = 0;
    std::uint32_t depth = 0;
    std::uint32_t last_child = 0;  // most calls are made again
    std::uint64_t counter = 0;     // of the call
  };
  bool before_elsewhere(Place a, Place b) const;

  std::vector<Node> nodes_{Node{}};
  std::map<std::pair<std::uint32_t, std::uint64_t>, std::uint32_t> children_;
};

}  // namespace gridstride::emulator
