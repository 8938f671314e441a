#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

#include "kernels/core/cost.hpp"

namespace gridstride {

/// Gradient of relu from its output: y > 0 exactly where x > 0, so the input need not be kept.
///   dx[i] = y[i] <= 0 ? 0 : dy[i]
/// Shapes    y (n), dy (n) -> dx (n)
/// Strides   contiguous; dx may be dy or y
/// Gradient  dx overwritten; the gradient at 0 is 0
/// Numerics  exact; where y is NaN the gradient passes
/// Errors    std::invalid_argument "[relu_backward] ..."; CudaError from the launch
/// Cost      n flop; 12*n bytes
struct ReluBackward {
  struct Args {
    int64_t n = 0;
    const float* y = nullptr;
    const float* dy = nullptr;
    float* dx = nullptr;
  };

  static constexpr std::string_view kName = "relu_backward";
  static constexpr std::string_view kTitle = "dx[i] = y[i] > 0 ? dy[i] : 0";

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
