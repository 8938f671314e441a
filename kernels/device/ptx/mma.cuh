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

/// mma.sync.aligned.m16n8k8.row.col.f32.f16.f16.f32
__device__ __forceinline__ void mma_m16n8k8_f32_f16(float (&d)[4], const uint32_t (&a)[2],
                                                    const uint32_t (&b)[1], const float (&c)[4]) {
#if GRIDSTRIDE_PTX(750)
  asm volatile(
      "mma.sync.aligned.m16n8k8.row.col.f32.f16.f16.f32 "
      "{%0,%1,%2,%3}, {%4,%5}, {%6}, {%7,%8,%9,%10};"
      : "=f"(d[0]), "=f"(d[1]), "=f"(d[2]), "=f"(d[3])
      : "r"(a[0]), "r"(a[1]), "r"(b[0]), "f"(c[0]), "f"(c[1]), "f"(c[2]), "f"(c[3]));
#elif GRIDSTRIDE_TWINS
  twins::mma_m16n8<twins::F16, twins::F16>(d, a, b, c);
#else
  missing("mma.m16n8k8 of f16", "sm_75");
#endif
}

/// mma.sync.aligned.m16n8k8.row.col.f16.f16.f16.f16
__device__ __forceinline__ void mma_m16n8k8_f16_f16(uint32_t (&d)[2], const uint32_t (&a)[2],
                                                    const uint32_t (&b)[1], const uint32_t (&c)[2]) {
#if GRIDSTRIDE_PTX(750)
  asm volatile(
      "mma.sync.aligned.m16n8k8.row.col.f16.f16.f16.f16 "
      "{%0,%1}, {%2,%3}, {%4}, {%5,%6};"
      : "=r"(d[0]), "=r"(d[1])
      : "r"(a[0]), "r"(a[1]), "r"(b[0]), "r"(c[0]), "r"(c[1]));
#elif GRIDSTRIDE_TWINS
  twins::mma_m16n8<twins::F16, twins::F16>(d, a, b, c);
#else
  missing("mma.m16n8k8 of f16", "sm_75");
#endif
}

/// mma.sync.aligned.m16n8k16.row.col.f32.f16.f16.f32
__device__ __forceinline__ void mma_m16n8k16_f32_f16(float (&d)[4], const uint32_t (&a)[4],
                                                     const uint32_t (&b)[2], const float (&c)[4]) {
#if GRIDSTRIDE_PTX(800)
  asm volatile(
      "mma.sync.aligned.m16n8k16.row.col.f32.f16.f16.f32 "
      "{%0,%1,%2,%3}, {%4,%5,%6,%7}, {%8,%9}, {%10,%11,%12,%13};"
      : "=f"(d[0]), "=f"(d[1]), "=f"(d[2]), "=f"(d[3])
      : "r"(a[0]), "r"(a[1]), "r"(a[2]), "r"(a[3]), "r"(b[0]), "r"(b[1]), "f"(c[0]), "f"(c[1]), "f"(c[2]),
        "f"(c[3]));
#elif GRIDSTRIDE_TWINS
  twins::mma_m16n8<twins::F16, twins::F16>(d, a, b, c);
#else
  missing("mma.m16n8k16 of f16", "sm_80");
#endif
}

/// mma.sync.aligned.m16n8k16.row.col.f16.f16.f16.f16
__device__ __forceinline__ void mma_m16n8k16_f16_f16(uint32_t (&d)[2], const uint32_t (&a)[4],
                                                     const uint32_t (&b)[2], const uint32_t (&c)[2]) {
#if GRIDSTRIDE_PTX(800)
  asm volatile(
      "mma.sync.aligned.m16n8k16.row.col.f16.f16.f16.f16 "
      "{%0,%1}, {%2,%3,%4,%5}, {%6,%7}, {%8,%9};"
      : "=r"(d[0]), "=r"(d[1])
      : "r"(a[0]), "r"(a[1]), "r"(a[2]), "r"(a[3]), "r"(b[0]), "r"(b[1]), "r"(c[0]), "r"(c[1]));
#elif GRIDSTRIDE_TWINS
  twins::mma_m16n8<twins::F16, twins::F16>(d, a, b, c);
#else
  missing("mma.m16n8k16 of f16", "sm_80");
#endif
}

