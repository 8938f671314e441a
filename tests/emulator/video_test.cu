/// Arithmetic on the parts of a word, every function against a loop over lanes written out here.
#include <cstdint>
#include <random>

#include "tests/emulator/runtime_fixture.hpp"

namespace gridstride::emulator {
namespace {

template <class Lane, class F>
void expect_lanes(unsigned (*function)(unsigned, unsigned), F lane, const char* name) {
  std::mt19937 random(3);
  for (int i = 0; i < 2000; ++i) {
    const unsigned spread = random();  // extremes more often than by chance
    const unsigned a = spread % 4 == 0 ? 0x80007fffu : spread % 4 == 1 ? 0x7f80ff01u : random();
    const unsigned b = spread / 4 % 4 == 0 ? 0x7fff8000u : spread / 4 % 4 == 1 ? 0x807f01ffu : random();
    const unsigned got = function(a, b);
    for (int at = 0; at < 32; at += 8 * static_cast<int>(sizeof(Lane))) {
      const long long x = static_cast<Lane>(a >> at), y = static_cast<Lane>(b >> at);
      ASSERT_EQ(static_cast<Lane>(got >> at), static_cast<Lane>(lane(x, y)))
          << name << std::hex << ' ' << a << ' ' << b;
    }
  }
}

long long clamp(long long x, long long low, long long high) { return x < low ? low : x > high ? high : x; }
constexpr auto kAdd = [](long long x, long long y) { return x + y; };
constexpr auto kSubtract = [](long long x, long long y) { return x - y; };
constexpr auto kDistance = [](long long x, long long y) { return x > y ? x - y : y - x; };

#define EXPECT_LANES(LANE, NAME, ...) expect_lanes<LANE>(NAME, __VA_ARGS__, #NAME)

TEST(Video, Sums) {
  EXPECT_LANES(std::uint16_t, __vadd2, kAdd);
  EXPECT_LANES(std::uint8_t, __vadd4, kAdd);
  EXPECT_LANES(std::uint8_t, __vsub4, kSubtract);
  EXPECT_LANES(std::int16_t, __vaddss2, [](auto x, auto y) { return clamp(x + y, -32768, 32767); });
  EXPECT_LANES(std::int8_t, __vaddss4, [](auto x, auto y) { return clamp(x + y, -128, 127); });
  EXPECT_LANES(std::uint8_t, __vaddus4, [](auto x, auto y) { return clamp(x + y, 0, 255); });
  EXPECT_LANES(std::uint16_t, __vsubus2, [](auto x, auto y) { return clamp(x - y, 0, 65535); });
  EXPECT_LANES(std::int8_t, __vsubss4, [](auto x, auto y) { return clamp(x - y, -128, 127); });
}

TEST(Video, MeansAndDistances) {
  EXPECT_LANES(std::uint8_t, __vavgu4, [](auto x, auto y) { return (x + y + 1) / 2; });
  EXPECT_LANES(std::uint16_t, __vhaddu2, [](auto x, auto y) { return (x + y) / 2; });
  EXPECT_LANES(std::uint8_t, __vabsdiffu4, kDistance);
  EXPECT_LANES(std::int16_t, __vabsdiffs2, kDistance);
  EXPECT_EQ(__vavgs4(0x0000ff01u, 0x0000ff02u), 0x0000ff02u);
  EXPECT_EQ(__vsadu4(0xff000102u, 0x00ff0400u), 255u + 255 + 3 + 2);
  EXPECT_EQ(__vsads2(0x8000ffffu, 0x7fff0001u), 65535u + 2);
}

TEST(Video, ComparisonsAndExtremes) {
  EXPECT_LANES(std::uint8_t, __vcmpgtu4, [](auto x, auto y) { return x > y ? 0xff : 0; });
  EXPECT_LANES(std::int8_t, __vcmples4, [](auto x, auto y) { return x <= y ? -1 : 0; });
  EXPECT_LANES(std::int16_t, __vsetlts2, [](auto x, auto y) { return x < y; });
  EXPECT_LANES(std::uint16_t, __vcmpeq2, [](auto x, auto y) { return x == y ? 0xffff : 0; });
  EXPECT_LANES(std::int8_t, __vmaxs4, [](auto x, auto y) { return x > y ? x : y; });
  EXPECT_LANES(std::uint16_t, __vminu2, [](auto x, auto y) { return x < y ? x : y; });
  EXPECT_EQ(__vabs4(0x80ff017fu), 0x8001017fu);
  EXPECT_EQ(__vabsss4(0x80ff017fu), 0x7f01017fu);
  EXPECT_EQ(__vneg2(0x80000001u), 0x8000ffffu);
  EXPECT_EQ(__vnegss2(0x80000001u), 0x7fffffffu);
}

#undef EXPECT_LANES

TEST(Video, ThreeOperands) {
  EXPECT_EQ(__vimax3_s32(-3, 2, 1), 2);
  EXPECT_EQ(__vimin3_u32(7, 5, 6), 5u);
  EXPECT_EQ(__vimax_s32_relu(-3, -2), 0);
  EXPECT_EQ(__viaddmax_s32(0x7fffffff, 1, 5), 5);
  EXPECT_EQ(__viaddmin_u32(~0u, 2, 5), 1u);
  EXPECT_EQ(__vimax3_s16x2(0xffff0001u, 0x00010002u, 0x00000003u), 0x00010003u);
  EXPECT_EQ(__vimin_s16x2_relu(0xffff0001u, 0x00010002u), 0x00000001u);
  bool high = false, low = true;
  EXPECT_EQ(__vibmax_s16x2(0x0002ffffu, 0x00010000u, &high, &low), 0x00020000u);
  EXPECT_TRUE(high);
  EXPECT_FALSE(low);
}

TEST(Video, DotProducts) {
  EXPECT_EQ(__dp4a(0x01fe0304, 0x0105fb02, 10), 10 + 1 - 10 - 15 + 8);
  EXPECT_EQ(__dp4a(0x01fe0304u, 0x01050002u, 10u), 10u + 1 + 254 * 5 + 8);
  EXPECT_EQ(__dp2a_lo(static_cast<int>(0xfffe0003u), 0x7f7f0504, 1), 1 + 3 * 4 - 2 * 5);
  EXPECT_EQ(__dp2a_hi(static_cast<int>(0xfffe0003u), 0x05047f7f, 1), 1 + 3 * 4 - 2 * 5);
  EXPECT_EQ(__dp4a(make_char4(1, -2, 3, -4), make_char4(5, 6, 7, 8), 0), 5 - 12 + 21 - 32);
  EXPECT_EQ(__fns(0b10110u, 0, 2), 2u);
  EXPECT_EQ(__fns(0b10110u, 4, -2), 2u);
  EXPECT_EQ(__fns(0b10110u, 0, 0), ~0u);
}

}  // namespace
}  // namespace gridstride::emulator
