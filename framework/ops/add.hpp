#pragma once

#include "framework/tensor/tensor.hpp"

namespace gridstride {

/// y = a + b, element by element.
/// Shapes    a and b alike -> the same
/// Gradient  dy for both, passed on
/// Errors    std::invalid_argument "[add] ..."
Tensor add(const Tensor& a, const Tensor& b);

}  // namespace gridstride
