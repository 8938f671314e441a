#pragma once

#include <cstdint>

/// How the register-tiled rungs bring a tile of op(A) or op(B) into shared memory.
namespace gridstride::gemm {

/// Floats behind each row of a tile: 4 k + i then falls into 32 different banks for the 8 k and 4 i that a
/// warp stores at once when k is contiguous in memory.
inline constexpr int kPad = 4;

// [load]
/// tile[l][i] = operand(i0 + i, l0 + l), and 0 beyond its edges. `i` counts the rows of op(A) or the columns
/// of op(B), `l` runs along the sums. kAlongSum says which of the two is contiguous in memory: neighbouring
/// threads follow it, so a warp reads whole sectors either way.
template <bool kAlongSum, int kThreads, int kDepth, int kWidth>
__device__ void load_tile(float (&tile)[kDepth][kWidth + kPad], const float* operand, int64_t i0, int64_t l0,
                          int64_t width, int64_t depth) {
  static_assert(kDepth * kWidth % kThreads == 0);
  for (int e = 0; e < kDepth * kWidth; e += kThreads) {
    const int at = e + static_cast<int>(threadIdx.x);
    const int i = kAlongSum ? at / kDepth : at % kWidth;
    const int l = kAlongSum ? at % kDepth : at / kWidth;
    const bool inside = i0 + i < width && l0 + l < depth;
    const int64_t from = kAlongSum ? (i0 + i) * depth + l0 + l : (l0 + l) * width + i0 + i;
    tile[l][i] = inside ? operand[from] : 0;
  }
}
// [load]

}  // namespace gridstride::gemm
