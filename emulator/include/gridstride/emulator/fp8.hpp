/// Eight-bit floating-point formats: e4m3 (no infinities, one NaN per sign), e5m2 and the scale format e8m0.
#pragma once
// The toolkit's guard: programs ask for it, and its own headers stand back.
#define __CUDA_FP8_H__

#include "gridstride/emulator/bfloat16.hpp"
#include "gridstride/emulator/round_mode.hpp"

typedef unsigned char __nv_fp8_storage_t;
typedef unsigned short __nv_fp8x2_storage_t;
typedef unsigned int __nv_fp8x4_storage_t;

/// What becomes of values beyond the largest: NaN or infinity, or the largest.
enum __nv_saturation_t { __NV_NOSAT, __NV_SATFINITE };
enum __nv_fp8_interpretation_t { __NV_E4M3, __NV_E5M2 };

namespace gridstride::emulator::detail {

using E4m3Format = NarrowFormat<4, 3>;
using E5m2Format = NarrowFormat<5, 2>;

constexpr __nv_fp8_storage_t encode_fp8(double x, __nv_saturation_t saturate,
                                        __nv_fp8_interpretation_t kind) {
  if (x != x) return 0x7f;
  const unsigned sign = std::bit_cast<std::uint64_t>(x) >> 63 ? 0x80 : 0;
  const unsigned largest = kind == __NV_E4M3 ? 0x7e : 0x7b;
  const unsigned beyond = saturate == __NV_SATFINITE ? largest : largest + 1;  // e4m3's NaN, e5m2's infinity
  const std::uint64_t code = kind == __NV_E4M3 ? encode_magnitude<E4m3Format>(x, Rounding::Nearest)
                                               : encode_magnitude<E5m2Format>(x, Rounding::Nearest);
  return static_cast<__nv_fp8_storage_t>(sign | (code > largest ? beyond : static_cast<unsigned>(code)));
}

constexpr __half decode_fp8(__nv_fp8_storage_t bits, __nv_fp8_interpretation_t kind) {
  const unsigned magnitude = bits & 0x7fu;
  const unsigned sign = (bits & 0x80u) << 8;
  if (magnitude > (kind == __NV_E4M3 ? 0x7eu : 0x7cu)) return CUDART_NAN_FP16;
  if (kind == __NV_E5M2) return __ushort_as_half(static_cast<unsigned short>(bits << 8));
  if (magnitude < 8) return static_cast<float>(magnitude) * (sign ? -0x1p-9f : 0x1p-9f);
  return __ushort_as_half(static_cast<unsigned short>(sign | ((magnitude << 7) + (8u << 10))));
}

/// The exponent of |x| alone; zero and what is below 2^-127 become 2^-127.
constexpr __nv_fp8_storage_t encode_e8m0(double x, __nv_saturation_t saturate, cudaRoundMode rounding) {
  if (x != x) return 0xff;
  const std::uint64_t bits = std::bit_cast<std::uint64_t>(x) & ~(1ull << 63);
  const bool up = rounding == cudaRoundPosInf && (bits & 0xf'ffff'ffff'ffff) != 0;
  const int code = static_cast<int>(bits >> 52) - 1023 + 127;
  if (code < 0) return 0;
  const int rounded = code + up;
  return static_cast<__nv_fp8_storage_t>(rounded > 0xfe ? (saturate == __NV_SATFINITE ? 0xfe : 0xff)
                                                        : rounded);
}

}  // namespace gridstride::emulator::detail

constexpr __nv_fp8_storage_t __nv_cvt_double_to_fp8(double x, __nv_saturation_t saturate,
                                                    __nv_fp8_interpretation_t kind) {
  return gridstride::emulator::detail::encode_fp8(x, saturate, kind);
}
constexpr __nv_fp8_storage_t __nv_cvt_float_to_fp8(float x, __nv_saturation_t saturate,
                                                   __nv_fp8_interpretation_t kind) {
  return __nv_cvt_double_to_fp8(x, saturate, kind);
}
constexpr __nv_fp8_storage_t __nv_cvt_halfraw_to_fp8(__half_raw x, __nv_saturation_t saturate,
                                                     __nv_fp8_interpretation_t kind) {
  return __nv_cvt_float_to_fp8(__half(x), saturate, kind);
}
constexpr __nv_fp8_storage_t __nv_cvt_bfloat16raw_to_fp8(__nv_bfloat16_raw x, __nv_saturation_t saturate,
                                                         __nv_fp8_interpretation_t kind) {
  return __nv_cvt_float_to_fp8(__nv_bfloat16(x), saturate, kind);
}

constexpr __nv_fp8x2_storage_t __nv_cvt_double2_to_fp8x2(double2 v, __nv_saturation_t saturate,
                                                         __nv_fp8_interpretation_t kind) {
  return static_cast<__nv_fp8x2_storage_t>(__nv_cvt_double_to_fp8(v.x, saturate, kind) |
                                           __nv_cvt_double_to_fp8(v.y, saturate, kind) << 8);
}
constexpr __nv_fp8x2_storage_t __nv_cvt_float2_to_fp8x2(float2 v, __nv_saturation_t saturate,
                                                        __nv_fp8_interpretation_t kind) {
  return __nv_cvt_double2_to_fp8x2({v.x, v.y}, saturate, kind);
}
constexpr __nv_fp8x2_storage_t __nv_cvt_halfraw2_to_fp8x2(__half2_raw v, __nv_saturation_t saturate,
                                                          __nv_fp8_interpretation_t kind) {
  return __nv_cvt_float2_to_fp8x2(__half22float2(v), saturate, kind);
}
constexpr __nv_fp8x2_storage_t __nv_cvt_bfloat16raw2_to_fp8x2(__nv_bfloat162_raw v,
                                                              __nv_saturation_t saturate,
                                                              __nv_fp8_interpretation_t kind) {
  return __nv_cvt_float2_to_fp8x2(__bfloat1622float2(v), saturate, kind);
}

constexpr __half_raw __nv_cvt_fp8_to_halfraw(__nv_fp8_storage_t x, __nv_fp8_interpretation_t kind) {
  return gridstride::emulator::detail::decode_fp8(x, kind);
}
constexpr __half2_raw __nv_cvt_fp8x2_to_halfraw2(__nv_fp8x2_storage_t v, __nv_fp8_interpretation_t kind) {
  return {__nv_cvt_fp8_to_halfraw(static_cast<__nv_fp8_storage_t>(v), kind).x,
          __nv_cvt_fp8_to_halfraw(static_cast<__nv_fp8_storage_t>(v >> 8), kind).x};
}

constexpr __nv_fp8_storage_t __nv_cvt_double_to_e8m0(double x, __nv_saturation_t saturate,
                                                     cudaRoundMode rounding) {
  return gridstride::emulator::detail::encode_e8m0(x, saturate, rounding);
}
constexpr __nv_fp8_storage_t __nv_cvt_float_to_e8m0(float x, __nv_saturation_t saturate,
                                                    cudaRoundMode rounding) {
  return __nv_cvt_double_to_e8m0(x, saturate, rounding);
}
constexpr __nv_fp8_storage_t __nv_cvt_bfloat16raw_to_e8m0(__nv_bfloat16_raw x, __nv_saturation_t saturate,
                                                          cudaRoundMode rounding) {
  return __nv_cvt_float_to_e8m0(__nv_bfloat16(x), saturate, rounding);
}
constexpr __nv_fp8x2_storage_t __nv_cvt_double2_to_e8m0x2(double2 v, __nv_saturation_t saturate,
                                                          cudaRoundMode rounding) {
  return static_cast<__nv_fp8x2_storage_t>(__nv_cvt_double_to_e8m0(v.x, saturate, rounding) |
                                           __nv_cvt_double_to_e8m0(v.y, saturate, rounding) << 8);
}
constexpr __nv_fp8x2_storage_t __nv_cvt_float2_to_e8m0x2(float2 v, __nv_saturation_t saturate,
                                                         cudaRoundMode rounding) {
  return __nv_cvt_double2_to_e8m0x2({v.x, v.y}, saturate, rounding);
}
constexpr __nv_fp8x2_storage_t __nv_cvt_bfloat162raw_to_e8m0x2(__nv_bfloat162_raw v,
                                                               __nv_saturation_t saturate,
                                                               cudaRoundMode rounding) {
  return __nv_cvt_float2_to_e8m0x2(__bfloat1622float2(v), saturate, rounding);
}
constexpr __nv_bfloat16_raw __nv_cvt_e8m0_to_bf16raw(__nv_fp8_storage_t x) {
  if (x == 0xff) return {0x7fff};
  return {static_cast<unsigned short>(x == 0 ? 0x40 : x << 7)};
}
constexpr __nv_bfloat162_raw __nv_cvt_e8m0x2_to_bf162raw(__nv_fp8x2_storage_t v) {
  return {__nv_cvt_e8m0_to_bf16raw(static_cast<__nv_fp8_storage_t>(v)).x,
          __nv_cvt_e8m0_to_bf16raw(static_cast<__nv_fp8_storage_t>(v >> 8)).x};
}

namespace gridstride::emulator::detail {

/// One, two and four values. Every conversion is explicit, and saturates.
template <__nv_fp8_interpretation_t Kind>
struct Fp8 {
  __nv_fp8_storage_t __x;

