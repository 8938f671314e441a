#pragma once

#include "kernels/core/device.hpp"

namespace gridstride {

class Schema;

/// What an operation cannot do without: arithmetic, and the bytes that must cross the memory bus once.
struct Cost {
  double flops = 0;
  double bytes = 0;
};

/// |x - ref| <= abs + rel * |ref|, for every element. Integer operands must be equal.
struct Tolerance {
  double abs = 0;
  double rel = 0;
};

}  // namespace gridstride
