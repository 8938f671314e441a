#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

#include "kernels/core/cost.hpp"
#include "kernels/max_pool2d/shape.hpp"

namespace gridstride {

/// The largest element of every window, and where it was.
///   y[n,c,p,q] = max_{r,s} x[n,c,p*sh-ph+r,q*sw-pw+s]; positions outside the image do not take part
///   argmax[n,c,p,q] = h*W+w of that element in its plane
/// Shapes    x (N,C,H,W) -> y (N,C,P,Q), argmax (N,C,P,Q) i32;
///           P = floor((H+2ph-R)/sh)+1 >= 1, Q = floor((W+2pw-S)/sw)+1 >= 1, ph < R, pw < S; H*W and P*Q <
///           2^31
/// Strides   contiguous NCHW; y and argmax must not alias x
/// Gradient  max_pool2d_backward, from argmax alone
/// Numerics  exact; of equal elements the first in reading order wins; a NaN wins over every number and the
///           last NaN of a window over the others, as in PyTorch
/// Peers     none: cuDNN's pooling does not tell where the largest element was
/// Errors    std::invalid_argument "[max_pool2d] ..."; CudaError from the launch
/// Cost      N*C*P*Q*R*S flop; 4*(|x|+2|y|) bytes
struct MaxPool2d {
  struct Args {
    Pool2dShape shape;
    const float* x = nullptr;
    float* y = nullptr;
    int32_t* argmax = nullptr;
  };

  static constexpr std::string_view kName = "max_pool2d";
  static constexpr std::string_view kTitle = "y[n,c,p,q] = max_{r,s} x[n,c,p*sh-ph+r,q*sw-pw+s]";

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
