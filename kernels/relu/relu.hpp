#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

#include "kernels/core/cost.hpp"

namespace gridstride {

/// Rectify.
///   y[i] = x[i] <= 0 ? 0 : x[i]
/// Shapes    x (n) -> y (n)
/// Strides   contiguous; y may be x
/// Gradient  relu_backward
/// Numerics  exact; NaN stays NaN
/// Errors    std::invalid_argument "[relu] ..."; CudaError from the launch
/// Cost      n flop; 8*n bytes
struct Relu {
  struct Args {
    int64_t n = 0;
    const float* x = nullptr;
    float* y = nullptr;
  };

  static constexpr std::string_view kName = "relu";
  static constexpr std::string_view kTitle = "y[i] = max(x[i], 0)";

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
