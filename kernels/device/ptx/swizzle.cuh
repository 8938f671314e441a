// Where tensor copies and wgmma put 16-byte pieces of a tile, so that a column's pieces lie in different
// banks.
#pragma once

#include <cuda_runtime.h>

#include <cstdint>

namespace gridstride::ptx {

/// The address at which a swizzled layout holds what a plain one has at `address`. Both are addresses in
/// shared memory: the pattern, 8 rows of kSpan bytes, is tied to multiples of its own size, so tiles are best
/// aligned to 8 * kSpan. kSpan is 32, 64 or 128; 16 leaves every piece in place. Source: PTX ISA, Tensor
/// Swizzling Modes
template <uint32_t kSpan>
__host__ __device__ constexpr uint32_t swizzled(uint32_t address) {
  static_assert(kSpan == 16 || kSpan == 32 || kSpan == 64 || kSpan == 128,
                "spans are 16, 32, 64 and 128 bytes");
  constexpr uint32_t kPieces = kSpan / 16;
  return address ^ (address / 128 % kPieces) * 16;
}

}  // namespace gridstride::ptx