/// mma.sync.aligned.m16n8k8.row.col.f32.bf16.bf16.f32
__device__ __forceinline__ void mma_m16n8k8_f32_bf16(float (&d)[4], const uint32_t (&a)[2],
                                                     const uint32_t (&b)[1], const float (&c)[4]) {
#if GRIDSTRIDE_PTX(800)
  asm volatile(
      "mma.sync.aligned.m16n8k8.row.col.f32.bf16.bf16.f32 "
      "{%0,%1,%2,%3}, {%4,%5}, {%6}, {%7,%8,%9,%10};"
      : "=f"(d[0]), "=f"(d[1]), "=f"(d[2]), "=f"(d[3])
      : "r"(a[0]), "r"(a[1]), "r"(b[0]), "f"(c[0]), "f"(c[1]), "f"(c[2]), "f"(c[3]));
#elif GRIDSTRIDE_TWINS
  twins::mma_m16n8<twins::Bf16, twins::Bf16>(d, a, b, c);
#else
  missing("mma.m16n8k8 of bf16", "sm_80");
#endif
}

/// mma.sync.aligned.m16n8k16.row.col.f32.bf16.bf16.f32
__device__ __forceinline__ void mma_m16n8k16_f32_bf16(float (&d)[4], const uint32_t (&a)[4],
                                                      const uint32_t (&b)[2], const float (&c)[4]) {
#if GRIDSTRIDE_PTX(800)
  asm volatile(
      "mma.sync.aligned.m16n8k16.row.col.f32.bf16.bf16.f32 "
      "{%0,%1,%2,%3}, {%4,%5,%6,%7}, {%8,%9}, {%10,%11,%12,%13};"
      : "=f"(d[0]), "=f"(d[1]), "=f"(d[2]), "=f"(d[3])
      : "r"(a[0]), "r"(a[1]), "r"(a[2]), "r"(a[3]), "r"(b[0]), "r"(b[1]), "f"(c[0]), "f"(c[1]), "f"(c[2]),
        "f"(c[3]));
#elif GRIDSTRIDE_TWINS
  twins::mma_m16n8<twins::Bf16, twins::Bf16>(d, a, b, c);
#else
  missing("mma.m16n8k16 of bf16", "sm_80");
#endif
}

/// mma.sync.aligned.m16n8k4.row.col.f32.tf32.tf32.f32
__device__ __forceinline__ void mma_m16n8k4_f32_tf32(float (&d)[4], const uint32_t (&a)[2],
                                                     const uint32_t (&b)[1], const float (&c)[4]) {
#if GRIDSTRIDE_PTX(800)
  asm volatile(
      "mma.sync.aligned.m16n8k4.row.col.f32.tf32.tf32.f32 "
      "{%0,%1,%2,%3}, {%4,%5}, {%6}, {%7,%8,%9,%10};"
      : "=f"(d[0]), "=f"(d[1]), "=f"(d[2]), "=f"(d[3])
      : "r"(a[0]), "r"(a[1]), "r"(b[0]), "f"(c[0]), "f"(c[1]), "f"(c[2]), "f"(c[3]));
#elif GRIDSTRIDE_TWINS
  twins::mma_m16n8<twins::Tf32, twins::Tf32>(d, a, b, c);
#else
  missing("mma.m16n8k4 of tf32", "sm_80");
#endif
}

/// mma.sync.aligned.m16n8k8.row.col.f32.tf32.tf32.f32
__device__ __forceinline__ void mma_m16n8k8_f32_tf32(float (&d)[4], const uint32_t (&a)[4],
                                                     const uint32_t (&b)[2], const float (&c)[4]) {
#if GRIDSTRIDE_PTX(800)
  asm volatile(
      "mma.sync.aligned.m16n8k8.row.col.f32.tf32.tf32.f32 "
      "{%0,%1,%2,%3}, {%4,%5,%6,%7}, {%8,%9}, {%10,%11,%12,%13};"
      : "=f"(d[0]), "=f"(d[1]), "=f"(d[2]), "=f"(d[3])
      : "r"(a[0]), "r"(a[1]), "r"(a[2]), "r"(a[3]), "r"(b[0]), "r"(b[1]), "f"(c[0]), "f"(c[1]), "f"(c[2]),
        "f"(c[3]));
#elif GRIDSTRIDE_TWINS
  twins::mma_m16n8<twins::Tf32, twins::Tf32>(d, a, b, c);
#else
  missing("mma.m16n8k8 of tf32", "sm_80");
#endif
}

