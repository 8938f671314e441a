/// CUDA's mathematical functions where they go beyond <math.h>. The fast `__` versions are the accurate
/// ones here: their documented error bounds allow that.
#pragma once

#include <math.h>

#include <cmath>

#include "gridstride/emulator/integers.hpp"
#include "gridstride/emulator/narrow_float.hpp"
#include "gridstride/emulator/rounding.hpp"
#include "gridstride/emulator/special_functions.hpp"

namespace gridstride::emulator::detail {

/// The value itself, kept from being fused into a multiply-add.
template <class T>
inline T rounded(T value) {
#if defined(__GNUC__) && !defined(__clang__)
  return __builtin_assoc_barrier(value);
#else
  return value;
#endif
}

}  // namespace gridstride::emulator::detail

// IEEE 754's minimum and maximum: a NaN loses against a number. The library's are calls into libm, which
// cost a kernel its vectorization; gnu_inline replaces the call and leaves the library's symbol alone.
#define GRIDSTRIDE_FLOAT_MIN_MAX(T, FMIN, FMAX)                                        \
  extern inline __attribute__((gnu_inline, always_inline)) T FMIN(T a, T b) noexcept { \
    return a < b || b != b ? a : b;                                                    \
  }                                                                                    \
  extern inline __attribute__((gnu_inline, always_inline)) T FMAX(T a, T b) noexcept { \
    return a > b || b != b ? a : b;                                                    \
  }

extern "C" {
GRIDSTRIDE_FLOAT_MIN_MAX(float, fminf, fmaxf)
GRIDSTRIDE_FLOAT_MIN_MAX(double, fmin, fmax)
}

#undef GRIDSTRIDE_FLOAT_MIN_MAX

inline float min(float a, float b) { return fminf(a, b); }
inline float max(float a, float b) { return fmaxf(a, b); }
inline double min(double a, double b) { return fmin(a, b); }
inline double max(double a, double b) { return fmax(a, b); }
inline double min(float a, double b) { return fmin(static_cast<double>(a), b); }
inline double max(float a, double b) { return fmax(static_cast<double>(a), b); }
inline double min(double a, float b) { return fmin(a, static_cast<double>(b)); }
inline double max(double a, float b) { return fmax(a, static_cast<double>(b)); }

inline float rsqrtf(float x) { return 1.0f / sqrtf(x); }
inline double rsqrt(double x) { return 1.0 / sqrt(x); }
inline float rsqrt(float x) { return rsqrtf(x); }
inline float fdividef(float x, float y) { return x / y; }
inline float fdivide(float x, float y) { return x / y; }
inline double fdivide(double x, double y) { return x / y; }

// Exact at multiples of one half, as CUDA documents: the argument is reduced before pi enters.
inline double sinpi(double x) {
  const double r = fmod(fabs(x), 2.0);
  const double part = r < 0.5 ? sin(M_PI * r) : r <= 1.5 ? sin(M_PI * (1.0 - r)) : -sin(M_PI * (2.0 - r));
  return copysign(1.0, x) * part;
}
inline double cospi(double x) {
  const double r = fmod(fabs(x), 2.0);
  return r <= 0.25 || r >= 1.75 ? cos(M_PI * r) : sin(M_PI * (r <= 1.0 ? 0.5 - r : r - 1.5));
}
inline float sinpif(float x) { return static_cast<float>(sinpi(x)); }
inline float cospif(float x) { return static_cast<float>(cospi(x)); }
inline void sincospi(double x, double* s, double* c) { *s = sinpi(x), *c = cospi(x); }
inline void sincospif(float x, float* s, float* c) { *s = sinpif(x), *c = cospif(x); }

// C++ overloads for float of what the C library has for double only.
inline float sinpi(float x) { return sinpif(x); }
inline float cospi(float x) { return cospif(x); }
inline void sincospi(float x, float* s, float* c) { sincospif(x, s, c); }
inline void sincos(float x, float* s, float* c) { *s = sinf(x), *c = cosf(x); }
inline float exp10(float x) { return exp10f(x); }
inline float j0(float x) { return j0f(x); }
inline float j1(float x) { return j1f(x); }
inline float jn(int n, float x) { return jnf(n, x); }
inline float y0(float x) { return y0f(x); }
inline float y1(float x) { return y1f(x); }
inline float yn(int n, float x) { return ynf(n, x); }

