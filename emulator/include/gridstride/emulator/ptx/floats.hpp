/// Floating-point arithmetic: rounding, flushing of subnormal numbers, saturation; and the functions that a
/// GPU approximates, which here are as exact as the C library's.
#pragma once

#include <cmath>
#include <limits>

#include "gridstride/emulator/math.hpp"
#include "gridstride/emulator/ptx/types.hpp"
#include "gridstride/emulator/rounding.hpp"

namespace gridstride::emulator::ptx {

/// Subnormal floats as zeros of their sign, where .ftz asks for it; it says nothing about doubles.
template <Mod M, class T>
inline T flushed(T x) {
  if constexpr (has(M, Mod::ftz) && std::is_same_v<T, f32>) {
    return std::fabs(x) < std::numeric_limits<f32>::min() ? std::copysign(0.0f, x) : x;
  } else {
    return x;
  }
}

/// What .sat and .relu make of a result.
template <Mod M, class T>
inline T clamped(T x) {
  if constexpr (has(M, Mod::sat)) return x > T(0) ? (x < T(1) ? x : T(1)) : T(0);  // NaN becomes 0
  if constexpr (has(M, Mod::relu)) return x <= T(0) ? T(0) : x;
  return x;
}

template <Mod M, class F, class... T>
inline auto in_mode(F f, T... x) {
  using detail::Rounding;
  if constexpr (has(M, Mod::rz)) {
    return detail::rounding<Rounding::Zero>(f, x...);
  } else if constexpr (has(M, Mod::rm)) {
    return detail::rounding<Rounding::Down>(f, x...);
  } else if constexpr (has(M, Mod::rp)) {
    return detail::rounding<Rounding::Up>(f, x...);
  } else {
    return detail::rounded(f(x...));
  }
}

/// f of the operands, as an instruction on type T with these modifiers computes it. Narrow types are computed
/// in float, whose digits suffice.
template <class T, Mod M, class F, class... X>
inline T compute(F f, X... x) {
  if constexpr (kIsTwo<T>) {
    using Half = decltype(T::low);
    return {compute<Half, M>(f, x.low...), compute<Half, M>(f, x.high...)};
  } else if constexpr (kIsNarrow<T>) {
    return T(clamped<M>(static_cast<float>(f(static_cast<float>(x)...))));
  } else {
    return clamped<M>(flushed<M>(static_cast<T>(in_mode<M>(f, flushed<M>(x)...))));
  }
}

template <Floating T, Mod M = Mod::none>
inline T add(T a, T b) {
  return compute<T, M>([](auto x, auto y) { return x + y; }, a, b);
}
template <Floating T, Mod M = Mod::none>
inline T sub(T a, T b) {
  return compute<T, M>([](auto x, auto y) { return x - y; }, a, b);
}
template <Floating T, Mod M = Mod::none>
inline T mul(T a, T b) {
  return compute<T, M>([](auto x, auto y) { return x * y; }, a, b);
}
template <Floating T, Mod M = Mod::none>
inline T div(T a, T b) {
  return compute<T, M>([](auto x, auto y) { return x / y; }, a, b);
}

template <Floating T, Mod M = Mod::none>
inline T fma(T a, T b, T c) {
  if constexpr (kIsTwo<T>) {
    using Half = decltype(T::low);
    return {fma<Half, M>(a.low, b.low, c.low), fma<Half, M>(a.high, b.high, c.high)};
  } else if constexpr (kIsNarrow<T>) {
    using Exact = typename T::Format::Wide;
    const float sum = detail::sum_to_odd<Exact>(Exact{float{a}} * Exact{float{b}}, Exact{float{c}});
    return T(clamped<M>(sum));
  } else {
    return compute<T, M>([](T x, T y, T z) { return std::fma(x, y, z); }, a, b, c);
  }
}
template <Floating T, Mod M = Mod::none>
inline T mad(T a, T b, T c) {
  return fma<T, M>(a, b, c);
}

template <Floating T, Mod M = Mod::none>
inline T abs(T a) {
  return compute<T, M>([](auto x) { return std::fabs(x); }, a);
}
template <Floating T, Mod M = Mod::none>
inline T neg(T a) {
  return compute<T, M>([](auto x) { return -x; }, a);
}

/// A NaN loses against a number, or wins with .NaN; -0 is less than +0.
template <Mod M, class T>
inline T lesser(T a, T b, bool wanted) {
  if (a != a || b != b) {
    if (has(M, Mod::NaN) || (a != a && b != b)) return std::numeric_limits<T>::quiet_NaN();
    return a != a ? b : a;
  }
  if (a == b) return std::signbit(a) == wanted ? a : b;
  return (a < b) == wanted ? a : b;
}
template <Floating T, Mod M = Mod::none>
inline T min(T a, T b) {
  return compute<T, M>([](auto x, auto y) { return lesser<M>(x, y, true); }, a, b);
}
template <Floating T, Mod M = Mod::none>
inline T max(T a, T b) {
  return compute<T, M>([](auto x, auto y) { return lesser<M>(x, y, false); }, a, b);
}

template <Real32Or64 T>
inline T copysign(T sign, T magnitude) {
  return std::copysign(magnitude, sign);
}
template <Real32Or64 T>
inline pred testp_finite(T a) {
  return std::isfinite(a);
}
template <Real32Or64 T>
inline pred testp_infinite(T a) {
  return std::isinf(a);
}
template <Real32Or64 T>
inline pred testp_number(T a) {
  return !std::isnan(a);
}
template <Real32Or64 T>
inline pred testp_notanumber(T a) {
  return std::isnan(a);
}

#define GRIDSTRIDE_PTX_FUNCTION(NAME, ...)                       \
  template <Floating T, Mod M = Mod::none>                       \
  inline T NAME(T a) {                                           \
    return compute<T, M>([](auto x) { return __VA_ARGS__; }, a); \
  }
GRIDSTRIDE_PTX_FUNCTION(rcp, 1 / x)
GRIDSTRIDE_PTX_FUNCTION(sqrt, std::sqrt(x))
GRIDSTRIDE_PTX_FUNCTION(rsqrt, 1 / std::sqrt(static_cast<double>(x)))
GRIDSTRIDE_PTX_FUNCTION(ex2, std::exp2(x))
GRIDSTRIDE_PTX_FUNCTION(lg2, std::log2(x))
GRIDSTRIDE_PTX_FUNCTION(sin, std::sin(x))
GRIDSTRIDE_PTX_FUNCTION(cos, std::cos(x))
GRIDSTRIDE_PTX_FUNCTION(tanh, std::tanh(x))
#undef GRIDSTRIDE_PTX_FUNCTION

}  // namespace gridstride::emulator::ptx
