/// Eight-bit floating point: every pattern decoded, every rounding by the oracle, both ways of overflowing.
#include <cuda_fp8.h>

#include <cmath>

#include "tests/emulator/narrow_oracle.hpp"
#include "tests/emulator/runtime_fixture.hpp"

namespace gridstride::emulator {
namespace {

struct Format {
  __nv_fp8_interpretation_t kind;
  unsigned largest;    // code
  unsigned overflown;  // code of what lies beyond without saturation
  NarrowOracle oracle;
};
const Format kE4m3{__NV_E4M3, 0x7e, 0x7f, {4, 3, 0x7e}};
const Format kE5m2{__NV_E5M2, 0x7b, 0x7c, {5, 2, 0x7b}};

class Fp8 : public ::testing::TestWithParam<const Format*> {
 protected:
  const Format& format_ = *GetParam();
};
INSTANTIATE_TEST_SUITE_P(Formats, Fp8, ::testing::Values(&kE4m3, &kE5m2),
                         [](const auto& info) { return info.param->kind == __NV_E4M3 ? "e4m3" : "e5m2"; });

TEST_P(Fp8, EveryPatternDecodesAndComesBack) {
  for (unsigned code = 0; code < 0x100; ++code) {
    const float value = __half(__nv_cvt_fp8_to_halfraw(static_cast<unsigned char>(code), format_.kind));
    const unsigned magnitude = code & 0x7f;
    if (magnitude > format_.largest && !(format_.kind == __NV_E5M2 && magnitude == 0x7c)) {
      EXPECT_TRUE(std::isnan(value)) << code;
      EXPECT_EQ(__nv_cvt_float_to_fp8(value, __NV_NOSAT, format_.kind), 0x7f);
      continue;
    }
    if (magnitude <= format_.largest) {
      EXPECT_EQ(value, format_.oracle.value(code)) << code;
    }
    EXPECT_EQ(std::signbit(value), code >= 0x80);
    EXPECT_EQ(__nv_cvt_float_to_fp8(value, __NV_NOSAT, format_.kind), code);
  }
}

TEST_P(Fp8, FloatsRoundToNearest) {
  for_telling_floats(format_.oracle, [this](float x) {
    const unsigned sign = std::signbit(x) ? 0x80 : 0;
    unsigned open = 0x7f, saturated = 0x7f;
    if (!std::isnan(x)) {
      const unsigned code = std::isinf(x) ? format_.largest + 1 : format_.oracle.nearest(x) & 0x7f;
      open = sign | (code > format_.largest ? format_.overflown : code);
      saturated = sign | std::min(code, format_.largest);
    }
    ASSERT_EQ(__nv_cvt_float_to_fp8(x, __NV_NOSAT, format_.kind), open) << x;
    ASSERT_EQ(__nv_cvt_float_to_fp8(x, __NV_SATFINITE, format_.kind), saturated) << x;
  });
}

TEST_P(Fp8, EveryHalfRoundsOnce) {
  for (unsigned code = 0; code < 0x10000; ++code) {
    const __half_raw half{static_cast<unsigned short>(code)};
    ASSERT_EQ(__nv_cvt_halfraw_to_fp8(half, __NV_SATFINITE, format_.kind),
              __nv_cvt_float_to_fp8(__half(half), __NV_SATFINITE, format_.kind));
  }
}

TEST(Fp8Types, OneTwoAndFour) {
  EXPECT_EQ(static_cast<float>(__nv_fp8_e4m3(1.0625f)), 1.0f);  // a tie, to even
  EXPECT_EQ(static_cast<float>(__nv_fp8_e4m3(1000)), 448.0f);
  EXPECT_EQ(static_cast<int>(__nv_fp8_e5m2(-3.5)), -3);
  EXPECT_TRUE(__nv_fp8_e5m2(__half(0.5f)));
  const float2 two = static_cast<float2>(__nv_fp8x2_e4m3(make_float2(1.5f, -2.0f)));
  EXPECT_EQ(two.x, 1.5f);
  EXPECT_EQ(two.y, -2.0f);
  const __nv_fp8x4_e5m2 packed(make_float4(1, 2, -4, 0.5f));
  EXPECT_EQ(packed.__x, 0x38c4403cu);
  const float4 four = static_cast<float4>(packed);
  EXPECT_EQ(four.z, -4.0f);
  EXPECT_EQ(four.w, 0.5f);
  static_assert(sizeof(__nv_fp8_e4m3) == 1 && sizeof(__nv_fp8x2_e4m3) == 2 && sizeof(__nv_fp8x4_e4m3) == 4);
}

TEST(Fp8Types, PowersOfTwo) {
  const auto up = [](float x) { return __nv_cvt_float_to_e8m0(x, __NV_SATFINITE, cudaRoundPosInf); };
  const auto down = [](float x) { return __nv_cvt_float_to_e8m0(x, __NV_SATFINITE, cudaRoundZero); };
  EXPECT_EQ(up(1.0f), 0x7f);
  EXPECT_EQ(up(-1.5f), 0x80);
  EXPECT_EQ(down(1.5f), 0x7f);
  EXPECT_EQ(up(0.0f), 0x00);
  EXPECT_EQ(up(0x1p-149f), 0x00);
  EXPECT_EQ(up(0x1.8p-127f), 0x01);
  EXPECT_EQ(up(INFINITY), 0xfe);
  EXPECT_EQ(up(NAN), 0xff);
  EXPECT_EQ(__nv_cvt_float_to_e8m0(3e38f, __NV_NOSAT, cudaRoundPosInf), 0xff);
  for (unsigned code = 0; code < 0xff; ++code) {
    const float value = __nv_bfloat16(__nv_cvt_e8m0_to_bf16raw(static_cast<unsigned char>(code)));
    EXPECT_EQ(value, std::ldexp(1.0f, static_cast<int>(code) - 127));
    EXPECT_EQ(up(value), code);
  }
}

}  // namespace
}  // namespace gridstride::emulator
