#pragma once

#include "framework/ops/conv2d.hpp"

namespace gridstride {

/// The largest element of every window.
///   y[n,c,p,q] = max_{r,s} x[n,c,p*sh-ph+r,q*sw-pw+s]
/// Shapes    x (N,C,H,W) -> y (N,C,P,Q), P = floor((H+2ph-R)/sh)+1
/// Gradient  dy goes to the place of the maximum, the first among equals; overwritten
/// Numerics  a NaN in the window is the maximum, as in PyTorch
/// Errors    std::invalid_argument "[max_pool2d] ..."
Tensor max_pool2d(const Tensor& x, Pair window, Pair stride, Pair padding = {0, 0});

}  // namespace gridstride
