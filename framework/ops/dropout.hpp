#pragma once

#include "framework/tensor/generator.hpp"
#include "framework/tensor/tensor.hpp"

namespace gridstride {

/// Zero each element with probability p and scale the rest by 1/(1-p), so that the mean stays.
/// Shapes    any -> the same
/// Gradient  the same mask and scale on dy: it is drawn again, not stored; overwritten
/// Random    takes one offset of `generator`
/// Errors    std::invalid_argument "[dropout] ..." unless 0 <= p <= 1
Tensor dropout(const Tensor& x, float p, Generator& generator = default_generator());

}  // namespace gridstride
