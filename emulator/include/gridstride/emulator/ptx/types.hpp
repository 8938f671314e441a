/// PTX's types, and the modifiers that change what an instruction does.
#pragma once

#include <bit>
#include <cstdint>
#include <type_traits>

#include "gridstride/emulator/narrow_float.hpp"

namespace gridstride::emulator::ptx {

using pred = bool;
using u8 = std::uint8_t;
using u16 = std::uint16_t;
using u32 = std::uint32_t;
using u64 = std::uint64_t;
using s8 = std::int8_t;
using s16 = std::int16_t;
using s32 = std::int32_t;
using s64 = std::int64_t;
using b8 = u8;
using b16 = u16;
using b32 = u32;
using b64 = u64;
using f32 = float;
using f64 = double;

/// Not `__half`: a program may use PTX's halves without cuda_fp16.h.
template <class F>
struct Narrow {
  using Format = F;
  std::uint16_t bits;

  Narrow() = default;
  constexpr explicit Narrow(float x) : bits(detail::narrow(x, F{})) {}
  constexpr operator float() const { return detail::widen(bits, F{}); }
};
using f16 = Narrow<detail::HalfFormat>;
using bf16 = Narrow<detail::Bfloat16Format>;

template <class T>
struct Two {
  T low, high;
};
using f16x2 = Two<f16>;
using bf16x2 = Two<bf16>;

template <class T>
inline constexpr bool kIsNarrow = false;
template <class F>
inline constexpr bool kIsNarrow<Narrow<F>> = true;
template <class T>
inline constexpr bool kIsTwo = false;
template <class T>
inline constexpr bool kIsTwo<Two<T>> = true;

template <class T>
concept Integral = std::is_integral_v<T> && !std::is_same_v<T, bool>;
template <class T>
concept Real32Or64 = std::is_floating_point_v<T>;
template <class T>
concept Floating = Real32Or64<T> || kIsNarrow<T> || kIsTwo<T>;

/// The unsigned integer of so many bytes.
template <std::size_t Bytes>
using Unsigned =
    std::conditional_t<Bytes == 1, u8,
                       std::conditional_t<Bytes == 2, u16, std::conditional_t<Bytes == 4, u32, u64>>>;

// clang-format off
enum class Mod : std::uint64_t {
  none = 0,
  rz = 1ull << 0, rm = 1ull << 1, rp = 1ull << 2,
  rni = 1ull << 3, rzi = 1ull << 4, rmi = 1ull << 5, rpi = 1ull << 6,
  ftz = 1ull << 7, sat = 1ull << 8, relu = 1ull << 9, NaN = 1ull << 10, clamp = 1ull << 11, wrap = 1ull << 12,
  eq = 1ull << 13, ne = 1ull << 14, lt = 1ull << 15, le = 1ull << 16, gt = 1ull << 17, ge = 1ull << 18,
  lo = 1ull << 19, ls = 1ull << 20, hi = 1ull << 21, hs = 1ull << 22,
  equ = 1ull << 23, neu = 1ull << 24, ltu = 1ull << 25, leu = 1ull << 26, gtu = 1ull << 27, geu = 1ull << 28,
  num = 1ull << 29, nan = 1ull << 30,
  and_ = 1ull << 31, or_ = 1ull << 32, xor_ = 1ull << 33,
  add = 1ull << 34, min = 1ull << 35, max = 1ull << 36,
  volatile_ = 1ull << 37, relaxed = 1ull << 38, acquire = 1ull << 39, release = 1ull << 40, mmio = 1ull << 41,
  cg = 1ull << 42, cv = 1ull << 43,
};
// clang-format on

constexpr Mod operator|(Mod a, Mod b) {
  return static_cast<Mod>(static_cast<std::uint64_t>(a) | static_cast<std::uint64_t>(b));
}
/// Whether any of `wanted` is among the modifiers.
constexpr bool has(Mod mods, Mod wanted) {
  return (static_cast<std::uint64_t>(mods) & static_cast<std::uint64_t>(wanted)) != 0;
}

}  // namespace gridstride::emulator::ptx