  Fp8() = default;
  constexpr explicit Fp8(__half x) : Fp8(static_cast<float>(x)) {}
  constexpr explicit Fp8(__nv_bfloat16 x) : Fp8(static_cast<float>(x)) {}
  constexpr explicit Fp8(float x) : __x(__nv_cvt_float_to_fp8(x, __NV_SATFINITE, Kind)) {}
  constexpr explicit Fp8(double x) : __x(__nv_cvt_double_to_fp8(x, __NV_SATFINITE, Kind)) {}
  template <class Integer>
  requires std::is_integral_v<Integer>
  constexpr explicit Fp8(Integer x) : Fp8(to_odd_double(x)) {}

  constexpr explicit operator __half() const { return __nv_cvt_fp8_to_halfraw(__x, Kind); }
  constexpr explicit operator float() const { return static_cast<__half>(*this); }
  constexpr explicit operator double() const { return static_cast<float>(*this); }
  constexpr explicit operator __nv_bfloat16() const { return __nv_bfloat16(static_cast<float>(*this)); }
  constexpr explicit operator bool() const { return (__x & 0x7f) != 0; }
  template <class Integer>
  requires std::is_integral_v<Integer>
  constexpr explicit operator Integer() const { return saturating<Integer>(static_cast<float>(*this)); }
};

template <__nv_fp8_interpretation_t Kind>
struct alignas(2) Fp8x2 {
  __nv_fp8x2_storage_t __x;

