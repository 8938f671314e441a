#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

#include "kernels/core/cost.hpp"

namespace gridstride {

/// Add a multiple of one vector to another (BLAS axpy). The tape sums gradients with it.
///   y[i] += alpha * x[i]
/// Shapes    x (n), y (n) -> y (n)
/// Strides   contiguous; y may be x
/// Numerics  fp32; one or two roundings, as the compiler fuses; deterministic
/// Errors    std::invalid_argument "[accumulate] ..."; CudaError from the launch
/// Cost      2*n flop; 12*n bytes
struct Accumulate {
  struct Args {
    int64_t n = 0;
    float alpha = 1;
    const float* x = nullptr;
    float* y = nullptr;
  };

  static constexpr std::string_view kName = "accumulate";
  static constexpr std::string_view kTitle = "y[i] += alpha * x[i]";

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
