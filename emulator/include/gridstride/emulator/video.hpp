/// Arithmetic on the two halfwords or four bytes of a word, dot products of bytes, and three-operand minima.
#pragma once

#include <bit>
#include <cstdint>
#include <limits>

#include "gridstride/emulator/integers.hpp"
#include "gridstride/emulator/vectors.hpp"

namespace gridstride::emulator::detail {

/// f of every lane's values; of the result what fits in a lane.
template <class Lane, class F, class... Words>
constexpr unsigned per_lane(F f, Words... words) {
  constexpr int kBits = 8 * sizeof(Lane);
  unsigned result = 0;
  for (int at = 0; at < 32; at += kBits) {
    const int value = f(static_cast<int>(static_cast<Lane>(words >> at))...);
    result |= static_cast<unsigned>(value & ((1 << kBits) - 1)) << at;
  }
  return result;
}

template <class Lane>
constexpr int clamp_to(int x) {
  constexpr int kLow = std::numeric_limits<Lane>::min(), kHigh = std::numeric_limits<Lane>::max();
  return x < kLow ? kLow : x > kHigh ? kHigh : x;
}

constexpr int distance(int x, int y) { return x < y ? y - x : x - y; }

template <class Lane>
constexpr unsigned sum_of_distances(unsigned a, unsigned b) {
  unsigned sum = 0;
  for (int at = 0; at < 32; at += 8 * static_cast<int>(sizeof(Lane))) {
    sum += static_cast<unsigned>(distance(static_cast<Lane>(a >> at), static_cast<Lane>(b >> at)));
  }
  return sum;
}

}  // namespace gridstride::emulator::detail

// Each for halfwords (2) and bytes (4), x and y one lane's values, Lane their type.
#define GRIDSTRIDE_LANES1(NAME, LANE, ...)                                                     \
  constexpr unsigned NAME(unsigned a) {                                                        \
    using Lane = LANE;                                                                         \
    return gridstride::emulator::detail::per_lane<Lane>([](int x) { return __VA_ARGS__; }, a); \
  }
#define GRIDSTRIDE_LANES2(NAME, LANE, ...)                                                               \
  constexpr unsigned NAME(unsigned a, unsigned b) {                                                      \
    using Lane = LANE;                                                                                   \
    return gridstride::emulator::detail::per_lane<Lane>([](int x, int y) { return __VA_ARGS__; }, a, b); \
  }
