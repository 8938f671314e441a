/// `__nv_bfloat16`: the upper half of a float, with CUDA's conversions and arithmetic.
#pragma once
// The toolkit's guard: programs ask for it, and its own headers stand back.
#define __CUDA_BF16_H__

#include "gridstride/emulator/half.hpp"

struct alignas(2) __nv_bfloat16_raw {
  unsigned short x;
};
struct alignas(4) __nv_bfloat162_raw {
  unsigned short x, y;
};

struct alignas(2) __nv_bfloat16
    : gridstride::emulator::detail::NarrowFloat<gridstride::emulator::detail::Bfloat16Format,
                                                __nv_bfloat16_raw> {
  using NarrowFloat::NarrowFloat;
  __nv_bfloat16() = default;
  constexpr explicit __nv_bfloat16(__half x) : NarrowFloat(static_cast<float>(x)) {}
};

constexpr __half::__half(__nv_bfloat16 x) : NarrowFloat(static_cast<float>(x)) {}

struct alignas(4) __nv_bfloat162 {
  __nv_bfloat16 x, y;

  __nv_bfloat162() = default;
  constexpr __nv_bfloat162(const __nv_bfloat16& low, const __nv_bfloat16& high) : x(low), y(high) {}
  constexpr __nv_bfloat162(const __nv_bfloat162_raw& raw)
      : x(__nv_bfloat16_raw{raw.x}), y(__nv_bfloat16_raw{raw.y}) {}
  constexpr operator __nv_bfloat162_raw() const { return {__nv_bfloat16_raw(x).x, __nv_bfloat16_raw(y).x}; }
};

typedef __nv_bfloat16 nv_bfloat16;
typedef __nv_bfloat162 nv_bfloat162;

namespace gridstride::emulator::detail {

template <>
struct OperationsOf<__nv_bfloat16> : NarrowOperations<__nv_bfloat16, Bfloat16Format, __nv_bfloat16_raw> {};

}  // namespace gridstride::emulator::detail

#define GRIDSTRIDE_NARROW __nv_bfloat16
#define GRIDSTRIDE_NARROW2 __nv_bfloat162
#define GRIDSTRIDE_NARROW_NAME(BEFORE, AFTER) BEFORE##bfloat16##AFTER
#include "gridstride/emulator/narrow_conversions.inl"
#include "gridstride/emulator/narrow_functions.inl"
#undef GRIDSTRIDE_NARROW_NAME
#undef GRIDSTRIDE_NARROW2
#undef GRIDSTRIDE_NARROW

constexpr __nv_bfloat162 __bfloat162bfloat162(__nv_bfloat16 x) { return {x, x}; }
constexpr __nv_bfloat162 __halves2bfloat162(__nv_bfloat16 low, __nv_bfloat16 high) { return {low, high}; }
constexpr __nv_bfloat162 __lows2bfloat162(__nv_bfloat162 a, __nv_bfloat162 b) { return {a.x, b.x}; }
constexpr __nv_bfloat162 __highs2bfloat162(__nv_bfloat162 a, __nv_bfloat162 b) { return {a.y, b.y}; }

#define CUDART_INF_BF16 __ushort_as_bfloat16(0x7f80u)
#define CUDART_NAN_BF16 __ushort_as_bfloat16(0x7fffu)
#define CUDART_MIN_DENORM_BF16 __ushort_as_bfloat16(0x0001u)
#define CUDART_MAX_NORMAL_BF16 __ushort_as_bfloat16(0x7f7fu)
#define CUDART_NEG_ZERO_BF16 __ushort_as_bfloat16(0x8000u)
#define CUDART_ZERO_BF16 __ushort_as_bfloat16(0x0000u)
#define CUDART_ONE_BF16 __ushort_as_bfloat16(0x3f80u)