/// mma.sync.aligned.m16n8k16.row.col.s32.s8.s8.s32
__device__ __forceinline__ void mma_m16n8k16_s32_s8(int (&d)[4], const uint32_t (&a)[2],
                                                    const uint32_t (&b)[1], const int (&c)[4]) {
#if GRIDSTRIDE_PTX(800)
  asm volatile(
      "mma.sync.aligned.m16n8k16.row.col.s32.s8.s8.s32 "
      "{%0,%1,%2,%3}, {%4,%5}, {%6}, {%7,%8,%9,%10};"
      : "=r"(d[0]), "=r"(d[1]), "=r"(d[2]), "=r"(d[3])
      : "r"(a[0]), "r"(a[1]), "r"(b[0]), "r"(c[0]), "r"(c[1]), "r"(c[2]), "r"(c[3]));
#elif GRIDSTRIDE_TWINS
  twins::mma_m16n8<twins::S8, twins::S8>(d, a, b, c);
#else
  missing("mma.m16n8k16 of s8", "sm_80");
#endif
}

/// mma.sync.aligned.m16n8k16.row.col.s32.s8.u8.s32
__device__ __forceinline__ void mma_m16n8k16_s32_s8_u8(int (&d)[4], const uint32_t (&a)[2],
                                                       const uint32_t (&b)[1], const int (&c)[4]) {
#if GRIDSTRIDE_PTX(800)
  asm volatile(
      "mma.sync.aligned.m16n8k16.row.col.s32.s8.u8.s32 "
      "{%0,%1,%2,%3}, {%4,%5}, {%6}, {%7,%8,%9,%10};"
      : "=r"(d[0]), "=r"(d[1]), "=r"(d[2]), "=r"(d[3])
      : "r"(a[0]), "r"(a[1]), "r"(b[0]), "r"(c[0]), "r"(c[1]), "r"(c[2]), "r"(c[3]));
#elif GRIDSTRIDE_TWINS
  twins::mma_m16n8<twins::S8, twins::U8>(d, a, b, c);
#else
  missing("mma.m16n8k16 of s8", "sm_80");
#endif
}

/// mma.sync.aligned.m16n8k16.row.col.s32.u8.s8.s32
__device__ __forceinline__ void mma_m16n8k16_s32_u8_s8(int (&d)[4], const uint32_t (&a)[2],
                                                       const uint32_t (&b)[1], const int (&c)[4]) {
#if GRIDSTRIDE_PTX(800)
  asm volatile(
      "mma.sync.aligned.m16n8k16.row.col.s32.u8.s8.s32 "
      "{%0,%1,%2,%3}, {%4,%5}, {%6}, {%7,%8,%9,%10};"
      : "=r"(d[0]), "=r"(d[1]), "=r"(d[2]), "=r"(d[3])
      : "r"(a[0]), "r"(a[1]), "r"(b[0]), "r"(c[0]), "r"(c[1]), "r"(c[2]), "r"(c[3]));
#elif GRIDSTRIDE_TWINS
  twins::mma_m16n8<twins::U8, twins::S8>(d, a, b, c);
#else
  missing("mma.m16n8k16 of u8", "sm_80");
#endif
}

/// mma.sync.aligned.m16n8k16.row.col.s32.u8.u8.s32
__device__ __forceinline__ void mma_m16n8k16_s32_u8(int (&d)[4], const uint32_t (&a)[2],
                                                    const uint32_t (&b)[1], const int (&c)[4]) {
#if GRIDSTRIDE_PTX(800)
  asm volatile(
      "mma.sync.aligned.m16n8k16.row.col.s32.u8.u8.s32 "
      "{%0,%1,%2,%3}, {%4,%5}, {%6}, {%7,%8,%9,%10};"
      : "=r"(d[0]), "=r"(d[1]), "=r"(d[2]), "=r"(d[3])
      : "r"(a[0]), "r"(a[1]), "r"(b[0]), "r"(c[0]), "r"(c[1]), "r"(c[2]), "r"(c[3]));
#elif GRIDSTRIDE_TWINS
  twins::mma_m16n8<twins::U8, twins::U8>(d, a, b, c);
#else
  missing("mma.m16n8k16 of u8", "sm_80");
#endif
}

