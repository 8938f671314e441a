/// Jumps of the XORWOW register: a step is linear over single bits, so 2^k steps are one 160 x 160 matrix.
#include "gridstride/emulator/random/xorwow.hpp"

#include <array>
#include <memory>

namespace gridstride::emulator {
namespace {

using Register = std::array<unsigned, 5>;

/// Where each single bit of the register goes.
using BitMatrix = std::array<Register, 160>;

constexpr unsigned kPowers = 64 + curandStateXORWOW::kLog2Sequence;
using Powers = std::array<BitMatrix, kPowers>;

Register image(const BitMatrix& matrix, const Register& bits) {
  Register out{};
  for (unsigned i = 0; i < 160; ++i) {
    const unsigned chosen = 0u - (bits[i / 32] >> i % 32 & 1);
    for (int word = 0; word < 5; ++word) out[word] ^= matrix[i][word] & chosen;
  }
  return out;
}

/// The step's matrix to the power of 2^k for every k, made when the first jump needs it.
const Powers& powers() {
  static const auto kAll = [] {
    auto all = std::make_unique<Powers>();
    for (unsigned i = 0; i < 160; ++i) {
      unsigned v[5] = {};
      v[i / 32] = 1u << i % 32;
      detail::xorwow_step(v);
      (*all)[0][i] = std::to_array(v);
    }
    for (unsigned k = 1; k < kPowers; ++k) {
      for (unsigned i = 0; i < 160; ++i) (*all)[k][i] = image((*all)[k - 1], (*all)[k - 1][i]);
    }
    return all;
  }();
  return *kAll;
}

}  // namespace

void detail::xorwow_jump(unsigned (&v)[5], unsigned long long count, unsigned log2_stride) {
  if (count == 0) return;
  Register bits = std::to_array(v);
  for (unsigned k = log2_stride; count != 0; ++k, count >>= 1) {
    if (count & 1) bits = image(powers()[k], bits);
  }
  for (int word = 0; word < 5; ++word) v[word] = bits[word];
}

}  // namespace gridstride::emulator
