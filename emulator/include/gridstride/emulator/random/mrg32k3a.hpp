/// MRG32k3a: the difference of two recurrences of order three.
/// Source: L'Ecuyer, Good parameters and implementations for combined multiple recursive random number
/// generators, Operations Research 47 (1), 1999.
#pragma once

#include "gridstride/emulator/random/distributions.hpp"

namespace gridstride::emulator::detail {

inline constexpr unsigned long long kMrgModulus1 = 4294967087u;
inline constexpr unsigned long long kMrgModulus2 = 4294944443u;

/// Moves both recurrences on by count * 2^log2_stride steps.
void mrg32k3a_jump(unsigned (&s1)[3], unsigned (&s2)[3], unsigned long long count, unsigned log2_stride);

}  // namespace gridstride::emulator::detail

struct curandStateMRG32k3a {
  static constexpr unsigned kLog2Subsequence = 76;
  static constexpr unsigned kLog2Sequence = 127;

  unsigned s1[3], s2[3];
  gridstride::emulator::detail::SpareNormal spare;

  void start(unsigned long long seed, unsigned long long subsequence, unsigned long long offset) {
    using namespace gridstride::emulator::detail;
    constexpr unsigned long long kStart = 12345;
    const unsigned long long low = seed == 0 ? 1 : static_cast<unsigned>(seed) ^ 0x55555555u;
    const unsigned long long high = seed == 0 ? 1 : static_cast<unsigned>(seed >> 32) ^ 0xAAAAAAAAu;
    for (int i = 0; i < 3; ++i) {
      s1[i] = static_cast<unsigned>((i == 1 ? high : low) * kStart % kMrgModulus1);
      s2[i] = static_cast<unsigned>((i == 1 ? low : high) * kStart % kMrgModulus2);
    }
    spare = {};
    skip_subsequences(subsequence);
    skip(offset);
  }

  void skip(unsigned long long count) { jump(count, 0); }
  void skip_subsequences(unsigned long long count) { jump(count, kLog2Subsequence); }
  void skip_sequences(unsigned long long count) { jump(count, kLog2Sequence); }

  /// From 1 to the first modulus.
  unsigned long long step() {
    using namespace gridstride::emulator::detail;
    const auto first = (1403580ull * s1[1] + 810728ull * (kMrgModulus1 - s1[0])) % kMrgModulus1;
    const auto second = (527612ull * s2[2] + 1370589ull * (kMrgModulus2 - s2[0])) % kMrgModulus2;
    for (int i = 0; i < 2; ++i) s1[i] = s1[i + 1], s2[i] = s2[i + 1];
    s1[2] = static_cast<unsigned>(first);
    s2[2] = static_cast<unsigned>(second);
    return first <= second ? first + kMrgModulus1 - second : first - second;
  }

  /// cuRAND stretches the range to 32 bits.
  unsigned next() { return static_cast<unsigned>(static_cast<double>(step()) * 1.000000048662); }
  float uniform() { return static_cast<float>(uniform_double()); }
  double uniform_double() { return static_cast<double>(step()) * 2.3283065498378288e-10; }
  float2 normal2() {
    const float first = uniform();
    return gridstride::emulator::detail::box_muller(first, uniform() * 6.2831855f);
  }
  double2 normal2_double() {
    const double first = uniform_double();
    return gridstride::emulator::detail::box_muller(first, uniform_double() * 2.0);
  }

 private:
  void jump(unsigned long long count, unsigned log2_stride) {
    gridstride::emulator::detail::mrg32k3a_jump(s1, s2, count, log2_stride);
  }
};
typedef struct curandStateMRG32k3a curandStateMRG32k3a_t;
