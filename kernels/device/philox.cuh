// Random numbers without a state: Philox is a keyed bijection of a counter, so thread i computes number i.
#pragma once

#include <cuda_runtime.h>

#include <cstdint>

namespace gridstride {

/// Philox4x32-10: ten rounds of multiply, swap and add-key over four words.
/// Source: Salmon et al., Parallel random numbers: as easy as 1, 2, 3, SC 2011.
__device__ __forceinline__ uint4 philox(uint4 counter, uint2 key) {
  for (int round = 0; round < 10; ++round) {
    const uint64_t product0 = uint64_t{0xD2511F53} * counter.x;
    const uint64_t product1 = uint64_t{0xCD9E8D57} * counter.z;
    counter = make_uint4(
        static_cast<uint32_t>(product1 >> 32) ^ counter.y ^ key.x, static_cast<uint32_t>(product1),
        static_cast<uint32_t>(product0 >> 32) ^ counter.w ^ key.y, static_cast<uint32_t>(product0));
    key.x += 0x9E3779B9;
    key.y += 0xBB67AE85;
  }
  return counter;
}

/// The four words of stream (seed, offset) at position `index`.
__device__ __forceinline__ uint4 philox_at(int64_t seed, int64_t offset, int64_t index) {
  const auto low = [](int64_t x) { return static_cast<uint32_t>(x); };
  const auto high = [](int64_t x) { return static_cast<uint32_t>(static_cast<uint64_t>(x) >> 32); };
  return philox(make_uint4(low(index), high(index), low(offset), high(offset)),
                make_uint2(low(seed), high(seed)));
}

/// The upper 24 bits as a float in [0, 1): each value is exact.
__device__ __forceinline__ float unit_float(uint32_t word) {
  return static_cast<float>(word >> 8) * 0x1p-24f;
}

}  // namespace gridstride
