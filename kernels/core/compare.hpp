#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "kernels/core/operation.hpp"

namespace gridstride {

/// The element that is farthest outside its bound.
struct Mismatch {
  int64_t index = 0;
  double value = 0, reference = 0, bound = 0;
  int64_t count = 0;  ///< how many elements are outside
  std::string describe(const std::string& operand) const;
};

/// Compare `elems` values with the truth. An element passes only if |x - ref| <= bound holds, so a NaN never
/// does, unless the reference itself is NaN or the same infinity. Integers must be equal.
std::optional<Mismatch> compare(Dtype dtype, const void* value, const void* reference, int64_t elems,
                                Tolerance tolerance);

}  // namespace gridstride
