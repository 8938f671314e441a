#pragma once

#include <algorithm>
#include <cstdint>

#include "kernels/core/error.hpp"

namespace gridstride {

constexpr int64_t ceil_div(int64_t a, int64_t b) { return (a + b - 1) / b; }

/// The largest grid.x a launch may name.
inline constexpr int64_t kMaxGridX = 2147483647;
inline constexpr int64_t kMaxGridY = 65535;

/// Blocks for one thread per element, at most the grid's limit: pair it with a grid-stride loop.
inline unsigned grid_1d(int64_t elems, int64_t per_block, int64_t most = kMaxGridX) {
  return static_cast<unsigned>(std::clamp<int64_t>(ceil_div(elems, per_block), 1, most));
}

}  // namespace gridstride
