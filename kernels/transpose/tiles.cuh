// A matrix in tiles of 32 x 32, one for each block, numbered along the rows.
#pragma once

#include <string>

#include "kernels/core/launch.hpp"
#include "kernels/transpose/transpose.hpp"

namespace gridstride::transpose {

inline constexpr int kTile = 32;

/// The first row and column of the block's tile. One number counts the tiles: a grid has 65,535 rows of
/// blocks at most, a matrix may have more.
struct Corner {
  int64_t row, col;
};
__device__ inline Corner corner_of_block(int64_t n) {
  const auto across = static_cast<unsigned>((n + kTile - 1) / kTile);
  return {static_cast<int64_t>(blockIdx.x / across) * kTile,
          static_cast<int64_t>(blockIdx.x % across) * kTile};
}

inline int64_t tile_count(const Transpose::Args& args) {
  return ceil_div(args.m, kTile) * ceil_div(args.n, kTile);
}

/// Every variant's `unsupported`.
inline std::string too_many_tiles(const Transpose::Args& args) {
  const int64_t tiles = tile_count(args);
  if (tiles <= kMaxGridX) return "";
  return "wants " + std::to_string(tiles) + " blocks, a grid has " + std::to_string(kMaxGridX) + " at most";
}

}  // namespace gridstride::transpose
