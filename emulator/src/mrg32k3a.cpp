/// Jumps of MRG32k3a: powers of its two transition matrices.
#include "gridstride/emulator/random/mrg32k3a.hpp"

#include <array>

namespace gridstride::emulator {
namespace {

using Vector = std::array<unsigned long long, 3>;
using Matrix = std::array<Vector, 3>;

constexpr unsigned kPowers = 64 + curandStateMRG32k3a::kLog2Sequence;
using Powers = std::array<Matrix, kPowers>;

constexpr Vector image(const Matrix& matrix, const Vector& v, unsigned long long modulus) {
  Vector out{};
  for (int row = 0; row < 3; ++row) {
    for (int i = 0; i < 3; ++i) out[row] = (out[row] + matrix[row][i] * v[i] % modulus) % modulus;
  }
  return out;
}

constexpr Matrix squared(const Matrix& m, unsigned long long modulus) {
  Matrix out{};
  for (int column = 0; column < 3; ++column) {
    const Vector moved = image(m, {m[0][column], m[1][column], m[2][column]}, modulus);
    for (int row = 0; row < 3; ++row) out[row][column] = moved[row];
  }
  return out;
}

/// The step's matrix to the power of 2^k for every k.
constexpr Powers powers(const Matrix& step, unsigned long long modulus) {
  Powers all{step};
  for (unsigned k = 1; k < kPowers; ++k) all[k] = squared(all[k - 1], modulus);
  return all;
}

using detail::kMrgModulus1;
using detail::kMrgModulus2;

constexpr Matrix kStep1{{{0, 1, 0}, {0, 0, 1}, {kMrgModulus1 - 810728, 1403580, 0}}};
constexpr Matrix kStep2{{{0, 1, 0}, {0, 0, 1}, {kMrgModulus2 - 1370589, 0, 527612}}};
constexpr Powers kPowers1 = powers(kStep1, kMrgModulus1);
constexpr Powers kPowers2 = powers(kStep2, kMrgModulus2);

void jump(unsigned (&s)[3], const Powers& all, unsigned long long modulus, unsigned long long count,
          unsigned log2_stride) {
  Vector v{s[0], s[1], s[2]};
  for (unsigned k = log2_stride; count != 0; ++k, count >>= 1) {
    if (count & 1) v = image(all[k], v, modulus);
  }
  for (int i = 0; i < 3; ++i) s[i] = static_cast<unsigned>(v[i]);
}

}  // namespace

void detail::mrg32k3a_jump(unsigned (&s1)[3], unsigned (&s2)[3], unsigned long long count,
                           unsigned log2_stride) {
  jump(s1, kPowers1, kMrgModulus1, count, log2_stride);
  jump(s2, kPowers2, kMrgModulus2, count, log2_stride);
}

}  // namespace gridstride::emulator
