/// `__half`: IEEE 754 binary16, with CUDA's conversions and arithmetic.
#pragma once
// The toolkit's guard: programs ask for it, and its own headers stand back.
#define __CUDA_FP16_H__

#include <math.h>

#include "gridstride/emulator/atomics.hpp"
#include "gridstride/emulator/narrow_float.hpp"
#include "gridstride/emulator/vectors.hpp"

struct alignas(2) __half_raw {
  unsigned short x;
};
struct alignas(4) __half2_raw {
  unsigned short x, y;
};

struct __nv_bfloat16;

struct alignas(2) __half
    : gridstride::emulator::detail::NarrowFloat<gridstride::emulator::detail::HalfFormat, __half_raw> {
  using NarrowFloat::NarrowFloat;
  __half() = default;
  constexpr explicit __half(__nv_bfloat16 x);
};

struct alignas(4) __half2 {
  __half x, y;

  __half2() = default;
  constexpr __half2(const __half& low, const __half& high) : x(low), y(high) {}
  constexpr __half2(const __half2_raw& raw) : x(__half_raw{raw.x}), y(__half_raw{raw.y}) {}
  constexpr operator __half2_raw() const { return {__half_raw(x).x, __half_raw(y).x}; }
};

typedef __half half;
typedef __half2 half2;
typedef __half nv_half;
typedef __half2 nv_half2;
typedef __half __nv_half;
typedef __half2 __nv_half2;
typedef __half_raw __nv_half_raw;
typedef __half2_raw __nv_half2_raw;

namespace gridstride::emulator::detail {

template <class T>
struct OperationsOf;
template <>
struct OperationsOf<__half> : NarrowOperations<__half, HalfFormat, __half_raw> {};

}  // namespace gridstride::emulator::detail

#define GRIDSTRIDE_NARROW __half
#define GRIDSTRIDE_NARROW2 __half2
#define GRIDSTRIDE_NARROW_NAME(BEFORE, AFTER) BEFORE##half##AFTER
#include "gridstride/emulator/narrow_conversions.inl"
#include "gridstride/emulator/narrow_functions.inl"
#undef GRIDSTRIDE_NARROW_NAME
#undef GRIDSTRIDE_NARROW2
#undef GRIDSTRIDE_NARROW

constexpr __half2 __half2half2(__half x) { return {x, x}; }
constexpr __half2 __halves2half2(__half low, __half high) { return {low, high}; }
constexpr __half2 __lows2half2(__half2 a, __half2 b) { return {a.x, b.x}; }
constexpr __half2 __highs2half2(__half2 a, __half2 b) { return {a.y, b.y}; }

#define CUDART_INF_FP16 __ushort_as_half(0x7c00u)
#define CUDART_NAN_FP16 __ushort_as_half(0x7fffu)
#define CUDART_MIN_DENORM_FP16 __ushort_as_half(0x0001u)
#define CUDART_MAX_NORMAL_FP16 __ushort_as_half(0x7bffu)
#define CUDART_NEG_ZERO_FP16 __ushort_as_half(0x8000u)
#define CUDART_ZERO_FP16 __ushort_as_half(0x0000u)
#define CUDART_ONE_FP16 __ushort_as_half(0x3c00u)
