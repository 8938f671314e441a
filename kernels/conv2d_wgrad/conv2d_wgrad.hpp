#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

#include "kernels/conv2d/shape.hpp"
#include "kernels/core/cost.hpp"

namespace gridstride {

/// Gradient of conv2d with respect to its filters.
///   dw[k,c,r,s] += sum_{n,p,q} dy[n,k,p,q] * x[n,c,p*sh-ph+r,q*sw-pw+s], x = 0 outside the image
/// Shapes    x (N,C,H,W), dy (N,K,P,Q) -> dw (K,C,R,S)
/// Strides   contiguous NCHW; dw must not alias an input
/// Gradient  dw accumulated
/// Numerics  fp32 accumulation; deterministic
/// Errors    std::invalid_argument "[conv2d_wgrad] ..."; CudaError from the launch
/// Cost      2*N*K*P*Q*C*R*S flop; 4*(|x|+|dy|+2|dw|) bytes at least
struct Conv2dWgrad {
  struct Args {
    Conv2dShape shape;
    const float* x = nullptr;
    const float* dy = nullptr;
    float* dw = nullptr;
  };

  static constexpr std::string_view kName = "conv2d_wgrad";
  static constexpr std::string_view kTitle =
      "dw[k,c,r,s] += sum_{n,p,q} dy[n,k,p,q] x[n,c,p*sh-ph+r,q*sw-pw+s]";

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
