/// __half and __nv_bfloat16: conversions over all bit patterns, arithmetic against wider arithmetic.
#include <cuda_bf16.h>
#include <cuda_fp16.h>

#include <cmath>
#include <limits>
#include <random>

#include "tests/emulator/narrow_oracle.hpp"
#include "tests/emulator/runtime_fixture.hpp"

namespace gridstride::emulator {
namespace {

struct Half {
  using Type = __half;
  using Pair = __half2;
  static constexpr unsigned kInfinity = 0x7c00;
  static NarrowOracle oracle() { return {5, 10, 0x7bff}; }
};
struct Bfloat16 {
  using Type = __nv_bfloat16;
  using Pair = __nv_bfloat162;
  static constexpr unsigned kInfinity = 0x7f80;
  static NarrowOracle oracle() { return {8, 7, 0x7f7f}; }
};

unsigned bits(__half x) { return __half_as_ushort(x); }
unsigned bits(__nv_bfloat16 x) { return __bfloat16_as_ushort(x); }
template <class T>
T from_bits(unsigned code) {
  return detail::OperationsOf<T>::from_bits(code);
}

template <class Format>
class Narrow : public ::testing::Test {
 protected:
  using T = typename Format::Type;
  static bool is_nan(unsigned code) { return (code & 0x7fff) > Format::kInfinity; }
  /// Any two finite or special values; subnormals and values of one binade more often than by chance.
  T draw() {
    const unsigned code = random_();
    return from_bits<T>(code % 8 == 0   ? code >> 16 & 0x83ff
                        : code % 8 == 1 ? (code >> 16 & 0x8fff) | 0x3000
                                        : code >> 16);
  }
  /// The code of the exact sum x + error.
  unsigned rounded(long double x, long double error = 0) const {
    if (std::isnan(x)) return 0x7fff;
    if (std::isinf(x)) return (x < 0 ? 0x8000u : 0u) | Format::kInfinity;
    return oracle_.nearest(x, error);
  }
  const NarrowOracle oracle_ = Format::oracle();
  std::mt19937 random_{20};
};
using Formats = ::testing::Types<Half, Bfloat16>;
TYPED_TEST_SUITE(Narrow, Formats);

TYPED_TEST(Narrow, EveryPatternWidensAndComesBack) {
  using T = typename TypeParam::Type;
  for (unsigned code = 0; code < 0x10000; ++code) {
    const T x = from_bits<T>(code);
    const float value = x;
    if (this->is_nan(code)) {
      EXPECT_TRUE(std::isnan(value));
      EXPECT_TRUE(__hisnan(x));
      EXPECT_EQ(bits(T(value)), 0x7fffu);
    } else {
      EXPECT_EQ(bits(T(value)), code);
      EXPECT_EQ(bits(T(static_cast<double>(value))), code);
      if ((code & 0x7fff) < TypeParam::kInfinity) {
        ASSERT_EQ(value, this->oracle_.value(code)) << code;
        ASSERT_EQ(std::signbit(value), code >> 15 != 0);
      } else {
        EXPECT_EQ(value, code >> 15 ? -INFINITY : INFINITY);
        EXPECT_EQ(__hisinf(x), code >> 15 ? -1 : 1);
      }
    }
  }
}

TEST(Half, IntegerConversionsAreTheProcessors) {
  for (unsigned code = 0; code < 0x10000; ++code) {
    const auto half = static_cast<std::uint16_t>(code);
    ASSERT_EQ(__float_as_uint(detail::half_value(half)),
              __float_as_uint(detail::widen(half, detail::HalfFormat{})));
  }
  for_telling_floats(Half::oracle(), [](float x) {
    ASSERT_EQ(detail::half_bits(x), detail::narrow(x, detail::HalfFormat{})) << x;
  });
}

unsigned rn(float x, __half*) { return bits(__float2half_rn(x)); }
unsigned rz(float x, __half*) { return bits(__float2half_rz(x)); }
unsigned ru(float x, __half*) { return bits(__float2half_ru(x)); }
unsigned rd(float x, __half*) { return bits(__float2half_rd(x)); }
unsigned rn(float x, __nv_bfloat16*) { return bits(__float2bfloat16_rn(x)); }
unsigned rz(float x, __nv_bfloat16*) { return bits(__float2bfloat16_rz(x)); }
unsigned ru(float x, __nv_bfloat16*) { return bits(__float2bfloat16_ru(x)); }
unsigned rd(float x, __nv_bfloat16*) { return bits(__float2bfloat16_rd(x)); }

TYPED_TEST(Narrow, FloatsRoundInEveryMode) {
  typename TypeParam::Type* const type = nullptr;
  const NarrowOracle& oracle = this->oracle_;
  for_telling_floats(oracle, [&](float x) {
    if (std::isnan(x)) {
      ASSERT_EQ(rn(x, type), 0x7fffu);
      ASSERT_EQ(rz(x, type), 0x7fffu);
    } else if (std::isinf(x)) {
      ASSERT_EQ(rz(x, type), (x < 0 ? 0x8000u : 0u) | TypeParam::kInfinity);
    } else {
      ASSERT_EQ(rn(x, type), oracle.nearest(x)) << x;
      ASSERT_EQ(rz(x, type), oracle.toward_zero(x)) << x;
      ASSERT_EQ(ru(x, type), oracle.upward(x)) << x;
      ASSERT_EQ(rd(x, type), oracle.downward(x)) << x;
    }
  });
}

TYPED_TEST(Narrow, DoublesRoundOnce) {
  using T = typename TypeParam::Type;
  const NarrowOracle& oracle = this->oracle_;
  for (unsigned code = 1; code <= oracle.overflow(); ++code) {
    const auto middle = static_cast<double>((oracle.value(code) + oracle.value(code - 1)) / 2);
    for (const double x : {middle, std::nextafter(middle, 0.0), std::nextafter(middle, 1e300), -middle}) {
      ASSERT_EQ(bits(T(x)), oracle.nearest(x)) << x;
    }
  }
  EXPECT_EQ(bits(T(5e-324)), 0u);
  EXPECT_EQ(bits(T(-1e300)), 0x8000u | TypeParam::kInfinity);
}

TYPED_TEST(Narrow, ArithmeticIsRoundedOnce) {
  using T = typename TypeParam::Type;
  for (int i = 0; i < 400'000; ++i) {
    const T a = this->draw(), b = this->draw(), c = this->draw();
    const long double x = static_cast<float>(a), y = static_cast<float>(b), z = static_cast<float>(c);
    ASSERT_EQ(bits(a * b), this->rounded(x * y)) << bits(a) << ' ' << bits(b);
    ASSERT_EQ(bits(a / b), this->rounded(x / y)) << bits(a) << ' ' << bits(b);
    // A long double has not always room for a sum; what it loses decides ties.
    const auto add = [&](long double u, long double v) {
      const long double sum = u + v, part = sum - u;
      return this->rounded(sum, (u - (sum - part)) + (v - part));
    };
    ASSERT_EQ(bits(a + b), add(x, y)) << bits(a) << ' ' << bits(b);
    ASSERT_EQ(bits(a - b), add(x, -y)) << bits(a) << ' ' << bits(b);
    ASSERT_EQ(bits(__hfma(a, b, c)), add(x * y, z)) << bits(a) << ' ' << bits(b) << ' ' << bits(c);
  }
}

TYPED_TEST(Narrow, FusedSumsNearTiesRoundOnce) {
  using T = typename TypeParam::Type;
  // (1 + u)(1 + u) ends in a tie or beside one; a tiny third operand decides.
  for (unsigned u = 0; u < 128; ++u) {
    const T a = from_bits<T>(bits(T(1.0f)) + u);
    for (unsigned tiny = 0; tiny < 0x10000; tiny += 257) {
      const T c = from_bits<T>(tiny);
      if (__hisnan(c) || __hisinf(c)) continue;
      const long double product = static_cast<long double>(static_cast<float>(a)) * static_cast<float>(a);
      const long double z = static_cast<float>(c), sum = product + z, part = sum - product;
      const long double error = (product - (sum - part)) + (z - part);
      ASSERT_EQ(bits(__hfma(a, a, c)), this->rounded(sum, error)) << u << ' ' << tiny;
    }
  }
}

TYPED_TEST(Narrow, ComparisonsKnowNan) {
  using T = typename TypeParam::Type;
  const T one(1.0f), two(2.0f), nan = from_bits<T>(0xfffe), zero(0.0f), minus_zero = from_bits<T>(0x8000);
  EXPECT_TRUE(one < two && two > one && one <= one && one >= one && one == one && one != two);
  EXPECT_TRUE(zero == minus_zero);
  EXPECT_FALSE(nan == nan || nan < one || nan > one || nan <= one || nan >= one);
  EXPECT_TRUE(nan != nan);
  EXPECT_FALSE(__hne(nan, one));
  EXPECT_TRUE(__hneu(nan, one) && __hequ(nan, one) && __hltu(nan, one) && __hleu(one, nan) &&
              __hgtu(nan, one) && __hgeu(nan, nan));
  EXPECT_FALSE(__hequ(one, two) || __hltu(two, one) || __hgtu(one, two));
  const typename TypeParam::Pair a(one, nan), b(two, nan);
  EXPECT_EQ(__hlt2_mask(a, b), 0x0000ffffu);
  EXPECT_EQ(__hltu2_mask(a, b), 0xffffffffu);
  EXPECT_EQ(bits(__hisnan2(a).x), bits(zero));
  EXPECT_EQ(bits(__hisnan2(a).y), bits(one));
  EXPECT_FALSE(__hblt2(a, b));
  EXPECT_TRUE(__hbltu2(a, b));
}

TYPED_TEST(Narrow, MinimaSignsAndClamps) {
  using T = typename TypeParam::Type;
  const T one(1.0f), two(2.0f), nan = from_bits<T>(0xfffe), zero(0.0f), minus_zero = from_bits<T>(0x8000);
  EXPECT_EQ(bits(__hmax(nan, one)), bits(one));
  EXPECT_EQ(bits(__hmin(one, nan)), bits(one));
  EXPECT_EQ(bits(__hmax_nan(nan, one)), 0x7fffu);
  EXPECT_EQ(bits(__hmin_nan(one, nan)), 0x7fffu);
  EXPECT_EQ(bits(__hmax(nan, nan)), 0x7fffu);
  EXPECT_EQ(bits(__hmax(minus_zero, zero)), 0u);
  EXPECT_EQ(bits(__hmin(zero, minus_zero)), 0x8000u);
  EXPECT_EQ(bits(__hneg(nan)), 0x7fffu);
  EXPECT_EQ(bits(-one), bits(one) | 0x8000u);
  EXPECT_EQ(bits(__habs(-two)), bits(two));
  EXPECT_EQ(bits(__hadd_sat(one, two)), bits(one));
  EXPECT_EQ(bits(__hsub_sat(one, two)), 0u);
  EXPECT_EQ(bits(__hadd_sat(nan, two)), 0u);
  EXPECT_EQ(bits(__hfma_relu(one, two, -two - two)), 0u);
  EXPECT_EQ(bits(__hfma_relu(nan, two, one)), 0x7fffu);
}

TYPED_TEST(Narrow, NumbersConvertImplicitly) {
  using T = typename TypeParam::Type;
  T x = 3;
  x += 2.0f;
  EXPECT_EQ(static_cast<float>(x), 5.0f);
  EXPECT_EQ(static_cast<int>(T(-2.75f)), -2);
  EXPECT_EQ(static_cast<unsigned char>(T(300.0f)), 255);
  EXPECT_EQ(static_cast<double>(x++), 5.0);
  EXPECT_EQ(static_cast<double>(--x), 5.0);
  EXPECT_TRUE(x);
  EXPECT_FALSE(T(-0.0f));
  EXPECT_EQ(static_cast<long long>(from_bits<T>(0x7fff)), std::numeric_limits<long long>::min());
  EXPECT_EQ(static_cast<int>(from_bits<T>(0x7fff)), 0);
  EXPECT_EQ(static_cast<short>(from_bits<T>(TypeParam::kInfinity | 0x8000)), -32768);
}

TEST(Half, IntegersRoundOnce) {
  EXPECT_EQ(bits(__int2half_rn(2049)), bits(__half(2048.0f)));
  EXPECT_EQ(bits(__int2half_rz(-2051)), bits(__half(-2050.0f)));
  EXPECT_EQ(bits(__int2half_rd(-2051)), bits(__half(-2052.0f)));
  EXPECT_EQ(bits(__uint2half_ru(65505)), 0x7c00u);
  EXPECT_EQ(bits(__uint2half_rz(4'000'000'000u)), 0x7bffu);
  EXPECT_EQ(bits(__ll2half_rn(-65520)), 0xfc00u);
  EXPECT_EQ(__half2int_rn(__half(2.5f)), 2);
  EXPECT_EQ(__half2int_ru(__half(2.5f)), 3);
  EXPECT_EQ(__half2short_rd(__half(-2.5f)), -3);
  EXPECT_EQ(__half2uint_rz(__half(-2.5f)), 0u);
  EXPECT_EQ(__half2ull_rn(CUDART_NAN_FP16), 1ull << 63);
}

TEST(Bfloat16, WideIntegersRoundOnce) {
  // 2^62 (1 + 2^-8) is a tie; one more is not, and a double cannot tell.
  const long long tie = (1ll << 62) + (1ll << 54);
  EXPECT_EQ(static_cast<float>(__ll2bfloat16_rn(tie)), 0x1p62f);
  EXPECT_EQ(static_cast<float>(__ll2bfloat16_rn(tie + 1)), 0x1.02p62f);
  EXPECT_EQ(static_cast<float>(__ll2bfloat16_ru((1ll << 62) + 1)), 0x1.02p62f);
  EXPECT_EQ(static_cast<float>(__ll2bfloat16_rd(-(1ll << 62) - 1)), -0x1.02p62f);
  EXPECT_EQ(static_cast<float>(__ull2bfloat16_rz(~0ull)), 0x1.fep63f);
}

TEST(Half, PairsAndConstants) {
  const __half2 pair = __floats2half2_rn(1.5f, -2.0f);
  EXPECT_EQ(__low2float(pair), 1.5f);
  EXPECT_EQ(__high2float(pair), -2.0f);
  EXPECT_EQ(__low2float(__lowhigh2highlow(pair)), -2.0f);
  EXPECT_EQ(__high2float(__lows2half2(pair, __half2half2(__half(7.0f)))), 7.0f);
  EXPECT_EQ(__half22float2(__highs2half2(pair, pair)).x, -2.0f);
  EXPECT_EQ(__low2float(__hfma2(pair, pair, pair)), 3.75f);
  const __half2 product = __hcmadd(pair, pair, __float2half2_rn(0.0f));  // (1.5 - 2i)^2
  EXPECT_EQ(__low2float(product), -1.75f);
  EXPECT_EQ(__high2float(product), -6.0f);
  EXPECT_EQ(static_cast<float>(CUDART_MAX_NORMAL_FP16), 65504.0f);
  static_assert(sizeof(half2) == 4 && alignof(half2) == 4 && alignof(half) == 2);
  static_assert(std::is_trivially_copyable_v<half2> && std::is_trivially_default_constructible_v<half2>);
  static_assert(static_cast<float>(__half(1.5f) * __half(1.5f)) == 2.25f, "usable in constant expressions");
}

TYPED_TEST(Narrow, Mathematics) {
  using T = typename TypeParam::Type;
  for (const float x : {0.1f, 0.5f, 1.0f, 2.0f, 3.3f}) {
    const T a(x);
    const float value = a;
    EXPECT_EQ(bits(hexp(a)), bits(T(std::exp(value))));
    EXPECT_EQ(bits(hlog2(a)), bits(T(std::log2(value))));
    EXPECT_EQ(bits(hsqrt(a)), bits(T(std::sqrt(value))));
    EXPECT_EQ(bits(hrsqrt(a)), bits(T(1 / std::sqrt(static_cast<double>(value)))));
    EXPECT_EQ(bits(htanh(a)), bits(T(std::tanh(value))));
    EXPECT_EQ(bits(hexp10(a)), bits(T(std::pow(10.0, static_cast<double>(value)))));
  }
  EXPECT_EQ(static_cast<float>(hrint(T(2.5f))), 2.0f);
  EXPECT_EQ(static_cast<float>(hceil(T(-2.5f))), -2.0f);
  EXPECT_EQ(static_cast<float>(h2floor(typename TypeParam::Pair(T(-2.5f), T(2.5f))).y), 2.0f);
}

class NarrowKernel : public RuntimeTest {};
GRIDSTRIDE_EVERY_SCHEDULE(NarrowKernel);

template <class T, class T2>
__global__ void sum_up(const T* in, T* sum, T2* pairs) {
  T own = __ldg(&in[threadIdx.x]);
  for (int offset = 16; offset > 0; offset /= 2) own += __shfl_xor_sync(0xffffffffu, own, offset);
  if (threadIdx.x % 32 == 0) atomicAdd(sum, own);
  atomicAdd(pairs, T2(T(1.0f), T(-1.0f)));
  atomicAdd_block(pairs, __shfl_down_sync(0xffffffffu, T2(T(0.5f), T(0.5f)), 1));
}

template <class T, class T2>
void expect_sums() {
  DeviceArray<T> in(64, T(1.0f));
  DeviceArray<T> sum(1, T(0.0f));
  DeviceArray<T2> pairs(1, T2(T(0.0f), T(0.0f)));
  sum_up<<<1, 64>>>(in.data(), sum.data(), pairs.data());
  EXPECT_EQ(static_cast<float>(sum.host()[0]), 64.0f);
  EXPECT_EQ(static_cast<float>(pairs.host()[0].x), 96.0f);
  EXPECT_EQ(static_cast<float>(pairs.host()[0].y), -32.0f);
}

TEST_P(NarrowKernel, ShufflesAndAtomics) {
  expect_sums<__half, __half2>();
  expect_sums<__nv_bfloat16, __nv_bfloat162>();
}

}  // namespace
}  // namespace gridstride::emulator
