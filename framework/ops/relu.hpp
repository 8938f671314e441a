#pragma once

#include "framework/tensor/tensor.hpp"

namespace gridstride {

/// Rectify: y = max(x, 0), NaN stays NaN.
/// Shapes    any -> the same
/// Gradient  dx = dy where y > 0, else 0; overwritten
Tensor relu(const Tensor& x);

}  // namespace gridstride
