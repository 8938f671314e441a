#pragma once

#include <cstdint>

#include "kernels/core/error.hpp"

namespace gridstride {

constexpr int64_t ceil_div(int64_t a, int64_t b) { return (a + b - 1) / b; }

/// The largest grid.x a launch may name.
inline constexpr int64_t kMaxGridX = 2147483647;
inline constexpr int64_t kMaxGridY = 65535;

/// Blocks for one thread per element, at most the grid's limit: pair it with a grid-stride loop.
inline unsigned grid_1d(int64_t elems, int64_t per_block, int64_t most = kMaxGridX) {
  const int64_t blocks = ceil_div(elems, per_block);
  return static_cast<unsigned>(blocks < 1 ? 1 : blocks < most ? blocks : most);
}

}  // namespace gridstride
