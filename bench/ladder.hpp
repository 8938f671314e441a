#pragma once

#include <cstdint>
#include <functional>
#include <nlohmann/json.hpp>
#include <string>
#include <string_view>
#include <vector>

#include "bench/rig.hpp"
#include "kernels/core/registry.hpp"

namespace gridstride::bench {

/// Order statistics of samples in seconds.
struct Summary {
  double median = 0, min = 0, max = 0, lower_quartile = 0, upper_quartile = 0;
  int samples = 0;
  /// Half the distance between the quartiles, as a share of the median.
  double spread() const { return median > 0 ? (upper_quartile - lower_quartile) / (2 * median) : 0; }
};
Summary summarize(std::vector<double> seconds);

/// One variant of a measured ladder.
struct Rung {
  VariantInfo variant;
  std::string why_not = {};  ///< not empty: it was not measured, and this is the reason
  bool wrong = false;        ///< it ran and gave a wrong result: why_not says what
  Summary seconds = {};
};

struct LadderOptions {
  std::vector<std::string> variants;  ///< empty: all
  uint64_t seed = 1;
  int min_samples = 10;
  int max_samples = 200;
  double min_seconds = 0.5;  ///< measured per variant, unless max_samples comes first
};

/// A ladder measured on one problem in one process.
struct Ladder {
  std::string operation, title, problem;
  Cost cost;
  Roof roof;
  bool cold_cache = true;
  int launches_per_sample = 1;
  std::vector<Rung> rungs;

  /// The least time that the roof allows for this problem.
  double roof_seconds() const;
  /// Median of the fastest library rung that ran, or of our first rung; 0 where there is none.
  double library_seconds() const;
  double first_seconds() const;
  bool all_right() const;
};

/// Check every variant, time them in turns (A B A B ...) on random data and cold caches, check them again.
Ladder measure_ladder(const AnyOperation& op, const Problem& problem, Rig& rig, const Roof& roof,
                      const LadderOptions& options);

nlohmann::ordered_json to_json(const Ladder& ladder);

}  // namespace gridstride::bench
