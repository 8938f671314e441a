#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

#include "kernels/conv2d/shape.hpp"
#include "kernels/core/cost.hpp"

namespace gridstride {

/// Gradient of conv2d with respect to its data.
///   dx[n,c,h,w] = sum_{k,r,s} dy[n,k,p,q] * w[k,c,r,s] where p*sh-ph+r = h and q*sw-pw+s = w
/// Shapes    dy (N,K,P,Q), w (K,C,R,S) -> dx (N,C,H,W)
/// Strides   contiguous NCHW; dx must not alias an input
/// Gradient  dx overwritten; pixels that no window touched get 0
/// Numerics  fp32 accumulation; deterministic
/// Errors    std::invalid_argument "[conv2d_dgrad] ..."; CudaError from the launch
/// Cost      2*N*K*P*Q*C*R*S flop; 4*(|dy|+|w|+|dx|) bytes at least
struct Conv2dDgrad {
  struct Args {
    Conv2dShape shape;
    const float* dy = nullptr;
    const float* w = nullptr;
    float* dx = nullptr;
  };

  static constexpr std::string_view kName = "conv2d_dgrad";
  static constexpr std::string_view kTitle = "dx[n,c,h,w] = sum_{k,r,s} dy[n,k,p,q] w[k,c,r,s]";

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
