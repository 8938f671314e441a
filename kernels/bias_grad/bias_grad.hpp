#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

#include "kernels/core/cost.hpp"

namespace gridstride {

/// Gradient of a bias that was added along one dimension.
///   db[c] += sum_{o,i} dy[o,c,i]
/// Shapes    dy (outer, channels, inner) -> db (channels); a linear layer has (batch, features, 1), an NCHW
///           convolution (N, K, P*Q)
/// Strides   contiguous; db must not alias dy
/// Gradient  db accumulated
/// Numerics  fp32 accumulation in an order that only the shape decides: deterministic
/// Errors    std::invalid_argument "[bias_grad] ..."; CudaError from the launch
/// Cost      outer*channels*inner flop; 4*(|dy| + 2*channels) bytes
struct BiasGrad {
  struct Args {
    int64_t outer = 0, channels = 0, inner = 1;
    const float* dy = nullptr;
    float* db = nullptr;
  };

  static constexpr std::string_view kName = "bias_grad";
  static constexpr std::string_view kTitle = "db[c] += sum_{o,i} dy[o,c,i]";

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
