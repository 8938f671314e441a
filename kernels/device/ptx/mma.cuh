// mma.sync: d = a * b + c for a small product that a warp holds in registers.
//
// A register of 32 bits holds E elements that are neighbours along k: two of 16 bits, four of 8, one tf32,
// the first in the lowest bits. With g = lane / 4 and t = lane % 4, element e of register i is
//
//   A (16 x K, row by row)        row g + 8 (i % 2),  k = E (t + 4 (i / 2)) + e
//   B (K x 8, column by column)   k = E (t + 4 i) + e,  column g
//   C, D (16 x 8), float or int   row g + 8 (i / 2),  column 2 t + i % 2
//   C, D (16 x 8), half           row g + 8 i,        column 2 t + e
//
// Products are exact; the order and the rounding of the sum are the hardware's. Integers wrap around.
// Source: PTX ISA, Warp Level Matrix Instructions: mma, and "Matrix Fragments for mma.m16n8k*"
#pragma once

#include <cuda_bf16.h>
#include <cuda_fp16.h>

#include "kernels/device/ptx/twin.cuh"

#if GRIDSTRIDE_TWINS
#include <bit>
#endif

namespace gridstride::ptx {

#if GRIDSTRIDE_TWINS
namespace twins {

/// How many elements of a type a register holds, element e as a number, and what sums of products are kept
/// in.
struct F16 {
  static constexpr int kPerRegister = 2;
  static float value(uint32_t x, int e) {
    return __half2float(__ushort_as_half(static_cast<unsigned short>(x >> 16 * e)));
  }
};
struct Bf16 {
  static constexpr int kPerRegister = 2;
  static float value(uint32_t x, int e) { return std::bit_cast<float>(x >> 16 * e << 16); }
};
struct Tf32 {  // a float whose low 13 bits nobody reads
  static constexpr int kPerRegister = 1;
  static float value(uint32_t x, int) { return std::bit_cast<float>(x & ~0x1fffu); }
};
struct S8 {
  static constexpr int kPerRegister = 4;
  static int64_t value(uint32_t x, int e) { return static_cast<signed char>(x >> 8 * e); }
};
struct U8 {
  static constexpr int kPerRegister = 4;
  static int64_t value(uint32_t x, int e) { return static_cast<unsigned char>(x >> 8 * e); }
};

inline float summand(const float (&c)[4], int i) { return c[i]; }
inline int64_t summand(const int (&c)[4], int i) { return c[i]; }
inline float summand(const uint32_t (&c)[2], int i) { return F16::value(c[i / 2], i % 2); }

inline void store(float (&d)[4], const float (&sums)[4]) { std::memcpy(d, sums, sizeof d); }
inline void store(int (&d)[4], const int64_t (&sums)[4]) {
  for (int i = 0; i < 4; ++i) d[i] = static_cast<int>(sums[i]);
}
inline void store(uint32_t (&d)[2], const float (&sums)[4]) {
  const auto bits = [&](int i) { return uint32_t{__half_as_ushort(__float2half_rn(sums[i]))}; };
  for (int i = 0; i < 2; ++i) d[i] = bits(2 * i) | bits(2 * i + 1) << 16;
}

template <class A, class B, class D, int kRegistersA, int kRegistersB>
void mma_m16n8(D& d, const uint32_t (&a)[kRegistersA], const uint32_t (&b)[kRegistersB], const D& c) {
  constexpr int kPer = A::kPerRegister;
  static_assert(kPer == B::kPerRegister && kRegistersA == 2 * kRegistersB);
  struct Registers {
    const uint32_t *a, *b;
  };
  across_warp(Registers{a, b}, [&](const Registers* const all[32]) {
    [[maybe_unused]] const twin::Product one_instruction(2 * 16 * 8 * 4 * kPer * kRegistersB);
    decltype(A::value(0, 0)) sums[4];
    for (int i = 0; i < 4; ++i) {
      const int row = lane() / 4 + 8 * (i / 2), column = 2 * (lane() % 4) + i % 2;
      sums[i] = summand(c, i);
      for (int k = 0; k < 4 * kPer * kRegistersB; ++k) {
        const int t = k / kPer % 4, step = k / (4 * kPer), e = k % kPer;
        sums[i] += A::value(all[row % 8 * 4 + t]->a[row / 8 + 2 * step], e) *
                   B::value(all[column * 4 + t]->b[step], e);
      }
    }
    store(d, sums);
  });
}

}  // namespace twins
#endif

#define GRIDSTRIDE_2(R, x) R(x[0]), R(x[1])
#define GRIDSTRIDE_4(R, x) GRIDSTRIDE_2(R, x), R(x[2]), R(x[3])

// The instruction on so many registers of d and c, and of a.
#define GRIDSTRIDE_MMA_2_2(INSTRUCTION, R)                                         \
  asm volatile("mma.sync.aligned." INSTRUCTION " {%0,%1}, {%2,%3}, {%4}, {%5,%6};" \
               : GRIDSTRIDE_2("=" R, d)                                            \
               : GRIDSTRIDE_2("r", a), "r"(b[0]), GRIDSTRIDE_2(R, c))
#define GRIDSTRIDE_MMA_2_4(INSTRUCTION, R)                                                  \
  asm volatile("mma.sync.aligned." INSTRUCTION " {%0,%1}, {%2,%3,%4,%5}, {%6,%7}, {%8,%9};" \
               : GRIDSTRIDE_2("=" R, d)                                                     \
               : GRIDSTRIDE_4("r", a), GRIDSTRIDE_2("r", b), GRIDSTRIDE_2(R, c))
#define GRIDSTRIDE_MMA_4_2(INSTRUCTION, R)                                                      \
  asm volatile("mma.sync.aligned." INSTRUCTION " {%0,%1,%2,%3}, {%4,%5}, {%6}, {%7,%8,%9,%10};" \
               : GRIDSTRIDE_4("=" R, d)                                                         \
               : GRIDSTRIDE_2("r", a), "r"(b[0]), GRIDSTRIDE_4(R, c))
#define GRIDSTRIDE_MMA_4_4(INSTRUCTION, R)                                                                  \
  asm volatile("mma.sync.aligned." INSTRUCTION " {%0,%1,%2,%3}, {%4,%5,%6,%7}, {%8,%9}, {%10,%11,%12,%13};" \
               : GRIDSTRIDE_4("=" R, d)                                                                     \
               : GRIDSTRIDE_4("r", a), GRIDSTRIDE_2("r", b), GRIDSTRIDE_4(R, c))

// The three bodies, for instructions from sm_75 and from sm_80 on.
#if GRIDSTRIDE_TWINS
#define GRIDSTRIDE_MMA_750(PTX, A, B, INSTRUCTION) twins::mma_m16n8<twins::A, twins::B>(d, a, b, c)
#define GRIDSTRIDE_MMA_800 GRIDSTRIDE_MMA_750
#else
#if GRIDSTRIDE_PTX(750)
#define GRIDSTRIDE_MMA_750(PTX, A, B, INSTRUCTION) PTX
#else
#define GRIDSTRIDE_MMA_750(PTX, A, B, INSTRUCTION) missing("mma." INSTRUCTION, "sm_75")
#endif
#if GRIDSTRIDE_PTX(800)
#define GRIDSTRIDE_MMA_800(PTX, A, B, INSTRUCTION) PTX
#else
#define GRIDSTRIDE_MMA_800(PTX, A, B, INSTRUCTION) missing("mma." INSTRUCTION, "sm_80")
#endif
#endif

/// One function for each instruction mma.sync.aligned.INSTRUCTION, all of the form
/// `NAME(d, a, b, c)`: kD registers of type D hold d and c, kA hold a, half as many b.
#define GRIDSTRIDE_MMA(NAME, INSTRUCTION, ARCHITECTURE, A, B, D, R, kD, kA)                           \
  __device__ __forceinline__ void NAME(D(&d)[kD], const uint32_t(&a)[kA], const uint32_t(&b)[kA / 2], \
                                       const D(&c)[kD]) {                                             \
    GRIDSTRIDE_MMA_##ARCHITECTURE(GRIDSTRIDE_MMA_##kD##_##kA(INSTRUCTION, R), A, B, INSTRUCTION);     \
  }

// clang-format off
GRIDSTRIDE_MMA(mma_m16n8k8_f32_f16,      "m16n8k8.row.col.f32.f16.f16.f32",    750, F16,  F16,  float,    "f", 4, 2)
GRIDSTRIDE_MMA(mma_m16n8k8_f16_f16,      "m16n8k8.row.col.f16.f16.f16.f16",    750, F16,  F16,  uint32_t, "r", 2, 2)
GRIDSTRIDE_MMA(mma_m16n8k16_f32_f16,     "m16n8k16.row.col.f32.f16.f16.f32",   800, F16,  F16,  float,    "f", 4, 4)
GRIDSTRIDE_MMA(mma_m16n8k16_f16_f16,     "m16n8k16.row.col.f16.f16.f16.f16",   800, F16,  F16,  uint32_t, "r", 2, 4)
GRIDSTRIDE_MMA(mma_m16n8k8_f32_bf16,     "m16n8k8.row.col.f32.bf16.bf16.f32",  800, Bf16, Bf16, float,    "f", 4, 2)
GRIDSTRIDE_MMA(mma_m16n8k16_f32_bf16,    "m16n8k16.row.col.f32.bf16.bf16.f32", 800, Bf16, Bf16, float,    "f", 4, 4)
GRIDSTRIDE_MMA(mma_m16n8k4_f32_tf32,     "m16n8k4.row.col.f32.tf32.tf32.f32",  800, Tf32, Tf32, float,    "f", 4, 2)
GRIDSTRIDE_MMA(mma_m16n8k8_f32_tf32,     "m16n8k8.row.col.f32.tf32.tf32.f32",  800, Tf32, Tf32, float,    "f", 4, 4)
GRIDSTRIDE_MMA(mma_m16n8k16_s32_s8,      "m16n8k16.row.col.s32.s8.s8.s32",     800, S8,   S8,   int,      "r", 4, 2)
GRIDSTRIDE_MMA(mma_m16n8k16_s32_s8_u8,   "m16n8k16.row.col.s32.s8.u8.s32",     800, S8,   U8,   int,      "r", 4, 2)
GRIDSTRIDE_MMA(mma_m16n8k16_s32_u8_s8,   "m16n8k16.row.col.s32.u8.s8.s32",     800, U8,   S8,   int,      "r", 4, 2)
GRIDSTRIDE_MMA(mma_m16n8k16_s32_u8,      "m16n8k16.row.col.s32.u8.u8.s32",     800, U8,   U8,   int,      "r", 4, 2)
GRIDSTRIDE_MMA(mma_m16n8k32_s32_s8,      "m16n8k32.row.col.s32.s8.s8.s32",     800, S8,   S8,   int,      "r", 4, 4)
GRIDSTRIDE_MMA(mma_m16n8k32_s32_s8_u8,   "m16n8k32.row.col.s32.s8.u8.s32",     800, S8,   U8,   int,      "r", 4, 4)
GRIDSTRIDE_MMA(mma_m16n8k32_s32_u8_s8,   "m16n8k32.row.col.s32.u8.s8.s32",     800, U8,   S8,   int,      "r", 4, 4)
GRIDSTRIDE_MMA(mma_m16n8k32_s32_u8,      "m16n8k32.row.col.s32.u8.u8.s32",     800, U8,   U8,   int,      "r", 4, 4)
// clang-format on

#undef GRIDSTRIDE_MMA
#undef GRIDSTRIDE_MMA_800
#undef GRIDSTRIDE_MMA_750
#undef GRIDSTRIDE_MMA_4_4
#undef GRIDSTRIDE_MMA_4_2
#undef GRIDSTRIDE_MMA_2_4
#undef GRIDSTRIDE_MMA_2_2
#undef GRIDSTRIDE_4
#undef GRIDSTRIDE_2

/// mma.sync.aligned.m8n8k4.row.col.f64.f64.f64.f64, with g and t as above: a is A(g, t), b is B(t, g), and
/// c[i], d[i] are row g, column 2 t + i.
__device__ __forceinline__ void mma_m8n8k4_f64(double (&d)[2], double a, double b, const double (&c)[2]) {
#if GRIDSTRIDE_PTX(800)
  asm volatile("mma.sync.aligned.m8n8k4.row.col.f64.f64.f64.f64 {%0,%1}, {%2}, {%3}, {%4,%5};"
               : "=d"(d[0]), "=d"(d[1])
               : "d"(a), "d"(b), "d"(c[0]), "d"(c[1]));
#elif GRIDSTRIDE_TWINS
  struct Registers {
    double a, b;
  };
  twins::across_warp(Registers{a, b}, [&](const Registers* const all[32]) {
    [[maybe_unused]] const twin::Product one_instruction(2 * 8 * 8 * 4);
    for (int i = 0; i < 2; ++i) {
      const int row = lane() / 4, column = 2 * (lane() % 4) + i;
      double sum = c[i];
      for (int k = 0; k < 4; ++k) sum = fma(all[4 * row + k]->a, all[4 * column + k]->b, sum);
      d[i] = sum;
    }
  });
#else
  missing("mma.m8n8k4 of f64", "sm_80");
#endif
}

}  // namespace gridstride::ptx
