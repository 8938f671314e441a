#pragma once

#include "framework/tensor/tensor.hpp"

namespace gridstride {

/// Affine map of rows.
///   y[n,o] = b[o] + sum_i x[n,i] * w[o,i]
/// Shapes    x (N,I), w (O,I), b (O) or undefined -> y (N,O)
/// Gradient  dx = dy w overwritten; dw = dy^T x and db = sum_n dy accumulated
/// Errors    std::invalid_argument "[linear] ..."
Tensor linear(const Tensor& x, const Tensor& w, const Tensor& b);

}  // namespace gridstride
