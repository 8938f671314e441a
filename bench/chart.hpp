#pragma once

#include <string>

#include "bench/ladder.hpp"

namespace gridstride::bench {

/// A ladder as a bar chart in SVG that follows the reader's light or dark colours: one bar per rung, as long
/// as its arithmetic or its bandwidth, whichever bounds this problem.
std::string draw_chart(const Ladder& ladder, const std::string& where);

}  // namespace gridstride::bench