#define GRIDSTRIDE_UNARY(NAME, ...)                     \
  GRIDSTRIDE_LANES1(NAME##2, std::int16_t, __VA_ARGS__) \
  GRIDSTRIDE_LANES1(NAME##4, std::int8_t, __VA_ARGS__)
#define GRIDSTRIDE_SIGNED(NAME, ...)                    \
  GRIDSTRIDE_LANES2(NAME##2, std::int16_t, __VA_ARGS__) \
  GRIDSTRIDE_LANES2(NAME##4, std::int8_t, __VA_ARGS__)
#define GRIDSTRIDE_UNSIGNED(NAME, ...)                   \
  GRIDSTRIDE_LANES2(NAME##2, std::uint16_t, __VA_ARGS__) \
  GRIDSTRIDE_LANES2(NAME##4, std::uint8_t, __VA_ARGS__)
#define GRIDSTRIDE_RELATION(NAME, OP)                   \
  GRIDSTRIDE_SIGNED(__vcmp##NAME##s, x OP y ? -1 : 0)   \
  GRIDSTRIDE_UNSIGNED(__vcmp##NAME##u, x OP y ? -1 : 0) \
  GRIDSTRIDE_SIGNED(__vset##NAME##s, x OP y)            \
  GRIDSTRIDE_UNSIGNED(__vset##NAME##u, x OP y)

GRIDSTRIDE_UNARY(__vabs, x < 0 ? -x : x)
GRIDSTRIDE_UNARY(__vabsss, gridstride::emulator::detail::clamp_to<Lane>(x < 0 ? -x : x))
GRIDSTRIDE_UNARY(__vneg, -x)
GRIDSTRIDE_UNARY(__vnegss, gridstride::emulator::detail::clamp_to<Lane>(-x))
GRIDSTRIDE_UNSIGNED(__vadd, x + y)
GRIDSTRIDE_SIGNED(__vaddss, gridstride::emulator::detail::clamp_to<Lane>(x + y))
GRIDSTRIDE_UNSIGNED(__vaddus, gridstride::emulator::detail::clamp_to<Lane>(x + y))
GRIDSTRIDE_UNSIGNED(__vsub, x - y)
GRIDSTRIDE_SIGNED(__vsubss, gridstride::emulator::detail::clamp_to<Lane>(x - y))
GRIDSTRIDE_UNSIGNED(__vsubus, gridstride::emulator::detail::clamp_to<Lane>(x - y))
GRIDSTRIDE_SIGNED(__vabsdiffs, gridstride::emulator::detail::distance(x, y))
GRIDSTRIDE_UNSIGNED(__vabsdiffu, gridstride::emulator::detail::distance(x, y))
GRIDSTRIDE_SIGNED(__vavgs, (x + y + (x + y >= 0)) >> 1)  // ties away from zero
GRIDSTRIDE_UNSIGNED(__vavgu, (x + y + 1) >> 1)
GRIDSTRIDE_UNSIGNED(__vhaddu, (x + y) >> 1)
GRIDSTRIDE_SIGNED(__vmaxs, x > y ? x : y)
GRIDSTRIDE_UNSIGNED(__vmaxu, x > y ? x : y)
GRIDSTRIDE_SIGNED(__vmins, x < y ? x : y)
GRIDSTRIDE_UNSIGNED(__vminu, x < y ? x : y)
GRIDSTRIDE_UNSIGNED(__vcmpeq, x == y ? -1 : 0)
GRIDSTRIDE_UNSIGNED(__vcmpne, x != y ? -1 : 0)
GRIDSTRIDE_UNSIGNED(__vseteq, x == y)
GRIDSTRIDE_UNSIGNED(__vsetne, x != y)
GRIDSTRIDE_RELATION(ge, >=)
GRIDSTRIDE_RELATION(gt, >)
GRIDSTRIDE_RELATION(le, <=)
GRIDSTRIDE_RELATION(lt, <)

constexpr unsigned __vsads2(unsigned a, unsigned b) {
  return gridstride::emulator::detail::sum_of_distances<std::int16_t>(a, b);
}
constexpr unsigned __vsads4(unsigned a, unsigned b) {
  return gridstride::emulator::detail::sum_of_distances<std::int8_t>(a, b);
}
constexpr unsigned __vsadu2(unsigned a, unsigned b) {
  return gridstride::emulator::detail::sum_of_distances<std::uint16_t>(a, b);
}
constexpr unsigned __vsadu4(unsigned a, unsigned b) {
  return gridstride::emulator::detail::sum_of_distances<std::uint8_t>(a, b);
}

#undef GRIDSTRIDE_RELATION
#undef GRIDSTRIDE_UNSIGNED
#undef GRIDSTRIDE_SIGNED
#undef GRIDSTRIDE_UNARY
#undef GRIDSTRIDE_LANES2
#undef GRIDSTRIDE_LANES1

// [three operands] `_relu` is never below zero. A sum wraps before it is compared.
#define GRIDSTRIDE_EXTREMUM(MINMAX, OP)                                                                     \
  constexpr int __vi##MINMAX##3_s32(int a, int b, int c) { return MINMAX(MINMAX(a, b), c); }                \
  constexpr unsigned __vi##MINMAX##3_u32(unsigned a, unsigned b, unsigned c) {                              \
    return MINMAX(MINMAX(a, b), c);                                                                         \
  }                                                                                                         \
  constexpr int __vi##MINMAX##3_s32_relu(int a, int b, int c) { return max(MINMAX(MINMAX(a, b), c), 0); }   \
  constexpr int __vi##MINMAX##_s32_relu(int a, int b) { return max(MINMAX(a, b), 0); }                      \
  constexpr int __viadd##MINMAX##_s32(int a, int b, int c) {                                                \
    return MINMAX(static_cast<int>(static_cast<unsigned>(a) + static_cast<unsigned>(b)), c);                \
  }                                                                                                         \
  constexpr unsigned __viadd##MINMAX##_u32(unsigned a, unsigned b, unsigned c) { return MINMAX(a + b, c); } \
  constexpr int __viadd##MINMAX##_s32_relu(int a, int b, int c) {                                           \
    return max(__viadd##MINMAX##_s32(a, b, c), 0);                                                          \
  }                                                                                                         \
  constexpr int __vib##MINMAX##_s32(int a, int b, bool* first) {                                            \
    *first = a OP b;                                                                                        \
    return MINMAX(a, b);                                                                                    \
  }                                                                                                         \
  constexpr unsigned __vib##MINMAX##_u32(unsigned a, unsigned b, bool* first) {                             \
    *first = a OP b;                                                                                        \
    return MINMAX(a, b);                                                                                    \
  }                                                                                                         \
  GRIDSTRIDE_EXTREMUM_16X2(MINMAX, OP, s, std::int16_t)                                                     \
  GRIDSTRIDE_EXTREMUM_16X2(MINMAX, OP, u, std::uint16_t)                                                    \
  constexpr unsigned __vi##MINMAX##3_s16x2_relu(unsigned a, unsigned b, unsigned c) {                       \
    return __vmaxs2(__vi##MINMAX##3_s16x2(a, b, c), 0);                                                     \
  }                                                                                                         \
  constexpr unsigned __vi##MINMAX##_s16x2_relu(unsigned a, unsigned b) {                                    \
    return __vmaxs2(__v##MINMAX##s2(a, b), 0);                                                              \
  }                                                                                                         \
  constexpr unsigned __viadd##MINMAX##_s16x2_relu(unsigned a, unsigned b, unsigned c) {                     \
    return __vmaxs2(__viadd##MINMAX##_s16x2(a, b, c), 0);                                                   \
  }
#define GRIDSTRIDE_EXTREMUM_16X2(MINMAX, OP, SIGN, LANE)                                           \
  constexpr unsigned __vi##MINMAX##3_##SIGN##16x2(unsigned a, unsigned b, unsigned c) {            \
    return __v##MINMAX##SIGN##2(__v##MINMAX##SIGN##2(a, b), c);                                    \
  }                                                                                                \
  constexpr unsigned __viadd##MINMAX##_##SIGN##16x2(unsigned a, unsigned b, unsigned c) {          \
    return __v##MINMAX##SIGN##2(__vadd2(a, b), c);                                                 \
  }                                                                                                \
  constexpr unsigned __vib##MINMAX##_##SIGN##16x2(unsigned a, unsigned b, bool* high, bool* low) { \
    *low = static_cast<LANE>(a) OP static_cast<LANE>(b);                                           \
    *high = static_cast<LANE>(a >> 16) OP static_cast<LANE>(b >> 16);                              \
    return __v##MINMAX##SIGN##2(a, b);                                                             \
  }
GRIDSTRIDE_EXTREMUM(max, >=)
GRIDSTRIDE_EXTREMUM(min, <=)
#undef GRIDSTRIDE_EXTREMUM_16X2
#undef GRIDSTRIDE_EXTREMUM

// [dot products] Of four bytes with four bytes, or of two halfwords with the low or high two of four bytes.
// Sums wrap.
#define GRIDSTRIDE_DOT(T, BYTE4, SHORT2)                                                                    \
  constexpr T __dp4a(BYTE4 a, BYTE4 b, T c) {                                                               \
    const T dot = static_cast<T>(a.x * b.x + a.y * b.y + a.z * b.z + a.w * b.w);                            \
    return static_cast<T>(static_cast<unsigned>(c) + static_cast<unsigned>(dot));                           \
  }                                                                                                         \
  constexpr T __dp2a_lo(SHORT2 a, BYTE4 b, T c) {                                                           \
    return static_cast<T>(static_cast<unsigned>(c) + static_cast<unsigned>(a.x * b.x + a.y * b.y));         \
  }                                                                                                         \
  constexpr T __dp2a_hi(SHORT2 a, BYTE4 b, T c) { return __dp2a_lo(a, BYTE4{b.z, b.w, 0, 0}, c); }          \
  constexpr T __dp4a(T a, T b, T c) { return __dp4a(std::bit_cast<BYTE4>(a), std::bit_cast<BYTE4>(b), c); } \
  constexpr T __dp2a_lo(T a, T b, T c) {                                                                    \
    return __dp2a_lo(std::bit_cast<SHORT2>(a), std::bit_cast<BYTE4>(b), c);                                 \
  }                                                                                                         \
  constexpr T __dp2a_hi(T a, T b, T c) {                                                                    \
    return __dp2a_hi(std::bit_cast<SHORT2>(a), std::bit_cast<BYTE4>(b), c);                                 \
  }
GRIDSTRIDE_DOT(int, char4, short2)
GRIDSTRIDE_DOT(unsigned, uchar4, ushort2)
#undef GRIDSTRIDE_DOT
