#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

#include "kernels/core/cost.hpp"

namespace gridstride {

/// Reduce a vector to one scaled sum: with scale = 1/n its mean.
///   y[0] = scale * sum_i x[i]
/// Shapes    x (n) -> y (1); the sum of nothing is 0
/// Strides   contiguous; y must not alias x
/// Numerics  fp32 accumulation; deterministic unless the variant adds atomically
/// Errors    std::invalid_argument "[sum] ..."; CudaError from the launch
/// Cost      n flop; 4*n bytes
struct Sum {
  struct Args {
    int64_t n = 0;
    float scale = 1;
    const float* x = nullptr;
    float* y = nullptr;
  };

  static constexpr std::string_view kName = "sum";
  static constexpr std::string_view kTitle = "y = scale * sum_i x[i]";

  static Schema describe(Args& args);
  static void check(const Args& args);
  static Cost cost(const Args& args);
  static void reference(const Args& args);
  static std::vector<Args> cases();
  static Args bench_args(Device device);
  static Tolerance tolerance(const Args& args);
  static std::string_view policy(const Args& args, Device device);
};

}  // namespace gridstride
