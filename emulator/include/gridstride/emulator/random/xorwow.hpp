/// XORWOW, cuRAND's default: a shift register of 160 bits plus a Weyl sequence.
/// Source: Marsaglia, Xorshift RNGs, Journal of Statistical Software 8 (14), 2003.
#pragma once

#include "gridstride/emulator/random/distributions.hpp"

namespace gridstride::emulator::detail {

inline void xorwow_step(unsigned (&v)[5]) {
  const unsigned t = v[0] ^ v[0] >> 2;
  const unsigned last = v[4];
  for (int i = 0; i < 4; ++i) v[i] = v[i + 1];
  v[4] = last ^ last << 4 ^ t ^ t << 1;
}

/// Moves the register on by count * 2^log2_stride steps.
void xorwow_jump(unsigned (&v)[5], unsigned long long count, unsigned log2_stride);

}  // namespace gridstride::emulator::detail

struct curandStateXORWOW {
  static constexpr unsigned kLog2Sequence = 67;  // subsequences begin 2^67 steps apart
  static constexpr unsigned kWeyl = 362437;

  unsigned d, v[5];
  gridstride::emulator::detail::SpareNormal spare;

  /// cuRAND's salts and multipliers for the halves of the seed, on Marsaglia's own initial values.
  void start(unsigned long long seed, unsigned long long subsequence, unsigned long long offset) {
    const unsigned low = (static_cast<unsigned>(seed) ^ 0xaad26b49u) * 1099087573u;
    const unsigned high = (static_cast<unsigned>(seed >> 32) ^ 0xf7dcefddu) * 2591861531u;
    *this = {6615241u + high + low,
             {123456789u + low, 362436069u ^ low, 521288629u + high, 88675123u ^ high, 5783321u + low},
             {}};
    skip_sequences(subsequence);
    skip(offset);
  }

  void skip(unsigned long long count) {
    gridstride::emulator::detail::xorwow_jump(v, count, 0);
    d += kWeyl * static_cast<unsigned>(count);
  }
  /// The Weyl sequence has a period of 2^32: it is where it was.
  void skip_sequences(unsigned long long count) {
    gridstride::emulator::detail::xorwow_jump(v, count, kLog2Sequence);
  }

  unsigned next() {
    gridstride::emulator::detail::xorwow_step(v);
    d += kWeyl;
    return v[4] + d;
  }

  float uniform() { return gridstride::emulator::detail::unit_float(next()); }
  double uniform_double() {
    const unsigned low = next();
    return gridstride::emulator::detail::unit_double(low, next());
  }
  float2 normal2() {
    const unsigned first = next();
    return gridstride::emulator::detail::normal_pair(first, next());
  }
  double2 normal2_double() {
    const uint4 words{next(), next(), next(), next()};  // braces keep the order
    return gridstride::emulator::detail::normal_pair(words);
  }
};
typedef struct curandStateXORWOW curandStateXORWOW_t;
typedef struct curandStateXORWOW curandState_t;
typedef struct curandStateXORWOW curandState;
