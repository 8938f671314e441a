/// The mathematical functions of CUDA that no C library has. Computed with digits to spare (float's in
/// double, double's in long double) and rounded once at the end.
#pragma once

#include <math.h>

#include <limits>

namespace gridstride::emulator::detail {

/// x with erfc(x) = q for 0 < q <= 1: a guess good to some percent, then Halley's steps, each of which
/// triples the correct digits.
template <class Real>
inline Real inverse_erfc_right(Real q) {
  if (q == Real(1)) return 0;
  constexpr Real kTwoOverSqrtPi = Real(1.128379167095512573896158903121545172L);
  Real x;
  if (q > Real(0.3)) {
    const Real p = 1 - q;
    x = p / kTwoOverSqrtPi * (1 + p * p * Real(0.2618));  // the first terms of the series of erf's inverse
  } else {
    const Real t = sqrt(-2 * log(q / 2));  // Hastings' approximation of the normal quantile
    x = (t - (Real(2.515517) + t * (Real(0.802853) + t * Real(0.010328))) /
                 (1 + t * (Real(1.432788) + t * (Real(0.189269) + t * Real(0.001308))))) *
        Real(0.70710678118654752440L);
  }
  for (int i = 0; i < (sizeof(Real) > 8 ? 4 : 3); ++i) {
    const Real slope = kTwoOverSqrtPi * exp(-x * x);
    const Real error = q > Real(0.3) ? (1 - q) - erf(x) : erfc(x) - q;
    const Real step = error / slope;
    x += step / (1 - x * step);
  }
  return x;
}

template <class Real>
inline Real inverse_erfc(Real q) {
  if (!(q >= 0 && q <= 2)) return std::numeric_limits<Real>::quiet_NaN();
  if (q == 0 || q == 2)
    return q == 0 ? std::numeric_limits<Real>::infinity() : -std::numeric_limits<Real>::infinity();
  return q <= 1 ? inverse_erfc_right(q) : -inverse_erfc_right(2 - q);
}

template <class Real>
inline Real inverse_erf(Real p) {
  if (fabs(p) < Real(1e-9)) return p / Real(1.128379167095512573896158903121545172L);
  return copysign(inverse_erfc(1 - fabs(p)), p);
}

/// exp(x * x) * erfc(x)
template <class Real>
inline Real scaled_erfc(Real x) {
  if (x < Real(25)) return exp(x * x) * erfc(x);
  const Real s = 1 / (2 * x * x);
  Real sum = 0;
  for (int k = 12; k > 0; --k)
    sum = -(2 * k - 1) * s * (1 + sum);  // the asymptotic series, innermost term first
  return (1 + sum) / (x * Real(1.7724538509055160272981674833411451828L));
}

/// The modified Bessel function I of order 0 or 1, for x >= 0.
template <class Real>
inline Real bessel_i(int order, Real x) {
  if (x < Real(40)) {
    const Real quarter = x * x / 4;
    Real term = order == 0 ? Real(1) : x / 2;
    Real sum = term;
    for (int k = 1; term > sum * std::numeric_limits<Real>::epsilon() / 4; ++k) {
      term *= quarter / (Real(k) * (k + order));
      sum += term;
    }
    return sum;
  }
  Real term = 1, sum = 1;
  for (int k = 1; k < 40; ++k) {
    term *= (Real((2 * k - 1) * (2 * k - 1)) - 4 * order * order) / (8 * k * x);
    sum += term;
  }
  const Real half = exp(x / 2);  // e^x alone overflows before its quotient does
  return half * (half / sqrt(2 * Real(3.14159265358979323846264338327950288L) * x)) * sum;
}

/// The Euclidean length, infinite if any part is.
template <class Real, class... T>
inline Real length(T... parts) {
  if ((isinf(static_cast<Real>(parts)) || ...)) return std::numeric_limits<Real>::infinity();
  return sqrt(((static_cast<Real>(parts) * static_cast<Real>(parts)) + ...));
}

template <class Real, class T>
inline Real length_of(int count, const T* parts) {
  Real sum = 0;
  bool infinite = false;
  for (int i = 0; i < count; ++i) {
    sum += static_cast<Real>(parts[i]) * static_cast<Real>(parts[i]);
    infinite = infinite || isinf(parts[i]);
  }
  return infinite ? std::numeric_limits<Real>::infinity() : sqrt(sum);
}

}  // namespace gridstride::emulator::detail

// EXPR is in x of type Real, the wider type of the two.
#define GRIDSTRIDE_SPECIAL(NAME, ...)             \
  inline double NAME(double argument) {           \
    using namespace gridstride::emulator::detail; \
    using Real = long double;                     \
    const Real x = argument;                      \
    return static_cast<double>(__VA_ARGS__);      \
  }                                               \
  inline float NAME##f(float argument) {          \
    using namespace gridstride::emulator::detail; \
    using Real = double;                          \
    const Real x = argument;                      \
    return static_cast<float>(__VA_ARGS__);       \
  }                                               \
  inline float NAME(float argument) { return NAME##f(argument); }

GRIDSTRIDE_SPECIAL(rcbrt, 1 / cbrt(x))
GRIDSTRIDE_SPECIAL(erfinv, inverse_erf(x))
GRIDSTRIDE_SPECIAL(erfcinv, inverse_erfc(x))
GRIDSTRIDE_SPECIAL(erfcx, scaled_erfc(x))
GRIDSTRIDE_SPECIAL(normcdf, erfc(-x* Real(0.70710678118654752440084436210484903928L)) / 2)
GRIDSTRIDE_SPECIAL(normcdfinv, -inverse_erfc(2 * x) * Real(1.41421356237309504880168872420969807857L))
GRIDSTRIDE_SPECIAL(cyl_bessel_i0, bessel_i(0, fabs(x)))
GRIDSTRIDE_SPECIAL(cyl_bessel_i1, copysign(bessel_i(1, fabs(x)), x))
#undef GRIDSTRIDE_SPECIAL

#define GRIDSTRIDE_LENGTH(SUFFIX, T, REAL)                                                  \
  inline T norm3d##SUFFIX(T a, T b, T c) {                                                  \
    return static_cast<T>(gridstride::emulator::detail::length<REAL>(a, b, c));             \
  }                                                                                         \
  inline T norm4d##SUFFIX(T a, T b, T c, T d) {                                             \
    return static_cast<T>(gridstride::emulator::detail::length<REAL>(a, b, c, d));          \
  }                                                                                         \
  inline T norm##SUFFIX(int count, const T* parts) {                                        \
    return static_cast<T>(gridstride::emulator::detail::length_of<REAL>(count, parts));     \
  }                                                                                         \
  inline T rhypot##SUFFIX(T a, T b) {                                                       \
    return static_cast<T>(1 / gridstride::emulator::detail::length<REAL>(a, b));            \
  }                                                                                         \
  inline T rnorm3d##SUFFIX(T a, T b, T c) {                                                 \
    return static_cast<T>(1 / gridstride::emulator::detail::length<REAL>(a, b, c));         \
  }                                                                                         \
  inline T rnorm4d##SUFFIX(T a, T b, T c, T d) {                                            \
    return static_cast<T>(1 / gridstride::emulator::detail::length<REAL>(a, b, c, d));      \
  }                                                                                         \
  inline T rnorm##SUFFIX(int count, const T* parts) {                                       \
    return static_cast<T>(1 / gridstride::emulator::detail::length_of<REAL>(count, parts)); \
  }
GRIDSTRIDE_LENGTH(, double, long double)
GRIDSTRIDE_LENGTH(f, float, double)
#undef GRIDSTRIDE_LENGTH