inline float __saturatef(float x) { return x > 0.0f ? (x < 1.0f ? x : 1.0f) : 0.0f; }
inline float __fdividef(float x, float y) { return x / y; }
inline float __expf(float x) { return expf(x); }
inline float __exp10f(float x) { return exp10f(x); }
inline float __logf(float x) { return logf(x); }
inline float __log2f(float x) { return log2f(x); }
inline float __log10f(float x) { return log10f(x); }
inline float __powf(float x, float y) { return powf(x, y); }
inline float __sinf(float x) { return sinf(x); }
inline float __cosf(float x) { return cosf(x); }
inline float __tanf(float x) { return tanf(x); }
inline float __tanhf(float x) { return tanhf(x); }
inline void __sincosf(float x, float* s, float* c) { *s = sinf(x), *c = cosf(x); }

inline float __fadd_rn(float a, float b) { return gridstride::emulator::detail::rounded(a + b); }
inline float __fsub_rn(float a, float b) { return gridstride::emulator::detail::rounded(a - b); }
inline float __fmul_rn(float a, float b) { return gridstride::emulator::detail::rounded(a * b); }
inline float __fdiv_rn(float a, float b) { return a / b; }
inline float __frcp_rn(float a) { return 1.0f / a; }
inline float __fsqrt_rn(float a) { return sqrtf(a); }
inline float __frsqrt_rn(float a) { return static_cast<float>(1.0 / sqrt(static_cast<double>(a))); }
inline float __fmaf_rn(float a, float b, float c) { return fmaf(a, b, c); }
inline float __fmaf_ieee_rn(float a, float b, float c) { return fmaf(a, b, c); }
inline double __dadd_rn(double a, double b) { return gridstride::emulator::detail::rounded(a + b); }
inline double __dsub_rn(double a, double b) { return gridstride::emulator::detail::rounded(a - b); }
inline double __dmul_rn(double a, double b) { return gridstride::emulator::detail::rounded(a * b); }
inline double __ddiv_rn(double a, double b) { return a / b; }
inline double __drcp_rn(double a) { return 1.0 / a; }
inline double __dsqrt_rn(double a) { return sqrt(a); }
inline double __fma_rn(double a, double b, double c) { return fma(a, b, c); }

// Conversions: _rn to nearest even, _rz toward zero, _ru up, _rd down.
#define GRIDSTRIDE_CONVERT_MODE(NAME, TO, FROM, MODE)      \
  inline TO NAME(FROM x) {                                 \
    using namespace gridstride::emulator::detail;          \
    return saturating<TO>(to_integral<Rounding::MODE>(x)); \
  }
#define GRIDSTRIDE_CONVERT(NAME, TO, FROM)              \
  GRIDSTRIDE_CONVERT_MODE(NAME##_rn, TO, FROM, Nearest) \
  GRIDSTRIDE_CONVERT_MODE(NAME##_rz, TO, FROM, Zero)    \
  GRIDSTRIDE_CONVERT_MODE(NAME##_ru, TO, FROM, Up)      \
  GRIDSTRIDE_CONVERT_MODE(NAME##_rd, TO, FROM, Down)

GRIDSTRIDE_CONVERT(__float2int, int, float)
GRIDSTRIDE_CONVERT(__float2uint, unsigned, float)
GRIDSTRIDE_CONVERT(__float2ll, long long, float)
GRIDSTRIDE_CONVERT(__float2ull, unsigned long long, float)
GRIDSTRIDE_CONVERT(__double2int, int, double)
GRIDSTRIDE_CONVERT(__double2uint, unsigned, double)
GRIDSTRIDE_CONVERT(__double2ll, long long, double)
GRIDSTRIDE_CONVERT(__double2ull, unsigned long long, double)

#undef GRIDSTRIDE_CONVERT
#undef GRIDSTRIDE_CONVERT_MODE

inline float __int2float_rn(int x) { return static_cast<float>(x); }
inline float __uint2float_rn(unsigned x) { return static_cast<float>(x); }
inline float __ll2float_rn(long long x) { return static_cast<float>(x); }
inline float __ull2float_rn(unsigned long long x) { return static_cast<float>(x); }
inline double __int2double_rn(int x) { return x; }
inline double __uint2double_rn(unsigned x) { return x; }
inline double __ll2double_rn(long long x) { return static_cast<double>(x); }
inline double __ull2double_rn(unsigned long long x) { return static_cast<double>(x); }
inline float __double2float_rn(double x) { return static_cast<float>(x); }
