#pragma once

#include <array>

#include "framework/tensor/tensor.hpp"

namespace gridstride {

/// Rows, columns.
using Pair = std::array<int64_t, 2>;

/// Cross-correlate images with filters (deep-learning "convolution").
///   y[n,k,p,q] = b[k] + sum_{c,r,s} x[n,c,p*sh-ph+r,q*sw-pw+s] * w[k,c,r,s]
/// Shapes    x (N,C,H,W), w (K,C,R,S), b (K) or undefined -> y (N,K,P,Q), P = floor((H+2ph-R)/sh)+1
/// Gradient  dx overwritten; dw and db accumulated
/// Errors    std::invalid_argument "[conv2d] ..."
Tensor conv2d(const Tensor& x, const Tensor& w, const Tensor& b, Pair stride = {1, 1}, Pair padding = {0, 0});

}  // namespace gridstride
