#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

#include "kernels/core/cost.hpp"

namespace gridstride {

/// Add two vectors.
///   c[i] = a[i] + b[i]
/// Shapes    a (n), b (n) -> c (n)
/// Strides   contiguous; c may alias a or b
/// Numerics  fp32, one rounding: every variant gives the same bits
/// Errors    std::invalid_argument "[vector_add] ..."; CudaError from the launch
/// Cost      n flop; 12*n bytes
struct VectorAdd {
  struct Args {
    int64_t n = 0;
    const float* a = nullptr;
    const float* b = nullptr;
    float* c = nullptr;
  };

  static constexpr std::string_view kName = "vector_add";
  static constexpr std::string_view kTitle = "c[i] = a[i] + b[i]";

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
