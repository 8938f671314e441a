/// Integer and floating-point device functions, vector types, cached loads.
#include <cmath>
#include <cstdint>
#include <limits>

#include "tests/emulator/runtime_fixture.hpp"

namespace gridstride::emulator {
namespace {

TEST(DeviceFunctions, BitIntrinsics) {
  EXPECT_EQ(__popc(0xf0f0u), 8);
  EXPECT_EQ(__popcll(~0ull), 64);
  EXPECT_EQ(__clz(1), 31);
  EXPECT_EQ(__clz(0), 32);
  EXPECT_EQ(__clzll(1), 63);
  EXPECT_EQ(__ffs(0), 0);
  EXPECT_EQ(__ffs(8), 4);
  EXPECT_EQ(__ffsll(1ll << 40), 41);
  EXPECT_EQ(__brev(1u), 0x80000000u);
  EXPECT_EQ(__brev(0x12345678u), 0x1e6a2c48u);
  EXPECT_EQ(__brevll(1ull), 1ull << 63);
  EXPECT_EQ(__byte_perm(0x33221100u, 0x77665544u, 0x5140u), 0x55114400u);
  EXPECT_EQ(__byte_perm(0x00000080u, 0, 0x0008u), 0x808080ffu);
  EXPECT_EQ(__funnelshift_l(0x80000000u, 1u, 1), 3u);
  EXPECT_EQ(__funnelshift_r(0x2u, 1u, 1), 0x80000001u);
  EXPECT_EQ(__funnelshift_lc(5u, 7u, 40), 5u);
  EXPECT_EQ(__funnelshift_rc(5u, 7u, 40), 7u);
}

TEST(DeviceFunctions, IntegerArithmetic) {
  EXPECT_EQ(__mul24(0x1ffffff, 2), -2);
  EXPECT_EQ(__umul24(0x1ffffffu, 2u), 0x1fffffeu);
  EXPECT_EQ(__mulhi(-1, 1), -1);
  EXPECT_EQ(__umulhi(0x80000000u, 4u), 2u);
  EXPECT_EQ(__umul64hi(1ull << 63, 4ull), 2ull);
  EXPECT_EQ(__mul64hi(-1ll, 1ll), -1ll);
  EXPECT_EQ(__sad(std::numeric_limits<int>::min(), std::numeric_limits<int>::max(), 1u), 0u);
  EXPECT_EQ(__usad(3u, 5u, 10u), 12u);
  EXPECT_EQ(__hadd(-3, -4), -4);
  EXPECT_EQ(__rhadd(-3, -4), -3);
  EXPECT_EQ(min(3u, 2), 2u);
  EXPECT_EQ(max(-1, 2), 2);
  EXPECT_EQ(max(5ull, 7ll), 7ull);
}

TEST(DeviceFunctions, FloatMinMaxIgnoreNan) {
  const float nan = std::numeric_limits<float>::quiet_NaN();
  EXPECT_EQ(fmaxf(nan, 1.0f), 1.0f);
  EXPECT_EQ(fmaxf(1.0f, nan), 1.0f);
  EXPECT_EQ(fminf(nan, 1.0f), 1.0f);
  EXPECT_EQ(fminf(1.0f, nan), 1.0f);
  EXPECT_TRUE(std::isnan(fmaxf(nan, nan)));
  EXPECT_EQ(fmax(-2.0, 3.0), 3.0);
  EXPECT_EQ(fmin(-2.0, 3.0), -2.0);
  EXPECT_EQ(min(2.0f, 1.0), 1.0);
  EXPECT_EQ(max(2.0f, 1.0f), 2.0f);
}

TEST(DeviceFunctions, Conversions) {
  EXPECT_EQ(__float2int_rn(2.5f), 2);
  EXPECT_EQ(__float2int_rn(3.5f), 4);
  EXPECT_EQ(__float2int_rz(-2.9f), -2);
  EXPECT_EQ(__float2int_ru(2.1f), 3);
  EXPECT_EQ(__float2int_rd(-2.1f), -3);
  EXPECT_EQ(__float2int_rn(1e20f), std::numeric_limits<int>::max());
  EXPECT_EQ(__float2int_rn(-1e20f), std::numeric_limits<int>::min());
  EXPECT_EQ(__float2int_rn(NAN), 0);
  EXPECT_EQ(__float2uint_rz(-5.0f), 0u);
  EXPECT_EQ(__double2ll_rn(-0.5), 0);
  EXPECT_EQ(__float_as_int(1.0f), 0x3f800000);
  EXPECT_EQ(__int_as_float(0x40000000), 2.0f);
  EXPECT_EQ(__hiloint2double(__double2hiint(3.25), __double2loint(3.25)), 3.25);
}

TEST(DeviceFunctions, Mathematics) {
  EXPECT_FLOAT_EQ(rsqrtf(4.0f), 0.5f);
  EXPECT_FLOAT_EQ(__expf(1.0f), std::exp(1.0f));
  EXPECT_FLOAT_EQ(__logf(10.0f), std::log(10.0f));
  EXPECT_FLOAT_EQ(__powf(2.0f, 10.0f), 1024.0f);
  EXPECT_FLOAT_EQ(__fdividef(1.0f, 3.0f), 1.0f / 3.0f);
  EXPECT_EQ(__saturatef(1.5f), 1.0f);
  EXPECT_EQ(__saturatef(-1.5f), 0.0f);
  EXPECT_EQ(__saturatef(NAN), 0.0f);
  EXPECT_EQ(__fmaf_rn(2.0f, 3.0f, 4.0f), 10.0f);
  EXPECT_EQ(sinpi(1.0), 0.0);
  EXPECT_EQ(sinpi(0.5), 1.0);
  EXPECT_EQ(cospi(0.5), 0.0);
  EXPECT_EQ(cospi(1.0), -1.0);
  EXPECT_EQ(sinpif(-1.5f), 1.0f);
  for (double x = -3; x < 3; x += 0.1) {
    EXPECT_NEAR(sinpi(x), std::sin(M_PI * x), 1e-14);
    EXPECT_NEAR(cospi(x), std::cos(M_PI * x), 1e-14);
  }
  EXPECT_NEAR(normcdf(1.96), 0.9750021, 1e-7);
  EXPECT_EQ(rhypotf(3.0f, 4.0f), 0.2f);
}

__global__ void fused_or_not(float a, float b, float c, float* out) {
  out[0] = __fadd_rn(__fmul_rn(a, b), c);
  out[1] = __fmaf_rn(a, b, c);
}

TEST(DeviceFunctions, RoundedProductsAreNotFused) {
  const float a = 1.0f + 0x1p-12f;
  DeviceArray<float> out(2, 0);
  fused_or_not<<<1, 1>>>(a, a, -1.0f, out.data());
  EXPECT_EQ(out.host()[0], 0x1p-11f);
  EXPECT_EQ(out.host()[1], 0x1p-11f + 0x1p-24f);
}

TEST(DeviceFunctions, VectorTypes) {
  static_assert(sizeof(float3) == 12 && alignof(float3) == 4);
  static_assert(sizeof(float4) == 16 && alignof(float4) == 16);
  static_assert(alignof(float2) == 8 && alignof(double2) == 16 && alignof(int2) == 8);
  static_assert(sizeof(uchar4) == 4 && alignof(uchar4) == 4 && alignof(short4) == 8);
  static_assert(sizeof(double4) == 32 && alignof(longlong2) == 16 && sizeof(ushort3) == 6);
  constexpr float4 v = make_float4(1, 2, 3, 4);
  static_assert(v.w == 4);
  const dim3 from_one = 7;
  EXPECT_EQ(from_one.x, 7u);
  EXPECT_EQ(from_one.z, 1u);
  const uint3 back = dim3(1, 2, 3);
  EXPECT_EQ(back.y, 2u);
}

__global__ void copy_cached(const float4* in, float4* out) {
  __stcs(&out[4 * threadIdx.x], __ldg(&in[4 * threadIdx.x]));
  __stcg(&out[4 * threadIdx.x + 1], __ldcs(&in[4 * threadIdx.x + 1]));
  __stwt(&out[4 * threadIdx.x + 2], __ldcg(&in[4 * threadIdx.x + 2]));
  __stwb(&out[4 * threadIdx.x + 3], __ldcv(&in[4 * threadIdx.x + 3]));
}

TEST(DeviceFunctions, CachedLoadsAndStores) {
  std::vector<float4> values(128);
  for (int i = 0; i < 128; ++i) values[i] = make_float4(i, i + 1, i + 2, i + 3);
  DeviceArray<float4> in(values);
  DeviceArray<float4> out(128, make_float4(0, 0, 0, 0));
  copy_cached<<<1, 32>>>(in.data(), out.data());
  const std::vector<float4> got = out.host();
  for (int i = 0; i < 128; ++i) EXPECT_EQ(got[i].w, values[i].w);
}

TEST(DeviceFunctions, VectorsOfChosenAlignment) {
  static_assert(sizeof(double4_16a) == 32 && alignof(double4_16a) == 16 && alignof(double4_32a) == 32);
  static_assert(alignof(longlong4_32a) == 32 && alignof(ulong4_16a) == 16);
  constexpr ulonglong4_32a v = make_ulonglong4_32a(1, 2, 3, 4);
  static_assert(v.z == 3);
}

__global__ void read_clock(long long* out) {
  const long long start = clock64();
  __threadfence_block();
  __threadfence_system();
  *out = clock64() - start;
}

__global__ void spin_for(clock_t cycles, clock_t* passed) {
  const clock_t start = clock();
  while (clock() - start < cycles) __nanosleep(100);
  *passed = clock() - start;
}

TEST(DeviceFunctions, ClockCountsCycles) {
  DeviceArray<clock_t> passed(1, 0);
  spin_for<<<1, 1>>>(100'000, passed.data());
  EXPECT_GE(passed.host()[0], 100'000);
  EXPECT_LT(clock(), 3600 * CLOCKS_PER_SEC) << "on the host it stays the process's time";
}

TEST(DeviceFunctions, ClockAdvances) {
  DeviceArray<long long> out(1, -1);
  read_clock<<<1, 1>>>(out.data());
  EXPECT_GT(out.host()[0], 0);
}

}  // namespace
}  // namespace gridstride::emulator
