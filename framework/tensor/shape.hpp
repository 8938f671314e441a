#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace gridstride {

/// Extents, outermost first. The empty shape is a scalar: one element.
using Shape = std::vector<int64_t>;

/// Number of elements. Throws std::invalid_argument for a negative extent or a product beyond 2^63.
int64_t numel(const Shape& shape);

/// "(64, 1, 28, 28)", "()" for a scalar.
std::string to_string(const Shape& shape);

}  // namespace gridstride
