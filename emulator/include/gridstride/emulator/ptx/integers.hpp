/// Integer arithmetic, alone and with the carry flag. Sums and products wrap, so they are made of unsigned
/// numbers.
#pragma once

#include <limits>

#include "gridstride/emulator/ptx/floats.hpp"
#include "gridstride/emulator/ptx/types.hpp"

namespace gridstride::emulator::ptx {

__extension__ using Wide128 = __int128;
__extension__ using UnsignedWide128 = unsigned __int128;

template <class T>
constexpr bool kSigned = std::is_signed_v<T>;

/// The type with twice the bits.
template <class T>
using Wide = std::conditional_t<sizeof(T) == 2, std::conditional_t<kSigned<T>, s32, u32>,
                                std::conditional_t<sizeof(T) == 4, std::conditional_t<kSigned<T>, s64, u64>,
                                                   std::conditional_t<kSigned<T>, Wide128, UnsignedWide128>>>;

template <Integral T>
constexpr Wide<T> product(T a, T b) {
  return static_cast<Wide<T>>(a) * static_cast<Wide<T>>(b);
}

template <Integral T, Mod M = Mod::none>
constexpr T add(T a, T b) {
  if constexpr (has(M, Mod::sat)) {
    T sum;
    if (!__builtin_add_overflow(a, b, &sum)) return sum;
    return kSigned<T> && b < 0 ? std::numeric_limits<T>::min() : std::numeric_limits<T>::max();
  }
  return static_cast<T>(static_cast<u64>(a) + static_cast<u64>(b));
}
template <Integral T, Mod M = Mod::none>
constexpr T sub(T a, T b) {
  if constexpr (has(M, Mod::sat)) {
    T difference;
    if (!__builtin_sub_overflow(a, b, &difference)) return difference;
    return kSigned<T> && b < 0 ? std::numeric_limits<T>::max() : std::numeric_limits<T>::min();
  }
  return static_cast<T>(static_cast<u64>(a) - static_cast<u64>(b));
}
template <Integral T>
constexpr T mul_lo(T a, T b) {
  return static_cast<T>(static_cast<u64>(a) * static_cast<u64>(b));
}
template <Integral T>
constexpr T mul_hi(T a, T b) {
  return static_cast<T>(product<T>(a, b) >> (8 * sizeof(T)));
}
template <Integral T>
constexpr Wide<T> mul_wide(T a, T b) {
  return product<T>(a, b);
}
template <Integral T>
constexpr T mad_lo(T a, T b, T c) {
  return add<T>(mul_lo<T>(a, b), c);
}
template <Integral T>
constexpr T mad_hi(T a, T b, T c) {
  return add<T>(mul_hi<T>(a, b), c);
}
template <Integral T>
constexpr Wide<T> mad_wide(T a, T b, Wide<T> c) {
  return add<Wide<T>>(product<T>(a, b), c);
}

/// Of the low 24 bits the product's low 32 bits, and its high ones.
template <Integral T>
constexpr s64 product24(T a, T b) {
  const auto low24 = [](T x) { return static_cast<s64>(static_cast<T>(static_cast<u32>(x) << 8) >> 8); };
  return low24(a) * low24(b);
}
template <Integral T>
constexpr T mul24_lo(T a, T b) {
  return static_cast<T>(product24<T>(a, b));
}
template <Integral T>
constexpr T mul24_hi(T a, T b) {
  return static_cast<T>(product24<T>(a, b) >> 16);
}
template <Integral T>
constexpr T mad24_lo(T a, T b, T c) {
  return add<T>(mul24_lo<T>(a, b), c);
}

/// The manual leaves division by zero open; here it is all ones, with the dividend as the rest, and no trap.
template <Integral T>
constexpr T div(T a, T b) {
  if (b == 0) return static_cast<T>(~T{0});
  if (kSigned<T> && b == static_cast<T>(-1)) return sub<T>(0, a);
  return static_cast<T>(a / b);
}
template <Integral T>
constexpr T rem(T a, T b) {
  if (b == 0) return a;
  return kSigned<T> && b == static_cast<T>(-1) ? T{0} : static_cast<T>(a % b);
}
template <Integral T>
constexpr T sad(T a, T b, T c) {
  return add<T>(c, a < b ? sub<T>(b, a) : sub<T>(a, b));
}
template <Integral T>
constexpr T neg(T a) {
  return sub<T>(0, a);
}
template <Integral T>
constexpr T abs(T a) {
  return a < 0 ? neg<T>(a) : a;
}
template <Integral T>
constexpr T min(T a, T b) {
  return b < a ? b : a;
}
template <Integral T>
constexpr T max(T a, T b) {
  return a < b ? b : a;
}

/// a + b + in, and what goes beyond its bits; out may be in.
template <Integral T>
constexpr T add_with_carry(bool& out, T a, T b, bool in) {
  using U = std::make_unsigned_t<T>;
  const U partial = static_cast<U>(static_cast<U>(a) + static_cast<U>(b));
  const U sum = static_cast<U>(partial + in);
  out = partial < static_cast<U>(a) || sum < partial;
  return static_cast<T>(sum);
}
/// The same with a borrow, which is 1 where the difference is below zero.
template <Integral T>
constexpr T sub_with_borrow(bool& out, T a, T b, bool in) {
  using U = std::make_unsigned_t<T>;
  const U partial = static_cast<U>(static_cast<U>(a) - static_cast<U>(b));
  out = static_cast<U>(a) < static_cast<U>(b) || partial < static_cast<U>(in);
  return static_cast<T>(partial - in);
}

template <Integral T>
constexpr T add_cc(bool& carry, T a, T b) {
  return add_with_carry<T>(carry, a, b, false);
}
template <Integral T>
constexpr T addc_cc(bool& carry, T a, T b) {
  return add_with_carry<T>(carry, a, b, carry);
}
template <Integral T>
constexpr T addc(bool carry, T a, T b) {
  return add_with_carry<T>(carry, a, b, carry);
}
template <Integral T>
constexpr T sub_cc(bool& carry, T a, T b) {
  return sub_with_borrow<T>(carry, a, b, false);
}
template <Integral T>
constexpr T subc_cc(bool& carry, T a, T b) {
  return sub_with_borrow<T>(carry, a, b, carry);
}
template <Integral T>
constexpr T subc(bool carry, T a, T b) {
  return sub_with_borrow<T>(carry, a, b, carry);
}

#define GRIDSTRIDE_PTX_MAD_CARRY(HALF)                              \
  template <Integral T>                                             \
  constexpr T mad_##HALF##_cc(bool& carry, T a, T b, T c) {         \
    return add_with_carry<T>(carry, mul_##HALF<T>(a, b), c, false); \
  }                                                                 \
  template <Integral T>                                             \
  constexpr T madc_##HALF##_cc(bool& carry, T a, T b, T c) {        \
    return add_with_carry<T>(carry, mul_##HALF<T>(a, b), c, carry); \
  }                                                                 \
  template <Integral T>                                             \
  constexpr T madc_##HALF(bool carry, T a, T b, T c) {              \
    return add_with_carry<T>(carry, mul_##HALF<T>(a, b), c, carry); \
  }
GRIDSTRIDE_PTX_MAD_CARRY(lo)
GRIDSTRIDE_PTX_MAD_CARRY(hi)
#undef GRIDSTRIDE_PTX_MAD_CARRY

}  // namespace gridstride::emulator::ptx
