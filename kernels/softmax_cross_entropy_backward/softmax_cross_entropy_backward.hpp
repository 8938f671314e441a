#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

#include "kernels/core/cost.hpp"

namespace gridstride {

/// Gradient of a scaled sum of cross-entropies: with scale = 1/n, of their mean.
///   dlogits[i,j] = (probs[i,j] - (j == labels[i])) * scale * dloss[0]
/// Shapes    probs (n,c), labels (n) in 0..c-1, dloss (1) on the device -> dlogits (n,c)
/// Strides   row-major, contiguous; dlogits may be probs
/// Gradient  dlogits overwritten
/// Numerics  fp32; a label outside 0..c-1 makes its row NaN; deterministic
/// Errors    std::invalid_argument "[softmax_cross_entropy_backward] ..."; CudaError from the launch
/// Cost      2*n*c flop; 8*n*c + 4*n bytes
struct SoftmaxCrossEntropyBackward {
  struct Args {
    int64_t n = 0, c = 0;
    float scale = 1;
    const float* probs = nullptr;
    const int32_t* labels = nullptr;
    const float* dloss = nullptr;
    float* dlogits = nullptr;
  };

  static constexpr std::string_view kName = "softmax_cross_entropy_backward";
  static constexpr std::string_view kTitle = "dlogits = (probs - onehot(labels)) * scale * dloss";

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