  Fp8x2() = default;
  constexpr explicit Fp8x2(__half2 v) : __x(__nv_cvt_halfraw2_to_fp8x2(v, __NV_SATFINITE, Kind)) {}
  constexpr explicit Fp8x2(__nv_bfloat162 v) : __x(__nv_cvt_bfloat16raw2_to_fp8x2(v, __NV_SATFINITE, Kind)) {}
  constexpr explicit Fp8x2(float2 v) : __x(__nv_cvt_float2_to_fp8x2(v, __NV_SATFINITE, Kind)) {}
  constexpr explicit Fp8x2(double2 v) : __x(__nv_cvt_double2_to_fp8x2(v, __NV_SATFINITE, Kind)) {}

  constexpr explicit operator __half2() const { return __nv_cvt_fp8x2_to_halfraw2(__x, Kind); }
  constexpr explicit operator float2() const { return __half22float2(static_cast<__half2>(*this)); }
};

template <__nv_fp8_interpretation_t Kind>
struct alignas(4) Fp8x4 {
  __nv_fp8x4_storage_t __x;

  Fp8x4() = default;
  constexpr Fp8x4(Fp8x2<Kind> low, Fp8x2<Kind> high)
      : __x(low.__x | static_cast<__nv_fp8x4_storage_t>(high.__x) << 16) {}
  constexpr explicit Fp8x4(__half2 low, __half2 high) : Fp8x4(Fp8x2<Kind>(low), Fp8x2<Kind>(high)) {}
  constexpr explicit Fp8x4(__nv_bfloat162 low, __nv_bfloat162 high)
      : Fp8x4(Fp8x2<Kind>(low), Fp8x2<Kind>(high)) {}
  constexpr explicit Fp8x4(float4 v)
      : Fp8x4(Fp8x2<Kind>(make_float2(v.x, v.y)), Fp8x2<Kind>(make_float2(v.z, v.w))) {}
  template <class Double4>
  requires std::is_same_v<decltype(Double4::w), double>
  constexpr explicit Fp8x4(Double4 v)
      : Fp8x4(Fp8x2<Kind>(make_double2(v.x, v.y)), Fp8x2<Kind>(make_double2(v.z, v.w))) {}

