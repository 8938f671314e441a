#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

#include "kernels/core/cost.hpp"
#include "kernels/max_pool2d/shape.hpp"

namespace gridstride {

/// Gradient of max_pool2d: every window hands its gradient to the element that won it.
///   dx[n,c,h,w] = sum of dy[n,c,p,q] over the windows p,q that cover h,w and have argmax[n,c,p,q] = h*W+w
/// Shapes    dy (N,C,P,Q), argmax (N,C,P,Q) i32 as max_pool2d wrote it -> dx (N,C,H,W)
/// Strides   contiguous NCHW; dx must not alias an input
/// Gradient  dx overwritten
/// Numerics  fp32; the gather adds in reading order of p,q and is deterministic; the scatter is not where
///           windows overlap. An argmax outside its plane is never followed
/// Errors    std::invalid_argument "[max_pool2d_backward] ..."; CudaError from the launch
/// Cost      |dy| flop; 4*(2|dy|+|dx|) bytes
struct MaxPool2dBackward {
  struct Args {
    Pool2dShape shape;
    const float* dy = nullptr;
    const int32_t* argmax = nullptr;
    float* dx = nullptr;
  };

  static constexpr std::string_view kName = "max_pool2d_backward";
  static constexpr std::string_view kTitle = "dx[n,c,h,w] = sum of dy[n,c,p,q] where argmax[n,c,p,q] = h*W+w";

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
