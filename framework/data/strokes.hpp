#pragma once

#include <vector>

#include "framework/data/random.hpp"

namespace gridstride::data {

struct Point {
  float x, y;
};

/// One movement of the pen, as a line through points.
using Stroke = std::vector<Point>;

/// How a hand may write this digit: the strokes in the unit square, x to the right and y down, in one of the
/// styles in use (a 4 open or closed, a 7 with or without its bar), with proportions that vary.
std::vector<Stroke> write_digit(int digit, Random& random);

}  // namespace gridstride::data
