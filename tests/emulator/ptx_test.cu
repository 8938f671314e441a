// Inline PTX: each family of instructions against plain C++, at the edges that the manual defines
#include <cmath>
#include <cstdint>
#include <limits>

#include "tests/emulator/runtime_fixture.hpp"

namespace gridstride::emulator {
namespace {

/// The result, of TYPE in a register of kind CONSTRAINT, of instructions on the operands.
#define PTX(TYPE, CONSTRAINT, TEXT, ...)         \
  [&] {                                          \
    TYPE d{};                                    \
    asm(TEXT : "=" CONSTRAINT(d) : __VA_ARGS__); \
    return d;                                    \
  }()
#define PTX_U32(TEXT, ...) PTX(unsigned, "r", TEXT, __VA_ARGS__)
#define PTX_S32(TEXT, ...) PTX(int, "r", TEXT, __VA_ARGS__)
#define PTX_U64(TEXT, ...) PTX(unsigned long long, "l", TEXT, __VA_ARGS__)
#define PTX_F32(TEXT, ...) PTX(float, "f", TEXT, __VA_ARGS__)

constexpr unsigned kOnes = ~0u;
constexpr int kLowest = std::numeric_limits<int>::min();
constexpr float kInfinity = std::numeric_limits<float>::infinity();
const float kNan = std::numeric_limits<float>::quiet_NaN();

TEST(Ptx, IntegerArithmetic) {
  EXPECT_EQ(PTX_U32("add.u32 %0, %1, %2;", "r"(kOnes), "r"(2)), 1u);
  EXPECT_EQ(PTX_S32("add.sat.s32 %0, %1, %2;", "r"(kLowest), "r"(-1)), kLowest);
  EXPECT_EQ(PTX_S32("sub.sat.s32 %0, 0, %1;", "r"(kLowest)), 0x7fffffff);
  EXPECT_EQ(PTX_S32("mul.lo.s32 %0, %1, -3;", "r"(7)), -21);
  EXPECT_EQ(PTX_U32("mul.hi.u32 %0, %1, %1;", "r"(kOnes)), 0xfffffffeu);
  EXPECT_EQ(PTX_S32("mul.hi.s32 %0, %1, %2;", "r"(-1), "r"(5)), -1);
  EXPECT_EQ(PTX_U64("mul.hi.u64 %0, %1, %1;", "l"(~0ull)), ~0ull - 1);
  EXPECT_EQ(PTX_U64("mul.wide.u32 %0, %1, %1;", "r"(kOnes)), 0xfffffffe00000001ull);
  EXPECT_EQ(PTX_U64("mul.wide.s32 %0, %1, %2;", "r"(-2), "r"(3)), static_cast<unsigned long long>(-6));
  EXPECT_EQ(PTX_U64("mad.wide.u16 %0, %1, %1, %2;", "h"(static_cast<unsigned short>(0xffff)), "r"(1)),
            0xfffe0002ull);
  EXPECT_EQ(PTX_U32("mad.lo.u32 %0, %1, %2, %3;", "r"(3), "r"(4), "r"(5)), 17u);
  EXPECT_EQ(PTX_S32("mul24.lo.s32 %0, %1, %2;", "r"(0x00ffffff), "r"(2)), -2);
  EXPECT_EQ(PTX_U32("sad.s32 %0, %1, %2, %3;", "r"(-3), "r"(4), "r"(10)), 17u);
  EXPECT_EQ(PTX_S32("div.s32 %0, %1, -1;", "r"(kLowest)), kLowest);
  EXPECT_EQ(PTX_S32("rem.s32 %0, %1, 3;", "r"(-7)), -1);
  EXPECT_EQ(PTX_S32("min.s32 %0, %1, 1;", "r"(-1)), -1);
  EXPECT_EQ(PTX_U32("min.u32 %0, %1, 1;", "r"(-1)), 1u);
  EXPECT_EQ(PTX_S32("abs.s32 %0, %1;", "r"(-9)), 9);
  EXPECT_EQ(PTX_S32("neg.s32 %0, %1;", "r"(kLowest)), kLowest);
}

TEST(Ptx, CarriesGoThroughAStatement) {
  unsigned low = 0xffffffff, middle = 0xffffffff, high = 5;
  asm("add.cc.u32 %0, %0, 1;\n\t"
      "addc.cc.u32 %1, %1, 0;\n\t"
      "addc.u32 %2, %2, 0;"
      : "+r"(low), "+r"(middle), "+r"(high));
  EXPECT_EQ(low, 0u);
  EXPECT_EQ(middle, 0u);
  EXPECT_EQ(high, 6u);
  asm("sub.cc.u32 %0, %0, 1; subc.cc.u32 %1, %1, 0; subc.u32 %2, %2, 0;"
      : "+r"(low), "+r"(middle), "+r"(high));
  EXPECT_EQ(low, 0xffffffffu);
  EXPECT_EQ(middle, 0xffffffffu);
  EXPECT_EQ(high, 5u);
  // (2^64 - 1) * (2^64 - 1) + (2^64 - 1)
  unsigned long long a = ~0ull, d0, d1;
  asm("mad.lo.cc.u64 %0, %2, %2, %2; madc.hi.u64 %1, %2, %2, 0;" : "=l"(d0), "=l"(d1) : "l"(a));
  EXPECT_EQ(d0, 0ull);
  EXPECT_EQ(d1, ~0ull);
  // A carry that comes in and goes out at once: -1 + -1 + 1
  EXPECT_EQ(
      PTX_U32("{ .reg .u32 t; add.cc.u32 t, %1, 1; addc.cc.u32 t, %1, %1; addc.u32 %0, t, 0; }", "r"(kOnes)),
      0u);
}

TEST(Ptx, Bits) {
  EXPECT_EQ(PTX_U32("shl.b32 %0, %1, %2;", "r"(unsigned(kOnes)), "r"(31)), 0x80000000u);
  EXPECT_EQ(PTX_U32("shl.b32 %0, %1, %2;", "r"(1), "r"(32)), 0u);
  EXPECT_EQ(PTX_U32("shr.u32 %0, %1, 100;", "r"(kOnes)), 0u);
  EXPECT_EQ(PTX_S32("shr.s32 %0, %1, 100;", "r"(-5)), -1);
  EXPECT_EQ(PTX_U32("shf.l.wrap.b32 %0, %1, %2, 33;", "r"(0x80000000u), "r"(1)), 3u);
  EXPECT_EQ(PTX_U32("shf.l.clamp.b32 %0, %1, %2, 33;", "r"(0x80000000u), "r"(1)), 0x80000000u);
  EXPECT_EQ(PTX_U32("shf.r.clamp.b32 %0, %1, %2, 40;", "r"(7), "r"(9)), 9u);
  EXPECT_EQ(PTX_U32("bfe.u32 %0, %1, 8, 4;", "r"(0x12345678)), 6u);
  EXPECT_EQ(PTX_U32("bfe.u32 %0, %1, 8, 0;", "r"(kOnes)), 0u);
  EXPECT_EQ(PTX_S32("bfe.s32 %0, %1, 4, 4;", "r"(0x80)), -8);
  EXPECT_EQ(PTX_S32("bfe.s32 %0, %1, 28, 16;", "r"(0x80000000u)), -8);
  EXPECT_EQ(PTX_S32("bfe.s32 %0, %1, 40, 1;", "r"(0x80000000u)), -1);
  EXPECT_EQ(PTX_U32("bfe.u32 %0, %1, 256, 255;", "r"(77)), 77u);
  EXPECT_EQ(PTX_U32("bfi.b32 %0, %1, %2, 8, 4;", "r"(0xab), "r"(kOnes)), 0xfffffbffu);
  EXPECT_EQ(PTX_U32("bfi.b32 %0, %1, %2, 8, 0;", "r"(0), "r"(kOnes)), kOnes);
  EXPECT_EQ(PTX_U32("bfi.b32 %0, %1, %2, 32, 8;", "r"(0), "r"(kOnes)), kOnes);
  EXPECT_EQ(PTX_U32("brev.b32 %0, %1;", "r"(1)), 0x80000000u);
  EXPECT_EQ(PTX_U32("clz.b32 %0, %1;", "r"(0)), 32u);
  EXPECT_EQ(PTX_U32("popc.b64 %0, %1;", "l"(~0ull)), 64u);
  EXPECT_EQ(PTX_U32("bfind.u32 %0, %1;", "r"(0)), kOnes);
  EXPECT_EQ(PTX_U32("bfind.s32 %0, %1;", "r"(-1)), kOnes);
  EXPECT_EQ(PTX_U32("bfind.s32 %0, %1;", "r"(-16)), 3u);
  EXPECT_EQ(PTX_U32("bfind.shiftamt.u32 %0, %1;", "r"(16)), 27u);
  EXPECT_EQ(PTX_U32("not.b32 %0, %1;", "r"(0xf0f0f0f0u)), 0x0f0f0f0fu);
  EXPECT_EQ(PTX_U32("cnot.b32 %0, %1;", "r"(0)), 1u);
  const unsigned a = 0x12345678, b = 0x9abcdef0, c = 0x0f1e2d3c;
  EXPECT_EQ(PTX_U32("lop3.b32 %0, %1, %2, %3, 0x96;", "r"(a), "r"(b), "r"(c)), a ^ b ^ c);
  EXPECT_EQ(PTX_U32("lop3.b32 %0, %1, %2, %3, 0xb8;", "r"(a), "r"(b), "r"(c)), (a & ~b) | (b & c));
  EXPECT_EQ(PTX_U32("lop3.b32 %0, %1, %2, %3, 0xe8;", "r"(a), "r"(b), "r"(c)), (a & b) | (a & c) | (b & c));
}

TEST(Ptx, BytesAndVideo) {
  const unsigned a = 0x03020100, b = 0x87060504;
  EXPECT_EQ(PTX_U32("prmt.b32 %0, %1, %2, 0x7531;", "r"(a), "r"(b)), 0x87050301u);
  EXPECT_EQ(PTX_U32("prmt.b32 %0, %1, %2, 0xf840;", "r"(a), "r"(b)), 0xff000400u);
  EXPECT_EQ(PTX_U32("prmt.b32.f4e %0, %1, %2, 1;", "r"(a), "r"(b)), 0x04030201u);
  EXPECT_EQ(PTX_U32("prmt.b32.b4e %0, %1, %2, 1;", "r"(a), "r"(b)), 0x06870001u);
  EXPECT_EQ(PTX_U32("prmt.b32.rc16 %0, %1, %2, 1;", "r"(a), "r"(b)), 0x03020302u);
  EXPECT_EQ(PTX_S32("dp4a.s32.s32 %0, %1, %2, %3;", "r"(0xff02ff04), "r"(0x01020304), "r"(10)),
            10 + 16 - 3 + 4 - 1);
  EXPECT_EQ(PTX_U32("dp4a.u32.u32 %0, %1, %1, 1;", "r"(kOnes)), 4u * 255 * 255 + 1);
  EXPECT_EQ(PTX_S32("dp4a.s32.u32 %0, %1, %2, 0;", "r"(kOnes), "r"(0xff)), -255);
  EXPECT_EQ(PTX_S32("dp2a.hi.s32.s32 %0, %1, %2, 0;", "r"(0xffff0002), "r"(0x05030000)), 2 * 3 - 5);
  EXPECT_EQ(PTX_U32("vshr.u32.u32.u32.clamp.add %0, %1, %2, %3;", "r"(8), "r"(40), "r"(5)), 5u);
  EXPECT_EQ(PTX_U32("vshl.u32.u32.u32.wrap %0, %1, %2;", "r"(1), "r"(33)), 2u);
  EXPECT_EQ(PTX_U32("vadd.u32.u32.u32.sat %0, %1, %1;", "r"(kOnes)), kOnes);
  EXPECT_EQ(PTX_S32("vabsdiff.s32.u32.u32.max %0, %1, %2, %3;", "r"(3), "r"(9), "r"(-2)), 6);
}

TEST(Ptx, MovesPackAndUnpack) {
  unsigned low = 0, high = 0;
  asm("mov.b64 {%0, %1}, %2;" : "=r"(low), "=r"(high) : "d"(1.0));
  EXPECT_EQ(low, 0u);
  EXPECT_EQ(high, 0x3ff00000u);
  EXPECT_EQ(PTX(double, "d", "mov.b64 %0, {%1, %2};", "r"(low), "r"(high)), 1.0);
  EXPECT_EQ(PTX_U32("{ .reg .b16 a, b; mov.b32 {a, b}, %1; mov.b32 %0, {b, a}; }", "r"(0x12345678)),
            0x56781234u);
  EXPECT_EQ(PTX_U32("{ .reg .b16 a; mov.b32 {_, a}, %1; cvt.u32.u16 %0, a; }", "r"(0x12345678)), 0x1234u);
  EXPECT_EQ(PTX_U32("mov.b32 %0, %1;", "f"(1.0f)), 0x3f800000u);
  EXPECT_EQ(PTX_F32("mov.f32 %0, 0fC0000000;", "r"(0)), -2.0f);
  int* pointer = nullptr;
  asm("add.u64 %0, %1, 4;" : "=l"(pointer) : "l"(&kLowest));
  EXPECT_EQ(pointer, &kLowest + 1);
}

TEST(Ptx, FloatingPoint) {
  const float third = 1.0f / 3, tiny = 1e-39f;
  EXPECT_EQ(PTX_F32("fma.rn.f32 %0, %1, %2, %3;", "f"(third), "f"(3.0f), "f"(-1.0f)),
            std::fma(third, 3.0f, -1.0f));
  EXPECT_GT(PTX_F32("add.rp.f32 %0, %1, 0f00800000;", "f"(1.0f)), 1.0f);
  EXPECT_EQ(PTX_F32("add.rz.f32 %0, %1, 0f00800000;", "f"(1.0f)), 1.0f);
  EXPECT_EQ(PTX_F32("mul.f32 %0, %1, 1.0;", "f"(tiny)), tiny);
  EXPECT_EQ(PTX_F32("mul.ftz.f32 %0, %1, 1.0;", "f"(tiny)), 0.0f);
  EXPECT_TRUE(std::signbit(PTX_F32("mul.ftz.f32 %0, %1, 1.0;", "f"(-tiny))));
  EXPECT_EQ(PTX_F32("add.sat.f32 %0, %1, 1.0;", "f"(5.0f)), 1.0f);
  EXPECT_EQ(PTX_F32("add.sat.f32 %0, %1, 1.0;", "f"(kNan)), 0.0f);
  EXPECT_EQ(PTX(double, "d", "div.rn.f64 %0, %1, %2;", "d"(1.0), "d"(3.0)), 1.0 / 3);
  EXPECT_EQ(PTX_F32("min.f32 %0, %1, 2.0;", "f"(kNan)), 2.0f);
  EXPECT_TRUE(std::isnan(PTX_F32("max.NaN.f32 %0, %1, 2.0;", "f"(kNan))));
  EXPECT_TRUE(std::signbit(PTX_F32("min.f32 %0, %1, %2;", "f"(0.0f), "f"(-0.0f))));
  EXPECT_EQ(PTX_F32("neg.f32 %0, %1;", "f"(3.0f)), -3.0f);
  EXPECT_EQ(PTX_F32("ex2.approx.ftz.f32 %0, %1;", "f"(-3.0f)), 0.125f);
  EXPECT_EQ(PTX_F32("lg2.approx.f32 %0, %1;", "f"(8.0f)), 3.0f);
  EXPECT_EQ(PTX_F32("rcp.approx.ftz.f32 %0, %1;", "f"(0.0f)), kInfinity);
  EXPECT_EQ(PTX_F32("rsqrt.approx.f32 %0, %1;", "f"(0.25f)), 2.0f);
  EXPECT_EQ(PTX_F32("sqrt.rn.f32 %0, %1;", "f"(2.0f)), std::sqrt(2.0f));
  EXPECT_NEAR(PTX_F32("tanh.approx.f32 %0, %1;", "f"(0.5f)), std::tanh(0.5f), 1e-6f);
  EXPECT_EQ(PTX_U32("tanh.approx.f16x2 %0, %1;", "r"(0x00007c00)), 0x00003c00u);
  EXPECT_EQ(PTX_U32("fma.rn.f16x2 %0, %1, %1, %1;", "r"(0x40003c00)), 0x46004000u);  // {1, 2}
  EXPECT_EQ(PTX_U32("ex2.approx.ftz.bf16x2 %0, %1;", "r"(0x3f800000)), 0x40003f80u);
}

TEST(Ptx, ComparisonsAndChoices) {
  EXPECT_EQ(PTX_U32("{ .reg .pred p, q; setp.lt.u32 p|q, %1, 1; selp.u32 %0, 10, 20, q; @p mov.u32 %0, 3; }",
                    "r"(-1)),
            10u);
  EXPECT_EQ(PTX_U32("{ .reg .pred p; setp.lt.s32 p, %1, 1; selp.u32 %0, 10, 20, p; }", "r"(-1)), 10u);
  EXPECT_EQ(
      PTX_U32("{ .reg .pred p, c; setp.eq.s32 c, 1, 1; setp.gt.and.s32 p, %1, 0, !c; selp.u32 %0, 1, 0, p; }",
              "r"(5)),
      0u);
  EXPECT_EQ(PTX_U32("set.lt.u32.f32 %0, %1, 1.0;", "f"(kNan)), 0u);
  EXPECT_EQ(PTX_U32("set.ltu.u32.f32 %0, %1, 1.0;", "f"(kNan)), kOnes);
  EXPECT_EQ(PTX_U32("set.ne.u32.f32 %0, %1, %1;", "f"(kNan)), 0u);
  EXPECT_EQ(PTX_F32("set.hi.f32.u32 %0, %1, 1;", "r"(-1)), 1.0f);
  EXPECT_EQ(PTX_U32("slct.u32.f32 %0, 1, 2, %1;", "f"(-0.0f)), 1u);
  EXPECT_EQ(PTX_U32("{ .reg .pred p; testp.infinite.f32 p, %1; selp.u32 %0, 1, 0, p; }", "f"(kInfinity)), 1u);
}

TEST(Ptx, Conversions) {
  EXPECT_EQ(PTX_S32("cvt.sat.s8.s32 %0, %1;", "r"(-300)), -128);
  EXPECT_EQ(PTX_U32("cvt.sat.u8.s32 %0, %1;", "r"(-300)), 0u);
  EXPECT_EQ(PTX_U32("cvt.sat.u16.u32 %0, %1;", "r"(70000)), 65535u);
  EXPECT_EQ(PTX_U32("cvt.u8.u32 %0, %1;", "r"(0x1234)), 0x34u);
  EXPECT_EQ(PTX_S32("cvt.s8.s32 %0, %1;", "r"(0x80)), -128);
  EXPECT_EQ(PTX_U64("cvt.s64.s32 %0, %1;", "r"(-2)), static_cast<unsigned long long>(-2));
  EXPECT_EQ(PTX_S32("cvt.rni.s32.f32 %0, %1;", "f"(2.5f)), 2);
  EXPECT_EQ(PTX_S32("cvt.rzi.s32.f32 %0, %1;", "f"(-2.5f)), -2);
  EXPECT_EQ(PTX_S32("cvt.rmi.s32.f32 %0, %1;", "f"(-2.5f)), -3);
  EXPECT_EQ(PTX_S32("cvt.rpi.s32.f32 %0, %1;", "f"(2.1f)), 3);
  EXPECT_EQ(PTX_S32("cvt.rzi.s32.f32 %0, %1;", "f"(1e20f)), 0x7fffffff);
  EXPECT_EQ(PTX_U32("cvt.rzi.u32.f32 %0, %1;", "f"(kNan)), 0u);
  EXPECT_EQ(PTX_F32("cvt.rni.f32.f32 %0, %1;", "f"(-1.5f)), -2.0f);
  EXPECT_EQ(PTX_F32("cvt.rzi.f32.f32 %0, %1;", "f"(-1.9f)), -1.0f);
  EXPECT_EQ(PTX_F32("cvt.rz.f32.u32 %0, %1;", "r"(kOnes)), 4294967040.0f);
  EXPECT_EQ(PTX_F32("cvt.rn.f32.u32 %0, %1;", "r"(kOnes)), 4294967296.0f);
  EXPECT_EQ(PTX_F32("cvt.sat.f32.f32 %0, %1;", "f"(7.0f)), 1.0f);
  EXPECT_EQ(PTX_F32("cvt.rm.f32.f64 %0, %1;", "d"(1 + 1e-12)), 1.0f);
  EXPECT_EQ(PTX(unsigned short, "h", "cvt.rn.f16.f32 %0, %1;", "f"(1.5f)), 0x3e00);
  EXPECT_EQ(PTX_F32("cvt.f32.f16 %0, %1;", "h"(static_cast<unsigned short>(0xc000))), -2.0f);
  EXPECT_EQ(PTX_U32("cvt.rn.f16x2.f32 %0, %1, %2;", "f"(1.0f), "f"(2.0f)), 0x3c004000u);
  EXPECT_EQ(PTX_U32("cvt.rn.relu.bf16x2.f32 %0, %1, %2;", "f"(-1.0f), "f"(2.0f)), 0x00004000u);
}

__global__ void memory(unsigned* data, unsigned* out) {
  __shared__ unsigned tile[64];
  const unsigned i = threadIdx.x;
  const auto at = static_cast<unsigned>(__cvta_generic_to_shared(&tile[i]));
  asm volatile("st.shared.u32 [%0], %1;" ::"r"(at), "r"(i * i) : "memory");
  asm volatile("barrier.sync 0;" ::: "memory");
  unsigned next, low, high;
  asm volatile("ld.shared.u32 %0, [%1+4];" : "=r"(next) : "r"(at));
  asm volatile("ld.global.L1::no_allocate.nc.v2.u32 {%0, %1}, [%2];"
               : "=r"(low), "=r"(high)
               : "l"(data + 2 * i));
  int byte;
  asm("ld.s8 %0, [%1+-1];" : "=r"(byte) : "l"(reinterpret_cast<signed char*>(data + 2 * i) + 1));
  asm volatile("st.global.cs.v4.u32 [%0+16], {%1, %2, %3, %4};" ::"l"(out + 8 * i), "r"(next), "r"(low),
               "r"(high), "r"(byte));
  unsigned long long shared, generic;
  unsigned is_shared;
  asm("cvta.to.shared.u64 %0, %1;" : "=l"(shared) : "l"(tile));
  asm("cvta.shared.u64 %0, %1;" : "=l"(generic) : "l"(shared));
  asm("{ .reg .pred p; isspacep.shared p, %1; selp.u32 %0, 1, 0, p; }" : "=r"(is_shared) : "l"(generic));
  out[8 * i] = generic == reinterpret_cast<unsigned long long>(tile);
  out[8 * i + 1] = is_shared;
  asm("prefetch.global.L2 [%0];" ::"l"(data));
}

class PtxKernel : public RuntimeTest {};
GRIDSTRIDE_EVERY_SCHEDULE(PtxKernel);

TEST_P(PtxKernel, LoadsStoresAndSpaces) {
  DeviceArray<unsigned> data(64, 0xfffffff0u), out(32 * 8, 0u);
  memory<<<1, 32>>>(data.data(), out.data());
  ASSERT_EQ(cudaDeviceSynchronize(), cudaSuccess);
  const auto got = out.host();
  for (unsigned i = 0; i < 31; ++i) {
    EXPECT_EQ(got[8 * i], 1u);
    EXPECT_EQ(got[8 * i + 1], 1u);
    EXPECT_EQ(got[8 * i + 4], (i + 1) * (i + 1));
    EXPECT_EQ(got[8 * i + 5], 0xfffffff0u);
    EXPECT_EQ(got[8 * i + 6], 0xfffffff0u);
    EXPECT_EQ(static_cast<int>(got[8 * i + 7]), -16);
  }
}

/// Thread i copies 16 bytes, of which 4 (i % 4) are there; then, under a predicate, 4 of its neighbour's.
__global__ void copies(const uint4* data, uint4* out, uint4* early) {
  __shared__ uint4 tile[32];
  const unsigned i = threadIdx.x;
  tile[i] = uint4{7, 7, 7, 7};
  const auto at = static_cast<unsigned>(__cvta_generic_to_shared(&tile[i]));
  asm volatile("cp.async.cg.shared.global.L2::128B [%0], [%1], %2, %3;" ::"r"(at), "l"(data + i), "n"(16),
               "r"(4 * (i % 4)));
  asm volatile("cp.async.commit_group;");
  asm volatile(
      "{ .reg .pred p; setp.ne.b32 p, %0, 0; @p cp.async.ca.shared::cta.global [%1+12], [%2+4], 4; }" ::"r"(
          i % 2),
      "r"(at), "l"(data + i));
  asm volatile("cp.async.commit_group;");
  early[i] = tile[i];
  asm volatile("cp.async.wait_group %0;" ::"n"(1));
  early[i].x = tile[i].x;
  asm volatile("cp.async.wait_all;");
  out[i] = tile[i];
}

TEST_P(PtxKernel, AsynchronousCopies) {
  std::vector<uint4> values(32);
  for (unsigned i = 0; i < 32; ++i) values[i] = uint4{10 * i + 1, 10 * i + 2, 10 * i + 3, 10 * i + 4};
  DeviceArray<uint4> data(32, uint4{}), out(32, uint4{}), early(32, uint4{});
  ASSERT_EQ(cudaMemcpy(data.data(), values.data(), 32 * sizeof(uint4), cudaMemcpyHostToDevice), cudaSuccess);
  copies<<<1, 32>>>(data.data(), out.data(), early.data());
  ASSERT_EQ(cudaDeviceSynchronize(), cudaSuccess);
  const auto got = out.host(), before = early.host();
  for (unsigned i = 0; i < 32; ++i) {
    EXPECT_EQ(before[i].x, i % 4 > 0 ? 10 * i + 1 : 0) << "the first group had arrived";
    EXPECT_EQ(before[i].y, 7u) << "but not when nobody had waited";
    EXPECT_EQ(got[i].x, i % 4 > 0 ? 10 * i + 1 : 0);
    EXPECT_EQ(got[i].y, i % 4 > 1 ? 10 * i + 2 : 0);
    EXPECT_EQ(got[i].z, i % 4 > 2 ? 10 * i + 3 : 0);
    EXPECT_EQ(got[i].w, i % 2 == 1 ? 10 * i + 2 : 0);
  }
}

__global__ void atomics(unsigned* counter, float* sum, unsigned* tickets) {
  unsigned ticket;
  asm volatile("atom.add.acquire.gpu.global.u32 %0, [%1], 1;" : "=r"(ticket) : "l"(counter) : "memory");
  atomicExch(&tickets[ticket], 1u);
  asm volatile("red.relaxed.gpu.global.add.f32 [%0], 0f3F000000;" ::"l"(sum) : "memory");
  asm volatile("red.global.max.s32 [%0], %1;" ::"l"(counter + 1), "r"(threadIdx.x));
  asm volatile("red.global.inc.u32 [%0], 6;" ::"l"(counter + 2));
  unsigned lock, old = 1;
  while (old != 0) {  // a lock that is taken, held and released by every thread
    asm volatile("atom.global.cas.b32 %0, [%1], 0, 1;" : "=r"(old) : "l"(counter + 3));
  }
  asm volatile("ld.volatile.global.u32 %0, [%1];" : "=r"(lock) : "l"(counter + 4));
  asm volatile("st.relaxed.gpu.u32 [%0], %1; membar.gl;" ::"l"(counter + 4), "r"(lock + 1));
  asm volatile("atom.exch.b32 %0, [%1], 0;" : "=r"(old) : "l"(counter + 3));
}

TEST_P(PtxKernel, Atomics) {
  constexpr unsigned kThreads = 4 * 48;
  DeviceArray<unsigned> counters(5, 0u), tickets(kThreads, 0u);
  DeviceArray<float> sum(1, 0.0f);
  atomics<<<4, 48>>>(counters.data(), sum.data(), tickets.data());
  ASSERT_EQ(cudaDeviceSynchronize(), cudaSuccess);
  const auto got = counters.host();
  EXPECT_EQ(got[0], kThreads);
  EXPECT_EQ(got[1], 47u);
  EXPECT_EQ(got[2], kThreads % 7);
  EXPECT_EQ(got[3], 0u);
  EXPECT_EQ(got[4], kThreads);
  EXPECT_EQ(sum.host()[0], kThreads / 2.0f);
  for (unsigned ticket : tickets.host()) EXPECT_EQ(ticket, 1u);
}

__global__ void warps(unsigned* wrong) {
  const unsigned lane = threadIdx.x % 32;
  const auto expect = [&](unsigned got, unsigned expected) {
    if (got != expected) atomicAdd(wrong, 1u);
  };
  unsigned a, b, in_range;
  asm("mov.u32 %0, %%laneid;" : "=r"(a));
  expect(a, lane);
  asm("mov.u32 %0, %lanemask_lt;" : "=r"(a));
  expect(a, (1u << lane) - 1);
  asm("mov.u32 %0, %tid.x; mov.u32 %1, %ntid.x;" : "=r"(a), "=r"(b));
  expect(a, threadIdx.x);
  expect(b, blockDim.x);
  asm volatile("{ .reg .pred p; shfl.sync.up.b32 %0|p, %2, 1, 0, -1; selp.u32 %1, 1, 0, p; }"
               : "=r"(a), "=r"(in_range)
               : "r"(lane * 3));
  expect(a, lane == 0 ? 0 : (lane - 1) * 3);
  expect(in_range, lane != 0);
  asm volatile("shfl.sync.down.b32 %0, %1, 2, 0x181f, 0xffffffff;" : "=r"(a) : "r"(lane));  // width 8
  expect(a, lane % 8 < 6 ? lane + 2 : lane);
  asm volatile("shfl.sync.bfly.b32 %0, %1, 5, 0x1f, -1;" : "=r"(a) : "r"(lane));
  expect(a, lane ^ 5);
  asm volatile("shfl.sync.idx.b32 %0, %1, 3, 0x1c1f, -1;" : "=r"(a) : "r"(lane));  // width 4
  expect(a, lane / 4 * 4 + 3);
  asm volatile("{ .reg .pred p; setp.lt.u32 p, %1, 5; vote.sync.ballot.b32 %0, p, -1; }"
               : "=r"(a)
               : "r"(lane));
  expect(a, 31);
  asm volatile("redux.sync.max.u32 %0, %1, -1;" : "=r"(a) : "r"(lane));
  expect(a, 31);
  asm volatile("match.any.sync.b32 %0, %1, -1;" : "=r"(a) : "r"(lane % 2));
  expect(a, lane % 2 ? 0xaaaaaaaau : 0x55555555u);
  asm volatile("{ .reg .pred p; setp.eq.u32 p, %1, 7; bar.red.popc.u32 %0, 0, p; }" : "=r"(a) : "r"(lane));
  expect(a, blockDim.x / 32);
  asm volatile("bar.warp.sync 0xffffffff;");
  asm volatile("activemask.b32 %0;" : "=r"(a));
  expect(a >> lane & 1, 1);
}

TEST_P(PtxKernel, WarpsAndSpecialRegisters) {
  DeviceArray<unsigned> wrong(1, 0u);
  warps<<<3, 64>>>(wrong.data());
  ASSERT_EQ(cudaDeviceSynchronize(), cudaSuccess);
  EXPECT_EQ(wrong.host()[0], 0u);
}

__global__ void leaving(unsigned* stayed) {
  asm("{ .reg .pred p; setp.lt.u32 p, %0, 20; @p exit; }" ::"r"(threadIdx.x));
  atomicAdd(stayed, 1u);
}

TEST_P(PtxKernel, ExitEndsTheThread) {
  DeviceArray<unsigned> stayed(1, 0u);
  leaving<<<1, 32>>>(stayed.data());
  EXPECT_EQ(stayed.host()[0], 12u);
}

__device__ __noinline__ int leave_if(bool leaves) noexcept {
  if (leaves) asm volatile("exit;");
  return 1;
}

__global__ void leaving_from_a_function(unsigned* stayed) {
  if (threadIdx.x < 8) __syncthreads();  // ends when all others have left
  atomicAdd(stayed, leave_if(threadIdx.x % 4 == 1));
  if (threadIdx.x >= 8) leave_if(true);
}

TEST_P(PtxKernel, ExitEndsTheThreadOutOfItsFunctions) {
  DeviceArray<unsigned> stayed(1, 0u);
  leaving_from_a_function<<<2, 48>>>(stayed.data());
  ASSERT_EQ(cudaDeviceSynchronize(), cudaSuccess);
  EXPECT_EQ(stayed.host()[0], 2u * 36);
}

__global__ void trapping() {
  if (threadIdx.x == 3) asm("trap;");
}

TEST_P(PtxKernel, TrapEndsTheLaunch) {
  trapping<<<1, 32>>>();
  EXPECT_EQ(cudaDeviceSynchronize(), cudaErrorLaunchFailure);
}

}  // namespace
}  // namespace gridstride::emulator
