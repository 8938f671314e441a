// What one instruction computes, as the disassembler writes it.
#include "emulator/src/flop_counts.hpp"

#include <gtest/gtest.h>

namespace gridstride::emulator {
namespace {

void expect(const char* text, std::uint64_t Counts::*precision, unsigned count) {
  const Operations operations = operations_of(text);
  EXPECT_EQ(operations.count, count) << text;
  EXPECT_TRUE(operations.precision == precision) << text;
}

TEST(Flops, OfScalarInstructions) {
  expect("addss  %xmm1,%xmm0", &Counts::fp32_flops, 1);
  expect("vmulsd 0x8(%rax),%xmm1,%xmm2", &Counts::fp64_flops, 1);
  expect("vdivss %xmm1,%xmm0,%xmm0", &Counts::fp32_flops, 1);
  expect("sqrtsd %xmm1,%xmm0", &Counts::fp64_flops, 1);
  expect("vfmadd231ss (%rdx),%xmm1,%xmm2", &Counts::fp32_flops, 2);
  expect("vfnmsub213sd %xmm0,%xmm1,%xmm2", &Counts::fp64_flops, 2);
  expect("vaddsh %xmm0,%xmm1,%xmm2", &Counts::fp16_flops, 1);
}

TEST(Flops, OfPackedInstructionsAreTheirElements) {
  expect("mulps  %xmm1,%xmm0", &Counts::fp32_flops, 4);
  expect("vaddpd %ymm0,%ymm1,%ymm2", &Counts::fp64_flops, 4);
  expect("vfmadd132ps %zmm0,%zmm1,%zmm2", &Counts::fp32_flops, 32);
}

TEST(Flops, OfCallsGoByTheFunction) {
  expect("call   401030 <expf@plt>", &Counts::fp32_flops, 1);
  expect("call   401030 <tanh@plt>", &Counts::fp64_flops, 1);
  expect("call   401030 <erf@plt>", &Counts::fp64_flops, 1);
  expect("call   401030 <erff>", &Counts::fp32_flops, 1);
  expect("call   401030 <fmaf@GLIBC_2.2.5>", &Counts::fp32_flops, 2);
  expect("call   401030 <__powf_finite@plt>", &Counts::fp32_flops, 1);
  expect("call   401030 <floorf@plt>", nullptr, 0);
  expect("call   401030 <of_the_program>", nullptr, 0);
  expect("call   *%rax", nullptr, 0);
}

TEST(Flops, OthersHaveNone) {
  for (const char* text : {"vmovss %xmm0,(%rax)", "ucomiss %xmm0,%xmm1", "vmaxss %xmm0,%xmm1,%xmm1",
                           "vcvtss2sd %xmm0,%xmm0,%xmm0", "vpaddd %xmm0,%xmm1,%xmm2", "add    $0x8,%rax",
                           "mulss", "ret", "vroundss $0x9,%xmm0,%xmm0,%xmm0", "xorps  %xmm0,%xmm0"}) {
    expect(text, nullptr, 0);
  }
}

}  // namespace
}  // namespace gridstride::emulator