  constexpr explicit operator float4() const {
    const float2 low =
        __half22float2(__nv_cvt_fp8x2_to_halfraw2(static_cast<__nv_fp8x2_storage_t>(__x), Kind));
    const float2 high =
        __half22float2(__nv_cvt_fp8x2_to_halfraw2(static_cast<__nv_fp8x2_storage_t>(__x >> 16), Kind));
    return {low.x, low.y, high.x, high.y};
  }
};

}  // namespace gridstride::emulator::detail

#define GRIDSTRIDE_FP8_TYPES(NAME, KIND)                                 \
  struct __nv_fp8_##NAME : gridstride::emulator::detail::Fp8<KIND> {     \
    using Fp8::Fp8;                                                      \
  };                                                                     \
  struct __nv_fp8x2_##NAME : gridstride::emulator::detail::Fp8x2<KIND> { \
    using Fp8x2::Fp8x2;                                                  \
  };                                                                     \
  struct __nv_fp8x4_##NAME : gridstride::emulator::detail::Fp8x4<KIND> { \
    using Fp8x4::Fp8x4;                                                  \
  };
GRIDSTRIDE_FP8_TYPES(e4m3, __NV_E4M3)
GRIDSTRIDE_FP8_TYPES(e5m2, __NV_E5M2)
#undef GRIDSTRIDE_FP8_TYPES

/// A power of two; what is not one is rounded up.
struct __nv_fp8_e8m0 {
  __nv_fp8_storage_t __x;

  __nv_fp8_e8m0() = default;
  constexpr explicit __nv_fp8_e8m0(__half x) : __nv_fp8_e8m0(static_cast<float>(x)) {}
  constexpr explicit __nv_fp8_e8m0(__nv_bfloat16 x) : __nv_fp8_e8m0(static_cast<float>(x)) {}
  constexpr explicit __nv_fp8_e8m0(float x)
      : __x(__nv_cvt_float_to_e8m0(x, __NV_SATFINITE, cudaRoundPosInf)) {}
  constexpr explicit __nv_fp8_e8m0(double x)
      : __x(__nv_cvt_double_to_e8m0(x, __NV_SATFINITE, cudaRoundPosInf)) {}

  constexpr explicit operator __nv_bfloat16() const { return __nv_cvt_e8m0_to_bf16raw(__x); }
  constexpr explicit operator float() const { return static_cast<__nv_bfloat16>(*this); }
  constexpr explicit operator double() const { return static_cast<float>(*this); }
  constexpr explicit operator __half() const { return __half(static_cast<float>(*this)); }
};
