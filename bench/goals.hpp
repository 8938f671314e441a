#pragma once

#include <string>
#include <vector>

#include "bench/ladder.hpp"

namespace gridstride::bench {

/// What the emulator promises about its own speed, and what it reached just now.
struct Goal {
  std::string name, unit;
  double reached = 0, wanted = 0;
  bool more_is_better = true;
  Summary ours, baseline;  ///< seconds; the baseline is empty where the goal is a time
  std::string how;
  bool met() const { return more_is_better ? reached >= wanted : reached <= wanted; }
};

/// The matrix product against a plain loop, a kernel without barriers against the loop over its threads, and
/// what a barrier of 256 threads costs.
std::vector<Goal> measure_goals(Rig& rig);

nlohmann::ordered_json to_json(const std::vector<Goal>& goals);

}  // namespace gridstride::bench
