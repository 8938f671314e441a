/// The mathematical functions beyond the C library's: documented accuracy, by identities computed in long
/// double.
#include <cuComplex.h>
#include <math_constants.h>

#include <cmath>
#include <limits>

#include "tests/emulator/runtime_fixture.hpp"

namespace gridstride::emulator {
namespace {

/// The distance in units of got's last place.
template <class T>
double ulps(T got, long double exact) {
  const T next = std::nextafter(std::fabs(got), std::numeric_limits<T>::infinity());
  return static_cast<double>(std::fabs(got - exact) / (next - std::fabs(got)));
}

/// How far y = f(x) is from solving inverse(y) = x, in units of y's last place: the error of inverse divided
/// by its slope.
template <class T>
double inverse_ulps(T y, long double error, long double slope) {
  return ulps(y, y - error / slope);
}

const long double kPi = 3.14159265358979323846264338327950288L;

TEST(Mathematics, ErrorFunctionInverses) {
  const auto slope = [](long double y) { return 2 / std::sqrt(kPi) * std::exp(-y * y); };
  for (double p = -0.9995; p < 1; p += 0.001) {
    const double y = erfinv(p);
    EXPECT_LT(inverse_ulps(y, std::erf(static_cast<long double>(y)) - p, slope(y)), 2.5) << p;
    const float p32 = static_cast<float>(p), y32 = erfinvf(p32);
    EXPECT_LT(inverse_ulps(y32, std::erf(static_cast<long double>(y32)) - p32, slope(y32)), 2) << p;
  }
  for (double q = 1e-300; q < 2; q *= 1.7) {
    const double y = erfcinv(q);
    EXPECT_LT(inverse_ulps(y, std::erfc(static_cast<long double>(y)) - q, -slope(y)), 3) << q;
    const double z = normcdfinv(q / 2);
    EXPECT_LT(ulps(z, -static_cast<long double>(y) * std::sqrt(2.0L)), 3) << q;
  }
  EXPECT_EQ(erfinv(1.0), INFINITY);
  EXPECT_EQ(erfinv(-1.0), -INFINITY);
  EXPECT_TRUE(std::isnan(erfinv(1.5)));
  EXPECT_TRUE(std::signbit(erfinv(-0.0)));
  EXPECT_EQ(erfcinv(0.0), INFINITY);
  EXPECT_EQ(erfcinv(2.0f), -INFINITY);
  EXPECT_EQ(erfcinv(1.0), 0.0);
  EXPECT_EQ(normcdfinv(0.0), -INFINITY);
  EXPECT_NEAR(normcdfinvf(0.975f), 1.959964f, 1e-6f);
}

TEST(Mathematics, NormalDistributionAndScaledErrorFunction) {
  for (double x = -37; x < 8; x += 0.37) {
    EXPECT_LT(ulps(normcdf(x), std::erfc(-x / std::sqrt(2.0L)) / 2), 2) << x;
  }
  for (double x = -5; x < 24; x += 0.37) {
    const long double wide = x;
    EXPECT_LT(ulps(erfcx(x), std::exp(wide * wide) * std::erfc(wide)), 2) << x;
    const auto x32 = static_cast<float>(x);
    const long double wide32 = x32;
    EXPECT_LT(ulps(erfcxf(x32), std::exp(wide32 * wide32) * std::erfc(wide32)), 1) << x;
  }
  // Where the series takes over: both sides of the seam, and the limit 1 / (x sqrt(pi)).
  for (const double x : {25.0, 30.0, 60.0}) {
    const long double wide = x;
    EXPECT_LT(ulps(erfcx(x), std::exp(wide * wide) * std::erfc(wide)), 3) << x;
  }
  EXPECT_LT(ulps(erfcx(1e10), 1 / (1e10L * std::sqrt(kPi))), 1);
  EXPECT_EQ(erfcx(-30.0), INFINITY);
}

TEST(Mathematics, ModifiedBesselFunctions) {
  // Abramowitz and Stegun, table 9.8.
  EXPECT_EQ(cyl_bessel_i0(0.0), 1.0);
  EXPECT_NEAR(cyl_bessel_i0(1.0), 1.2660658777520083, 1e-15);
  EXPECT_NEAR(cyl_bessel_i1(1.0), 0.5651591039924850, 1e-15);
  EXPECT_NEAR(cyl_bessel_i1f(-1.0f), -0.5651591f, 1e-7f);
  for (double x = 0.5; x < 700; x *= 1.13) {  // across the seam: against the library's, which is less exact
    EXPECT_NEAR(cyl_bessel_i0(x) / std::cyl_bessel_i(0.0L, x), 1, 1e-14) << x;
    EXPECT_NEAR(cyl_bessel_i1(x) / std::cyl_bessel_i(1.0L, x), 1, 1e-14) << x;
  }
  EXPECT_EQ(cyl_bessel_i0f(100.0f), INFINITY);
}

TEST(Mathematics, LengthsNeitherOverflowNorForgetInfinity) {
  EXPECT_EQ(norm3d(2e300, 3e300, 6e300), 7e300);
  EXPECT_EQ(norm4df(2e30f, 4e30f, 5e30f, 6e30f), 9e30f);
  EXPECT_EQ(rnorm3d(2.0, 3.0, 6.0), 1 / 7.0);
  EXPECT_EQ(rnorm4df(1.0f, 1.0f, 1.0f, 1.0f), 0.5f);
  EXPECT_EQ(norm3df(NAN, INFINITY, 0), INFINITY);
  EXPECT_EQ(rhypot(-INFINITY, 1.0), 0.0);
  EXPECT_EQ(rhypot(3e200, 4e200), 1 / 5e200);
  const double parts[] = {1, 2, 3, 4, 5, 6, 7, 2};
  EXPECT_EQ(norm(8, parts), 12.0);
  EXPECT_EQ(rnorm(8, parts), 1 / 12.0);
  EXPECT_EQ(rcbrt(8.0), 0.5);
  EXPECT_EQ(rcbrtf(-27.0f), -1.0f / 3.0f);
}

TEST(Mathematics, OverloadsAndClassification) {
  static_assert(std::is_same_v<decltype(sin(1.0f)), float> && std::is_same_v<decltype(rcbrt(1.0f)), float>);
  static_assert(std::is_same_v<decltype(exp10(1.0f)), float> && std::is_same_v<decltype(sinpi(1.0f)), float>);
  static_assert(std::is_same_v<decltype(pow(1.0f, 2.0f)), float> &&
                std::is_same_v<decltype(fabs(1.0f)), float>);
  float s = 0, c = 0;
  sincos(1.0f, &s, &c);
  EXPECT_EQ(s, sinf(1.0f));
  EXPECT_TRUE(isnan(CUDART_NAN_F) && isinf(CUDART_INF) && signbit(CUDART_NEG_ZERO_F) && isfinite(1.0f));
  EXPECT_EQ(__tanhf(0.5f), tanhf(0.5f));
  EXPECT_EQ(fdividef(1.0f, 4.0f), 0.25f);
  EXPECT_EQ(nextafterf(1.0f, 2.0f), 1.0f + 0x1p-23f);
}

TEST(Mathematics, ConstantsAreTheNearest) {
  EXPECT_EQ(CUDART_PI_F, 3.14159265f);
  EXPECT_EQ(CUDART_PI, M_PI);
  EXPECT_EQ(CUDART_LN2, M_LN2);
  EXPECT_EQ(CUDART_L2E_F, static_cast<float>(M_LOG2E));
  EXPECT_EQ(CUDART_SQRT_HALF, M_SQRT1_2);
  EXPECT_EQ(static_cast<long double>(CUDART_PI_HI) + CUDART_PI_LO, kPi);
  EXPECT_EQ(CUDART_INF, INFINITY);
}

TEST(Mathematics, ComplexNumbers) {
  const cuDoubleComplex a = make_cuDoubleComplex(3, 4), b = make_cuDoubleComplex(1, -2);
  EXPECT_EQ(cuCabs(a), 5.0);
  EXPECT_EQ(cuCreal(cuCmul(a, b)), 11.0);
  EXPECT_EQ(cuCimag(cuCmul(a, b)), -2.0);
  EXPECT_DOUBLE_EQ(cuCreal(cuCdiv(a, b)), -1.0);
  EXPECT_DOUBLE_EQ(cuCimag(cuCdiv(a, b)), 2.0);
  EXPECT_EQ(cuCimagf(cuConjf(make_cuComplex(1, 2))), -2.0f);
  EXPECT_EQ(cuCreal(cuCfma(a, b, cuCadd(a, b))), 15.0);
  EXPECT_EQ(cuCabsf(make_cuFloatComplex(3e30f, 4e30f)), 5e30f);
  EXPECT_DOUBLE_EQ(cuCreal(cuCdiv(make_cuDoubleComplex(1e300, 1e300), make_cuDoubleComplex(1e300, 1e300))),
                   1);
}

}  // namespace
}  // namespace gridstride::emulator
