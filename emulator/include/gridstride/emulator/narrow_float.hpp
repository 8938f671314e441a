/// Floating-point formats of at most 16 bits: encoding with every rounding mode, decoding, and the arithmetic
/// that `__half` and `__nv_bfloat16` share.
///
/// Sums, products, quotients and square roots are computed in float and rounded once more: float has more
/// than twice the digits of either format and two to spare, so the second rounding never shows.
#pragma once

#include <bit>
#include <cmath>
#include <cstdint>
#include <type_traits>

#include "gridstride/emulator/tracing.hpp"

namespace gridstride::emulator::detail {

enum class Rounding { Nearest, Zero, Up, Down };

template <int Exponent, int Mantissa>
struct NarrowFormat {
  static constexpr int kMantissaBits = Mantissa;
  static constexpr int kBias = (1 << (Exponent - 1)) - 1;
  static constexpr unsigned kSign = 1u << (Exponent + Mantissa);
  static constexpr unsigned kInfinity = ((1u << Exponent) - 1) << Mantissa;
  static constexpr unsigned kNan = kSign - 1;  // the one NaN that CUDA's conversions and arithmetic make
};

struct HalfFormat : NarrowFormat<5, 10> {
  using Wide = float;  // holds every product exactly
};
struct Bfloat16Format : NarrowFormat<8, 7> {
  using Wide = double;
};

/// The code of |value| as if exponents went on for ever: a carry out of the mantissa is the next exponent,
/// and what is beyond the format's largest number compares greater than its code. value is not NaN.
template <class Format>
constexpr std::uint64_t encode_magnitude(double value, Rounding rounding) {
  const std::uint64_t bits = std::bit_cast<std::uint64_t>(value);
  const bool negative = bits >> 63;
  const int biased = static_cast<int>(bits >> 52 & 0x7ff);
  const std::uint64_t significand = (bits & 0xf'ffff'ffff'ffff) | (biased ? 1ull << 52 : 0);

  const int exponent = (biased ? biased : 1) - 1023 + Format::kBias;  // 0 and less are subnormal
  int shift = 52 - Format::kMantissaBits + (exponent < 1 ? 1 - exponent : 0);
  if (shift > 54) shift = 54;  // nothing is left but a remainder below one half
  const std::uint64_t kept = significand >> shift;
  const std::uint64_t rest = significand & ((1ull << shift) - 1);
  const std::uint64_t half = 1ull << (shift - 1);

  bool away = false;
  if (rounding == Rounding::Nearest) away = rest > half || (rest == half && kept % 2 == 1);
  if (rounding == Rounding::Up) away = rest != 0 && !negative;
  if (rounding == Rounding::Down) away = rest != 0 && negative;
  const std::uint64_t binade = exponent > 1 ? static_cast<std::uint64_t>(exponent - 1) : 0;
  return (binade << Format::kMantissaBits) + kept + away;
}

template <class Format>
constexpr std::uint16_t encode(double value, Rounding rounding) {
  if (value != value) return Format::kNan;
  const std::uint64_t bits = std::bit_cast<std::uint64_t>(value);
  const unsigned sign = bits >> 63 ? Format::kSign : 0;
  std::uint64_t code = encode_magnitude<Format>(value, rounding);
  if (code >= Format::kInfinity) {
    const bool infinite = (bits & ~(1ull << 63)) == 0x7ffull << 52;
    const bool stays = rounding == Rounding::Zero || (rounding == Rounding::Up && sign) ||
                       (rounding == Rounding::Down && !sign);
    code = stays && !infinite ? Format::kInfinity - 1 : Format::kInfinity;
  }
  return static_cast<std::uint16_t>(sign | code);
}

/// An integer as a double that rounds to any narrow format as the integer would: bits that a double cannot
/// hold leave a one behind.
template <class Integer>
constexpr double to_odd_double(Integer value) {
  const bool negative = value < 0;
  std::uint64_t magnitude =
      negative ? 0 - static_cast<std::uint64_t>(value) : static_cast<std::uint64_t>(value);
  if (magnitude >> 53) magnitude = (magnitude >> 11 | ((magnitude & 0x7ff) != 0)) << 11;
  return negative ? -static_cast<double>(magnitude) : static_cast<double>(magnitude);
}

/// a + b as a float whose last bit is set if the sum is not exact: rounding that to a narrow format gives
/// what rounding the sum would.
template <class Wide>
constexpr float sum_to_odd(Wide a, Wide b) {
  const Wide sum = a + b;
  const Wide b_part = sum - a;
  const Wide error = (a - (sum - b_part)) + (b - b_part);
  const float result = static_cast<float>(sum);
  const Wide beyond = static_cast<Wide>(result) != sum ? sum - static_cast<Wide>(result) : error;
  std::uint32_t bits = std::bit_cast<std::uint32_t>(result);
  const bool even = bits % 2 == 0 && sum - sum == 0;  // infinities and NaN are what they are
  if (even && beyond != 0) bits += (beyond > 0) == (bits >> 31 == 0) ? 1u : ~0u;
  return std::bit_cast<float>(bits);
}

constexpr std::uint16_t half_bits(float value) {
  const std::uint32_t bits = std::bit_cast<std::uint32_t>(value);
  const std::uint32_t magnitude = bits & 0x7fff'ffffu;
  std::uint32_t code = (magnitude - (112u << 23) + 0xfff + (magnitude >> 13 & 1)) >> 13;
  if (magnitude < 113u << 23) {  // adding 1/2 rounds at the last bit of a subnormal half
    const float shifted = std::bit_cast<float>(magnitude) + 0.5f;
    code = std::bit_cast<std::uint32_t>(shifted) - std::bit_cast<std::uint32_t>(0.5f);
  }
  if (magnitude >= 0x477f'f000u) code = HalfFormat::kInfinity;
  if (magnitude > 0x7f80'0000u) return HalfFormat::kNan;
  return static_cast<std::uint16_t>((bits >> 16 & 0x8000u) | code);
}

constexpr float half_value(std::uint16_t bits) {
  const std::uint32_t magnitude = bits & 0x7fffu;
  if (magnitude > HalfFormat::kInfinity) return std::bit_cast<float>(0x7fff'ffffu);
  std::uint32_t result = (magnitude << 13) + (112u << 23);
  if (magnitude == HalfFormat::kInfinity) result += 112u << 23;
  if (magnitude < 0x400u) result = std::bit_cast<std::uint32_t>(static_cast<float>(magnitude) * 0x1p-24f);
  return std::bit_cast<float>(result | (bits & 0x8000u) << 16);
}

// Where the processor converts, it does: conversions are half of a kernel's dependent chain. The integer way
// is as exact, for constant expressions and other processors.
#if defined(__F16C__)
// Not _Float16: g++ turns comparisons of two such widened floats into calls of its library's half arithmetic.
using EightHalves [[gnu::vector_size(16)]] = short;
using FourFloats [[gnu::vector_size(16)]] = float;
#endif

constexpr std::uint16_t narrow(float value, HalfFormat) {
#if defined(__F16C__)
  if (!std::is_constant_evaluated()) {
    constexpr int kNearestEven = 0;
    const EightHalves half = __builtin_ia32_vcvtps2ph(FourFloats{value}, kNearestEven);
    const auto bits = static_cast<std::uint16_t>(half[0]);
    return value != value ? static_cast<std::uint16_t>(HalfFormat::kNan) : bits;
  }
#endif
  return half_bits(value);
}

constexpr float widen(std::uint16_t bits, HalfFormat) {
#if defined(__F16C__)
  if (!std::is_constant_evaluated()) {
    const float value = __builtin_ia32_vcvtph2ps(EightHalves{static_cast<short>(bits)})[0];
    return value != value ? std::bit_cast<float>(0x7fff'ffffu) : value;
  }
#endif
  return half_value(bits);
}

constexpr std::uint16_t narrow(float value, Bfloat16Format) {
  const std::uint32_t bits = std::bit_cast<std::uint32_t>(value);
  if (value != value) return Bfloat16Format::kNan;
  return static_cast<std::uint16_t>((bits + 0x7fff + (bits >> 16 & 1)) >> 16);
}

constexpr float widen(std::uint16_t bits, Bfloat16Format) {
  return std::bit_cast<float>(static_cast<std::uint32_t>(bits) << 16);
}

/// Truncates toward zero and saturates, as every conversion of CUDA to an integer does. NaN becomes zero, or
/// the highest bit alone where the source is a double or the result has 64 bits.
template <class Integer, class Float>
constexpr Integer saturating(Float x) {
  constexpr Integer kLowest = static_cast<Integer>(-1) < 0
                                  ? static_cast<Integer>(1ull << (8 * sizeof(Integer) - 1))
                                  : static_cast<Integer>(0);
  constexpr Integer kHighest = static_cast<Integer>(~kLowest);
  constexpr bool kWide = sizeof(Float) == 8 || sizeof(Integer) == 8;
  if (x != x)
    return kWide ? static_cast<Integer>(1ull << (8 * sizeof(Integer) - 1)) : static_cast<Integer>(0);
  if (x <= static_cast<Float>(kLowest)) return kLowest;
  if (x >= static_cast<Float>(kHighest)) return kHighest;
  return static_cast<Integer>(x);
}

template <Rounding R, class Float>
inline Float to_integral(Float x) {
  if constexpr (R == Rounding::Nearest) return std::nearbyint(x);
  if constexpr (R == Rounding::Zero) return x;  // what the conversion does anyhow
  if constexpr (R == Rounding::Up) return std::ceil(x);
  if constexpr (R == Rounding::Down) return std::floor(x);
}

/// What `__half` and `__nv_bfloat16` have in common: the implicit conversions from and to every number.
template <class Format, class Raw>
class NarrowFloat {
 public:
  unsigned short __x;  // open, so that memcpy into it is nobody's warning

  NarrowFloat() = default;
  constexpr NarrowFloat(const Raw& raw) : __x(raw.x) {}
  constexpr NarrowFloat(float x) : __x(narrow(x, Format{})) {}
  constexpr NarrowFloat(double x) : __x(encode<Format>(x, Rounding::Nearest)) {}
  constexpr NarrowFloat(short x) : NarrowFloat(static_cast<float>(x)) {}
  constexpr NarrowFloat(unsigned short x) : NarrowFloat(static_cast<float>(x)) {}
  constexpr NarrowFloat(int x) : NarrowFloat(static_cast<double>(x)) {}
  constexpr NarrowFloat(unsigned x) : NarrowFloat(static_cast<double>(x)) {}
  constexpr NarrowFloat(long x) : NarrowFloat(to_odd_double(x)) {}
  constexpr NarrowFloat(unsigned long x) : NarrowFloat(to_odd_double(x)) {}
  constexpr NarrowFloat(long long x) : NarrowFloat(to_odd_double(x)) {}
  constexpr NarrowFloat(unsigned long long x) : NarrowFloat(to_odd_double(x)) {}

  constexpr operator Raw() const { return Raw{__x}; }
  operator Raw() const volatile { return Raw{__x}; }
  constexpr operator float() const { return widen(__x, Format{}); }
  constexpr operator bool() const { return (__x & (Format::kSign - 1)) != 0; }
  constexpr operator char() const { return to<char>(); }
  constexpr operator signed char() const { return to<signed char>(); }
  constexpr operator unsigned char() const { return to<unsigned char>(); }
  constexpr operator short() const { return to<short>(); }
  constexpr operator unsigned short() const { return to<unsigned short>(); }
  constexpr operator int() const { return to<int>(); }
  constexpr operator unsigned() const { return to<unsigned>(); }
  constexpr operator long() const { return to<long>(); }
  constexpr operator unsigned long() const { return to<unsigned long>(); }
  constexpr operator long long() const { return to<long long>(); }
  constexpr operator unsigned long long() const { return to<unsigned long long>(); }

 private:
  template <class Integer>
  constexpr Integer to() const {
    return saturating<Integer>(widen(__x, Format{}));
  }
};

/// The functions behind CUDA's names for T, which is `__half` or `__nv_bfloat16`.
template <class T, class Format, class Raw>
struct NarrowOperations {
  static constexpr T from_bits(unsigned bits) { return Raw{static_cast<unsigned short>(bits)}; }
  static constexpr unsigned bits(T value) { return Raw(value).x; }
  static constexpr T rounded(double value, Rounding rounding) {
    return from_bits(encode<Format>(value, rounding));
  }
  static constexpr bool is_nan(T x) { return (bits(x) & (Format::kSign - 1)) > Format::kInfinity; }
  static constexpr int is_infinite(T x) {
    if ((bits(x) & (Format::kSign - 1)) != Format::kInfinity) return 0;
    return bits(x) & Format::kSign ? -1 : 1;
  }
  static constexpr T nan() { return from_bits(Format::kNan); }
  static constexpr T negated(T x) { return is_nan(x) ? nan() : from_bits(bits(x) ^ Format::kSign); }
  static constexpr T absolute(T x) { return is_nan(x) ? nan() : from_bits(bits(x) & ~Format::kSign); }
  static constexpr float fused(T a, T b, T c) {
    using Wide = typename Format::Wide;
    if (kIsTraced && !std::is_constant_evaluated()) gridstride_half_multiply_add();
    return sum_to_odd<Wide>(static_cast<Wide>(static_cast<float>(a)) * static_cast<float>(b),
                            static_cast<float>(c));
  }
  /// -0 is less than +0; a NaN loses against a number.
  static constexpr T larger(T a, T b) {
    if (is_nan(a)) return is_nan(b) ? nan() : b;
    if (is_nan(b)) return a;
    const float x = a, y = b;
    return x == y ? from_bits(bits(a) & bits(b)) : x > y ? a : b;
  }
  static constexpr T smaller(T a, T b) {
    if (is_nan(a)) return is_nan(b) ? nan() : b;
    if (is_nan(b)) return a;
    const float x = a, y = b;
    return x == y ? from_bits(bits(a) | bits(b)) : x < y ? a : b;
  }
  static constexpr float saturated(float x) { return x > 0.0f ? (x < 1.0f ? x : 1.0f) : 0.0f; }
  static constexpr float rectified(float x) { return x < 0.0f || x == 0.0f ? 0.0f : x; }
};

}  // namespace gridstride::emulator::detail
