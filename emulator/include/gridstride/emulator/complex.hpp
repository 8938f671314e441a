/// Complex numbers as float2 and double2, x the real part. Absolute values and quotients scale, so that they
/// overflow only where the result does.
#pragma once

#include <math.h>

#include "gridstride/emulator/vectors.hpp"

typedef float2 cuFloatComplex;
typedef double2 cuDoubleComplex;
typedef cuFloatComplex cuComplex;

#define GRIDSTRIDE_COMPLEX(F, COMPLEX, T)                                              \
  constexpr T cuCreal##F(COMPLEX z) { return z.x; }                                    \
  constexpr T cuCimag##F(COMPLEX z) { return z.y; }                                    \
  constexpr COMPLEX cuConj##F(COMPLEX z) { return {z.x, -z.y}; }                       \
  constexpr COMPLEX cuCadd##F(COMPLEX a, COMPLEX b) { return {a.x + b.x, a.y + b.y}; } \
  constexpr COMPLEX cuCsub##F(COMPLEX a, COMPLEX b) { return {a.x - b.x, a.y - b.y}; } \
  constexpr COMPLEX cuCmul##F(COMPLEX a, COMPLEX b) {                                  \
    return {a.x * b.x - a.y * b.y, a.x * b.y + a.y * b.x};                             \
  }                                                                                    \
  constexpr COMPLEX cuCfma##F(COMPLEX a, COMPLEX b, COMPLEX c) {                       \
    return {a.x * b.x + c.x - a.y * b.y, a.x * b.y + c.y + a.y * b.x};                 \
  }                                                                                    \
  inline COMPLEX cuCdiv##F(COMPLEX a, COMPLEX b) {                                     \
    const T scale = 1 / (fabs##F(b.x) + fabs##F(b.y));                                 \
    const COMPLEX p = {a.x * scale, a.y * scale}, q = {b.x * scale, b.y * scale};      \
    const T whole = 1 / (q.x * q.x + q.y * q.y);                                       \
    return {(p.x * q.x + p.y * q.y) * whole, (p.y * q.x - p.x * q.y) * whole};         \
  }                                                                                    \
  inline T cuCabs##F(COMPLEX z) { return hypot##F(z.x, z.y); }
GRIDSTRIDE_COMPLEX(f, cuFloatComplex, float)
GRIDSTRIDE_COMPLEX(, cuDoubleComplex, double)
#undef GRIDSTRIDE_COMPLEX

constexpr cuFloatComplex make_cuFloatComplex(float x, float y) { return {x, y}; }
constexpr cuDoubleComplex make_cuDoubleComplex(double x, double y) { return {x, y}; }
constexpr cuComplex make_cuComplex(float x, float y) { return {x, y}; }
constexpr cuDoubleComplex cuComplexFloatToDouble(cuFloatComplex z) { return {z.x, z.y}; }
constexpr cuFloatComplex cuComplexDoubleToFloat(cuDoubleComplex z) {
  return {static_cast<float>(z.x), static_cast<float>(z.y)};
}
