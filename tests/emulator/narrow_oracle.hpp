/// Rounding to a narrow format by definition: the format's values stand in a sorted table, and the nearest
/// one is looked up. Shares nothing with the emulator's conversions.
#pragma once

#include <algorithm>
#include <bit>
#include <cmath>
#include <cstdint>
#include <vector>

namespace gridstride::emulator {

class NarrowOracle {
 public:
  /// Formats with infinities; `largest` is the code of the greatest finite value.
  NarrowOracle(int exponent_bits, int mantissa_bits, unsigned largest)
      : sign_(1u << (exponent_bits + mantissa_bits)) {
    const int bias = (1 << (exponent_bits - 1)) - 1;
    for (unsigned code = 0; code <= largest + 1; ++code) {  // one more: what lies nearer to that overflows
      const int exponent = static_cast<int>(code >> mantissa_bits);
      const unsigned mantissa = code & ((1u << mantissa_bits) - 1);
      const unsigned hidden = exponent > 0 ? 1u << mantissa_bits : 0;
      values_.push_back(std::ldexp(static_cast<long double>(hidden | mantissa),
                                   std::max(exponent, 1) - bias - mantissa_bits));
    }
  }

  unsigned overflow() const { return static_cast<unsigned>(values_.size()) - 1; }
  long double value(unsigned code) const {
    const long double magnitude = values_[code & (sign_ - 1)];
    return code & sign_ ? -magnitude : magnitude;
  }

  /// Each for a finite x + error, the error too small to be seen in x.
  unsigned nearest(long double x, long double error = 0) const {
    const Bracket b = bracket(x);
    if (b.high == b.low) return b.sign | b.low;
    const long double up = values_[b.high] - std::fabs(x), down = std::fabs(x) - values_[b.low];
    if (up == down && error != 0) return b.sign | ((error > 0) == (x > 0) ? b.high : b.low);
    if (up == down) return b.sign | (b.low % 2 == 0 ? b.low : b.high);
    return b.sign | (up < down ? b.high : b.low);
  }
  unsigned toward_zero(long double x) const {
    const Bracket b = bracket(x);
    return b.sign | std::min(b.low, overflow() - 1);
  }
  unsigned upward(long double x) const { return std::signbit(x) ? toward_zero(x) : away(x); }
  unsigned downward(long double x) const { return std::signbit(x) ? away(x) : toward_zero(x); }

 private:
  struct Bracket {
    unsigned sign, low, high;
  };
  Bracket bracket(long double x) const {
    const auto high = std::lower_bound(values_.begin(), values_.end(), std::fabs(x));
    const unsigned sign = std::signbit(x) ? sign_ : 0;
    if (high == values_.end()) return {sign, overflow(), overflow()};
    const auto code = static_cast<unsigned>(high - values_.begin());
    return {sign, *high == std::fabs(x) ? code : code - 1, code};
  }
  unsigned away(long double x) const {
    const Bracket b = bracket(x);
    return b.sign | b.high;
  }

  unsigned sign_;
  std::vector<long double> values_;
};

/// Calls f for every value of the format, every midpoint and the floats beside both, then for a stride
/// through all floats.
template <class F>
void for_telling_floats(const NarrowOracle& oracle, F f) {
  const auto with_neighbours = [&](long double x) {
    for (const float sign : {1.0f, -1.0f}) {
      const float value = sign * static_cast<float>(x);
      f(value);
      f(std::nextafter(value, -INFINITY));
      f(std::nextafter(value, INFINITY));
    }
  };
  for (unsigned code = 0; code <= oracle.overflow(); ++code) {
    with_neighbours(oracle.value(code));
    if (code > 0) with_neighbours((oracle.value(code) + oracle.value(code - 1)) / 2);
  }
  for (std::uint64_t bits = 0; bits < 1ull << 32; bits += 65'521) {
    f(std::bit_cast<float>(static_cast<std::uint32_t>(bits)));
  }
}

}  // namespace gridstride::emulator
