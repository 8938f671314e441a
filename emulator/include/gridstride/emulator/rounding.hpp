/// Arithmetic and conversions toward zero, up and down: the processor's own instruction, under that rounding
/// mode. Round-to-nearest twins are in math.hpp.
#pragma once

#include <math.h>

#include <type_traits>

#include "gridstride/emulator/narrow_float.hpp"

#if !defined(__x86_64__)
#include <cfenv>
#endif

namespace gridstride::emulator::detail {

/// Keeps the compiler from computing with `value` before, or moving it behind, this point.
template <class T>
inline void pin(T& value) {
#if defined(__x86_64__)
  if constexpr (std::is_floating_point_v<T>) {
    asm volatile("" : "+x"(value) : : "memory");
    return;
  }
#endif
  asm volatile("" : "+m"(value) : : "memory");
}

template <Rounding R>
class RoundingScope {
 public:
#if defined(__x86_64__)
  RoundingScope() {
    constexpr unsigned kMode = R == Rounding::Down   ? 0x2000
                               : R == Rounding::Up   ? 0x4000
                               : R == Rounding::Zero ? 0x6000
                                                     : 0;
    asm volatile("stmxcsr %0" : "=m"(saved_));
    const unsigned wanted = (saved_ & ~0x6000u) | kMode;
    asm volatile("ldmxcsr %0" : : "m"(wanted) : "memory");
  }
  ~RoundingScope() { asm volatile("ldmxcsr %0" : : "m"(saved_) : "memory"); }
#else
  RoundingScope() : saved_(static_cast<unsigned>(std::fegetround())) {
    std::fesetround(R == Rounding::Down   ? FE_DOWNWARD
                    : R == Rounding::Up   ? FE_UPWARD
                    : R == Rounding::Zero ? FE_TOWARDZERO
                                          : FE_TONEAREST);
  }
  ~RoundingScope() { std::fesetround(static_cast<int>(saved_)); }
#endif
  RoundingScope(const RoundingScope&) = delete;
  RoundingScope& operator=(const RoundingScope&) = delete;

 private:
  unsigned saved_;
};

template <Rounding R, class F, class... T>
inline auto rounding(F operation, T... operands) {
  const RoundingScope<R> scope;
  (pin(operands), ...);
  auto result = operation(operands...);
  pin(result);
  return result;
}

/// The integer with its lowest bits gathered in one, so that it can be doubled after a signed conversion.
template <Rounding R, class Float>
inline Float rounded_unsigned(unsigned long long x) {
  const bool halved = x >> 63;
  const auto operand = static_cast<long long>(halved ? x >> 1 | (x & 1) : x);
  return rounding<R>([](long long v) { return static_cast<Float>(v); }, operand) * (halved ? 2 : 1);
}

}  // namespace gridstride::emulator::detail

#define GRIDSTRIDE_MODES(DEFINE, ...) \
  DEFINE(_rz, Zero, __VA_ARGS__)      \
  DEFINE(_ru, Up, __VA_ARGS__)        \
  DEFINE(_rd, Down, __VA_ARGS__)

#define GRIDSTRIDE_ROUND1(MODE, R, NAME, TO, FROM, ...)                                   \
  inline TO NAME##MODE(FROM x) {                                                          \
    using namespace gridstride::emulator::detail;                                         \
    return rounding<Rounding::R>([](FROM a) { return static_cast<TO>(__VA_ARGS__); }, x); \
  }
#define GRIDSTRIDE_ROUND2(MODE, R, NAME, T, OP)                          \
  inline T NAME##MODE(T x, T y) {                                        \
    using namespace gridstride::emulator::detail;                        \
    return rounding<Rounding::R>([](T a, T b) { return a OP b; }, x, y); \
  }
#define GRIDSTRIDE_ROUND3(MODE, R, NAME, T, FMA)                                       \
  inline T NAME##MODE(T x, T y, T z) {                                                 \
    using namespace gridstride::emulator::detail;                                      \
    return rounding<Rounding::R>([](T a, T b, T c) { return FMA(a, b, c); }, x, y, z); \
  }

GRIDSTRIDE_MODES(GRIDSTRIDE_ROUND2, __fadd, float, +)
GRIDSTRIDE_MODES(GRIDSTRIDE_ROUND2, __fsub, float, -)
GRIDSTRIDE_MODES(GRIDSTRIDE_ROUND2, __fmul, float, *)
GRIDSTRIDE_MODES(GRIDSTRIDE_ROUND2, __fdiv, float, /)
GRIDSTRIDE_MODES(GRIDSTRIDE_ROUND3, __fmaf, float, fmaf)
GRIDSTRIDE_MODES(GRIDSTRIDE_ROUND3, __fmaf_ieee, float, fmaf)
GRIDSTRIDE_MODES(GRIDSTRIDE_ROUND1, __frcp, float, float, 1.0f / a)
GRIDSTRIDE_MODES(GRIDSTRIDE_ROUND1, __fsqrt, float, float, sqrtf(a))
GRIDSTRIDE_MODES(GRIDSTRIDE_ROUND2, __dadd, double, +)
GRIDSTRIDE_MODES(GRIDSTRIDE_ROUND2, __dsub, double, -)
GRIDSTRIDE_MODES(GRIDSTRIDE_ROUND2, __dmul, double, *)
GRIDSTRIDE_MODES(GRIDSTRIDE_ROUND2, __ddiv, double, /)
GRIDSTRIDE_MODES(GRIDSTRIDE_ROUND3, __fma, double, fma)
GRIDSTRIDE_MODES(GRIDSTRIDE_ROUND1, __drcp, double, double, 1.0 / a)
GRIDSTRIDE_MODES(GRIDSTRIDE_ROUND1, __dsqrt, double, double, sqrt(a))

GRIDSTRIDE_MODES(GRIDSTRIDE_ROUND1, __double2float, float, double, a)
GRIDSTRIDE_MODES(GRIDSTRIDE_ROUND1, __int2float, float, int, a)
GRIDSTRIDE_MODES(GRIDSTRIDE_ROUND1, __ll2float, float, long long, a)
GRIDSTRIDE_MODES(GRIDSTRIDE_ROUND1, __ll2double, double, long long, a)

#define GRIDSTRIDE_ROUND_UNSIGNED(MODE, R, NAME, TO, FROM)                                                   \
  inline TO NAME##MODE(FROM x) {                                                                             \
    return gridstride::emulator::detail::rounded_unsigned<gridstride::emulator::detail::Rounding::R, TO>(x); \
  }
GRIDSTRIDE_MODES(GRIDSTRIDE_ROUND_UNSIGNED, __uint2float, float, unsigned)
GRIDSTRIDE_MODES(GRIDSTRIDE_ROUND_UNSIGNED, __ull2float, float, unsigned long long)
GRIDSTRIDE_MODES(GRIDSTRIDE_ROUND_UNSIGNED, __ull2double, double, unsigned long long)

#undef GRIDSTRIDE_ROUND_UNSIGNED
#undef GRIDSTRIDE_ROUND3
#undef GRIDSTRIDE_ROUND2
#undef GRIDSTRIDE_ROUND1
#undef GRIDSTRIDE_MODES
