#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

#include "kernels/core/cost.hpp"

namespace gridstride {

/// Drop elements at random and scale up the rest, so that the mean stays. The mask is a function of (seed,
/// offset, i) alone: nothing is stored, and the backward is the same operation applied to dy.
///   r    = Philox4x32-10(counter = (i / 4, offset), key = seed)[i % 4]     64-bit halves, low word first
///   u[i] = (r >> 8) * 2^-24, in [0, 1)
///   y[i] = u[i] >= p ? x[i] * (1 / (1 - p)) : 0
/// Shapes    x (n) -> y (n); 0 <= p <= 1; p = 0 copies, p = 1 writes zeros
/// Strides   contiguous; y may be x
/// Gradient  dropout of dy with the same p, seed and offset
/// Numerics  every variant and device gives the same bits; a dropped NaN becomes 0
/// Errors    std::invalid_argument "[dropout] ..."; CudaError from the launch
/// Cost      n flop (about 60 integer operations per 4 elements are not counted); 8*n bytes
/// Source    Salmon et al., Parallel random numbers: as easy as 1, 2, 3, SC 2011
struct Dropout {
  struct Args {
    int64_t n = 0;
    float p = 0.5f;
    int64_t seed = 0, offset = 0;
    const float* x = nullptr;
    float* y = nullptr;
  };

  static constexpr std::string_view kName = "dropout";
  static constexpr std::string_view kTitle = "y[i] = u[i] >= p ? x[i] / (1 - p) : 0";

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
