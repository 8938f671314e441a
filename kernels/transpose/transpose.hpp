#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

#include "kernels/core/cost.hpp"

namespace gridstride {

/// Transpose a matrix.
///   y[j,i] = x[i,j]
/// Shapes    x (M,N) -> y (N,M)
/// Strides   row-major, contiguous; y must not alias x
/// Gradient  is this operation again, with M and N exchanged
/// Numerics  copies bits: NaN and -0 stay what they are
/// Errors    std::invalid_argument "[transpose] ..."; CudaError from the launch
/// Cost      0 flop; 8*M*N bytes
/// Source    the ladder follows Greg Ruetsch and Paulius Micikevicius, "Optimizing Matrix Transpose in CUDA"
///           (NVIDIA, 2009)
struct Transpose {
  struct Args {
    int64_t m = 0, n = 0;
    const float* x = nullptr;
    float* y = nullptr;
  };

  static constexpr std::string_view kName = "transpose";
  static constexpr std::string_view kTitle = "y[j,i] = x[i,j]";

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