/// mma.sync.aligned.m16n8k32.row.col.s32.s8.s8.s32
__device__ __forceinline__ void mma_m16n8k32_s32_s8(int (&d)[4], const uint32_t (&a)[4],
                                                    const uint32_t (&b)[2], const int (&c)[4]) {
#if GRIDSTRIDE_PTX(800)
  asm volatile(
      "mma.sync.aligned.m16n8k32.row.col.s32.s8.s8.s32 "
      "{%0,%1,%2,%3}, {%4,%5,%6,%7}, {%8,%9}, {%10,%11,%12,%13};"
      : "=r"(d[0]), "=r"(d[1]), "=r"(d[2]), "=r"(d[3])
      : "r"(a[0]), "r"(a[1]), "r"(a[2]), "r"(a[3]), "r"(b[0]), "r"(b[1]), "r"(c[0]), "r"(c[1]), "r"(c[2]),
        "r"(c[3]));
#elif GRIDSTRIDE_TWINS
  twins::mma_m16n8<twins::S8, twins::S8>(d, a, b, c);
#else
  missing("mma.m16n8k32 of s8", "sm_80");
#endif
}

/// mma.sync.aligned.m16n8k32.row.col.s32.s8.u8.s32
__device__ __forceinline__ void mma_m16n8k32_s32_s8_u8(int (&d)[4], const uint32_t (&a)[4],
                                                       const uint32_t (&b)[2], const int (&c)[4]) {
#if GRIDSTRIDE_PTX(800)
  asm volatile(
      "mma.sync.aligned.m16n8k32.row.col.s32.s8.u8.s32 "
      "{%0,%1,%2,%3}, {%4,%5,%6,%7}, {%8,%9}, {%10,%11,%12,%13};"
      : "=r"(d[0]), "=r"(d[1]), "=r"(d[2]), "=r"(d[3])
      : "r"(a[0]), "r"(a[1]), "r"(a[2]), "r"(a[3]), "r"(b[0]), "r"(b[1]), "r"(c[0]), "r"(c[1]), "r"(c[2]),
        "r"(c[3]));
#elif GRIDSTRIDE_TWINS
  twins::mma_m16n8<twins::S8, twins::U8>(d, a, b, c);
#else
  missing("mma.m16n8k32 of s8", "sm_80");
#endif
}

/// mma.sync.aligned.m16n8k32.row.col.s32.u8.s8.s32
__device__ __forceinline__ void mma_m16n8k32_s32_u8_s8(int (&d)[4], const uint32_t (&a)[4],
                                                       const uint32_t (&b)[2], const int (&c)[4]) {
#if GRIDSTRIDE_PTX(800)
  asm volatile(
      "mma.sync.aligned.m16n8k32.row.col.s32.u8.s8.s32 "
      "{%0,%1,%2,%3}, {%4,%5,%6,%7}, {%8,%9}, {%10,%11,%12,%13};"
      : "=r"(d[0]), "=r"(d[1]), "=r"(d[2]), "=r"(d[3])
      : "r"(a[0]), "r"(a[1]), "r"(a[2]), "r"(a[3]), "r"(b[0]), "r"(b[1]), "r"(c[0]), "r"(c[1]), "r"(c[2]),
        "r"(c[3]));
#elif GRIDSTRIDE_TWINS
  twins::mma_m16n8<twins::U8, twins::S8>(d, a, b, c);
#else
  missing("mma.m16n8k32 of u8", "sm_80");
#endif
}

/// mma.sync.aligned.m16n8k32.row.col.s32.u8.u8.s32
__device__ __forceinline__ void mma_m16n8k32_s32_u8(int (&d)[4], const uint32_t (&a)[4],
                                                    const uint32_t (&b)[2], const int (&c)[4]) {
#if GRIDSTRIDE_PTX(800)
  asm volatile(
      "mma.sync.aligned.m16n8k32.row.col.s32.u8.u8.s32 "
      "{%0,%1,%2,%3}, {%4,%5,%6,%7}, {%8,%9}, {%10,%11,%12,%13};"
      : "=r"(d[0]), "=r"(d[1]), "=r"(d[2]), "=r"(d[3])
      : "r"(a[0]), "r"(a[1]), "r"(a[2]), "r"(a[3]), "r"(b[0]), "r"(b[1]), "r"(c[0]), "r"(c[1]), "r"(c[2]),
        "r"(c[3]));
#elif GRIDSTRIDE_TWINS
  twins::mma_m16n8<twins::U8, twins::U8>(d, a, b, c);
#else
  missing("mma.m16n8k32 of u8", "sm_80");
#endif
}

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
