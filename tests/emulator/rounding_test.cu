/// Directed rounding, against long double; conversions to integers at their limits.
#include <cmath>
#include <cstring>
#include <limits>
#include <random>

#include "tests/emulator/runtime_fixture.hpp"

namespace gridstride::emulator {
namespace {

template <class T>
struct Modes {
  T rn, rz, ru, rd;
};

/// Whether the four are what `exact` rounds to.
template <class T>
void expect_modes(const Modes<T>& m, long double exact, const char* what) {
  const T toward_zero = exact < 0 ? m.ru : m.rd;
  ASSERT_TRUE(m.rz == toward_zero) << what;
  ASSERT_LE(m.rd, exact) << what;
  ASSERT_GE(m.ru, exact) << what;
  ASSERT_TRUE(m.rd == m.ru || std::nextafter(m.rd, std::numeric_limits<T>::infinity()) == m.ru) << what;
  ASSERT_TRUE(m.rn == m.rd || m.rn == m.ru) << what;
  ASSERT_TRUE(exact != m.rn || m.rd == m.ru) << what;
}

#define MODES(NAME, ...) \
  { NAME##_rn(__VA_ARGS__), NAME##_rz(__VA_ARGS__), NAME##_ru(__VA_ARGS__), NAME##_rd(__VA_ARGS__) }

float draw_float(std::mt19937& random) {
  return std::ldexp(static_cast<float>(static_cast<int>(random())), static_cast<int>(random() % 24) - 40);
}

// A float's products, and sums of floats close in size, are exact in a long double; quotients and roots are
// off by less than the distance to the next float.
TEST(Rounding, FloatArithmetic) {
  std::mt19937 random(7);
  for (int i = 0; i < 20'000; ++i) {
    const float a = draw_float(random), b = draw_float(random), c = draw_float(random);
    const long double x = a, y = b, z = c;
    expect_modes<float>(MODES(__fadd, a, b), x + y, "add");
    expect_modes<float>(MODES(__fsub, a, b), x - y, "sub");
    expect_modes<float>(MODES(__fmul, a, b), x * y, "mul");
    expect_modes<float>(MODES(__fdiv, a, b), x / y, "div");
    expect_modes<float>(MODES(__frcp, a), 1 / x, "rcp");
    expect_modes<float>(MODES(__fsqrt, std::fabs(a)), std::sqrt(std::fabs(x)), "sqrt");
    const long double product = x * y;
    if (std::fabs(product) < std::fabs(z) * 0x1p15L && std::fabs(z) < std::fabs(product) * 0x1p15L) {
      expect_modes<float>(MODES(__fmaf, a, b, c), product + z, "fma");
    }
  }
}

TEST(Rounding, DoubleArithmetic) {
  std::mt19937_64 random(7);
  const auto draw = [&random] { return static_cast<double>(random() >> 13 | 1ull << 51) * 0x1p-51; };
  for (int i = 0; i < 20'000; ++i) {
    const double a = draw(), b = draw();
    const long double x = a, y = b;
    expect_modes<double>(MODES(__dadd, a, b), x + y, "add");
    expect_modes<double>(MODES(__dsub, a, b), x - y, "sub");
    // A long double rounds what has 106 digits, to itself: exact enough unless it lands on a double.
    const auto unless_on_double = [](const Modes<double>& m, long double exact, const char* what) {
      if (exact != static_cast<double>(exact)) expect_modes<double>(m, exact, what);
    };
    unless_on_double(MODES(__dmul, a, b), x * y, "mul");
    unless_on_double(MODES(__ddiv, a, b), x / y, "div");
    unless_on_double(MODES(__drcp, a), 1 / x, "rcp");
    unless_on_double(MODES(__dsqrt, a), std::sqrt(x), "sqrt");
    unless_on_double(MODES(__fma, a, b, -1.0), x * y - 1, "fma");
  }
}

TEST(Rounding, SignsAndOverflow) {
  EXPECT_TRUE(std::signbit(__fadd_rd(1.0f, -1.0f)));
  EXPECT_FALSE(std::signbit(__fadd_ru(1.0f, -1.0f)));
  EXPECT_EQ(__fmul_rz(3e38f, 2.0f), std::numeric_limits<float>::max());
  EXPECT_EQ(__fmul_ru(3e38f, 2.0f), std::numeric_limits<float>::infinity());
  EXPECT_EQ(__dmul_ru(5e-324, 0.5), 5e-324);
  EXPECT_EQ(__dmul_rd(5e-324, 0.5), 0.0);
  EXPECT_EQ(__fdiv_rd(1.0f, 3.0f) + 0x1p-25f, __fdiv_ru(1.0f, 3.0f));
  EXPECT_EQ(1.0f / 3.0f, __fdiv_rn(1.0f, 3.0f)) << "the mode is put back";
}

TEST(Rounding, IntegersAndDoublesToFloat) {
  EXPECT_EQ(__int2float_rz(0x7fffffff), 0x1.fffffep30f);
  EXPECT_EQ(__int2float_ru(0x7fffffff), 0x1p31f);
  EXPECT_EQ(__int2float_rd(-0x7fffffff), -0x1p31f);
  EXPECT_EQ(__uint2float_rd(0xffffffffu), 0x1.fffffep31f);
  EXPECT_EQ(__ll2float_ru((1ll << 62) + 1), 0x1.000002p62f);
  EXPECT_EQ(__ull2float_rd(~0ull), 0x1.fffffep63f);
  EXPECT_EQ(__ull2double_ru((1ull << 63) + 1), 0x1.0000000000001p63);
  EXPECT_EQ(__ull2double_rz(~0ull), 0x1.fffffffffffffp63);
  EXPECT_EQ(__ull2double_rd(0), 0.0);
  EXPECT_FALSE(std::signbit(__ull2double_rd(0)));
  EXPECT_EQ(__ll2double_rd(-(1ll << 62) - 1), -0x1.0000000000001p62);
  EXPECT_EQ(__double2float_ru(1.0 + 1e-12), 1.0f + 0x1p-23f);
  EXPECT_EQ(__double2float_rz(-1.0 - 1e-12), -1.0f);
}

TEST(Rounding, ToIntegers) {
  EXPECT_EQ(__float2int_rz(-2147483648.0f), std::numeric_limits<int>::min());
  EXPECT_EQ(__float2uint_rn(4294967296.0f), ~0u);
  EXPECT_EQ(__float2uint_ru(-0.5f), 0u);
  EXPECT_EQ(__float2ll_rd(-1.5f), -2);
  EXPECT_EQ(__float2ull_rz(1e30f), ~0ull);
  EXPECT_EQ(__double2int_rn(2147483647.5), std::numeric_limits<int>::max());
  EXPECT_EQ(__double2int_rn(2.5), 2);
  EXPECT_EQ(__double2uint_rd(4294967295.9), ~0u);
  EXPECT_EQ(__double2ull_rz(18446744073709551616.0), ~0ull);
  // NaN is zero only between 32-bit types.
  EXPECT_EQ(__float2uint_rn(NAN), 0u);
  EXPECT_EQ(__float2ll_rn(NAN), std::numeric_limits<long long>::min());
  EXPECT_EQ(__double2int_rn(NAN), std::numeric_limits<int>::min());
  EXPECT_EQ(__double2uint_rn(NAN), 1u << 31);
  EXPECT_EQ(__double2ull_rn(NAN), 1ull << 63);
}

#undef MODES

}  // namespace
}  // namespace gridstride::emulator
