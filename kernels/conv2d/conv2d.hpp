#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

#include "kernels/conv2d/shape.hpp"
#include "kernels/core/cost.hpp"
#include "kernels/core/epilogue.hpp"

namespace gridstride {

/// Cross-correlate x with w (deep-learning "convolution").
///   y[n,k,p,q] = epilogue(sum_{c,r,s} x[n,c,p*sh-ph+r,q*sw-pw+s] * w[k,c,r,s]), x = 0 outside the image
///   epilogue: none v; bias v + bias[k]; bias_relu max(v + bias[k], 0)
/// Shapes    x (N,C,H,W), w (K,C,R,S), bias (K) unless the epilogue is none -> y (N,K,P,Q),
///           P = floor((H+2ph-R)/sh)+1 >= 1, Q = floor((W+2pw-S)/sw)+1 >= 1
/// Strides   contiguous NCHW; y must not alias an input
/// Gradient  conv2d_dgrad (dx overwritten), conv2d_wgrad and bias_grad (dw, db accumulated)
/// Numerics  fp32 accumulation; deterministic; a NaN passes through the ReLU
/// Errors    std::invalid_argument "[conv2d] ..."; CudaError from the launch
/// Cost      2*N*K*P*Q*C*R*S flop; 4*(|x|+|w|+|y|) bytes at least
/// Source    Chetlur et al., "cuDNN: Efficient Primitives for Deep Learning" (2014) for the implicit GEMM
struct Conv2d {
  struct Args {
    Conv2dShape shape;
    Epilogue epilogue = Epilogue::none;
    const float* x = nullptr;
    const float* w = nullptr;
    const float* bias = nullptr;
    float* y = nullptr;
  };

  static constexpr std::string_view kName = "conv2d";
  static constexpr std::string_view kTitle = "y[n,k,p,q] = sum_{c,r,s} x[n,c,p*sh-ph+r,q*sw-pw+s] w[k,c,r,s]";

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
