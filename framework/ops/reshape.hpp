#pragma once

#include "framework/tensor/tensor.hpp"

namespace gridstride {

/// The same elements in the same order and storage, in another shape. One extent may be -1: what is left.
/// Gradient  dx = dy in x's shape, nothing is copied
/// Errors    std::invalid_argument "[reshape] ..."
Tensor reshape(const Tensor& x, Shape shape);

/// Make one axis of all axes from `start` on: (N,C,H,W) becomes (N, C*H*W).
/// Errors    std::invalid_argument "[flatten] ..."
Tensor flatten(const Tensor& x, int64_t start = 1);

}  // namespace gridstride
