/// cvt: between integers, floating point and the narrow types.
#pragma once

#include <cmath>
#include <limits>

#include "gridstride/emulator/ptx/floats.hpp"
#include "gridstride/emulator/ptx/registers.hpp"
#include "gridstride/emulator/ptx/types.hpp"

namespace gridstride::emulator::ptx {

template <Mod M>
inline constexpr detail::Rounding kRounding = has(M, Mod::rz | Mod::rzi)   ? detail::Rounding::Zero
                                              : has(M, Mod::rm | Mod::rmi) ? detail::Rounding::Down
                                              : has(M, Mod::rp | Mod::rpi) ? detail::Rounding::Up
                                                                           : detail::Rounding::Nearest;
inline constexpr Mod kToIntegral = Mod::rni | Mod::rzi | Mod::rmi | Mod::rpi;

template <Mod M, class T>
inline T integral(T x) {
  if constexpr (has(M, Mod::rzi)) return std::trunc(x);
  return detail::to_integral<kRounding<M>>(x);
}

template <class D, Mod M, class S>
constexpr D convert_integer(S a) {
  if constexpr (has(M, Mod::sat)) {
    using Limits = std::numeric_limits<D>;
    if (std::is_signed_v<S> && a < 0) {
      if (!std::is_signed_v<D>) return 0;
      return static_cast<s64>(a) < static_cast<s64>(Limits::min()) ? Limits::min() : static_cast<D>(a);
    }
    return static_cast<u64>(a) > static_cast<u64>(Limits::max()) ? Limits::max() : static_cast<D>(a);
  }
  return static_cast<D>(a);
}

/// An integer or a number of 32 or 64 bits as a float or double.
template <class D, Mod M, class S>
inline D to_float(S a) {
  if constexpr (std::is_same_v<S, u64>) {
    return kRounding<M> == detail::Rounding::Nearest ? static_cast<D>(a)
                                                     : detail::rounded_unsigned<kRounding<M>, D>(a);
  } else if constexpr (std::is_integral_v<S>) {
    return in_mode<M>([](s64 x) { return static_cast<D>(x); }, static_cast<s64>(a));
  } else {
    return in_mode<M>([](S x) { return static_cast<D>(x); }, a);
  }
}

template <class D, Mod M, class S>
inline D to_narrow(S a) {
  if constexpr (std::is_integral_v<S>) {
    return from_bits<D>(detail::encode<typename D::Format>(detail::to_odd_double(a), kRounding<M>));
  } else {
    return from_bits<D>(detail::encode<typename D::Format>(clamped<M>(flushed<M>(a)), kRounding<M>));
  }
}

template <class D, class S, Mod M = Mod::none>
inline D cvt(S a) {
  if constexpr (kIsNarrow<S>) {
    return cvt<D, f32, M>(static_cast<f32>(a));
  } else if constexpr (kIsNarrow<D>) {
    if constexpr (has(M, kToIntegral)) {
      return to_narrow<D, Mod::none>(integral<M>(a));
    } else {
      return to_narrow<D, M>(a);
    }
  } else if constexpr (std::is_integral_v<D>) {
    if constexpr (std::is_integral_v<S>) {
      return convert_integer<D, M>(a);
    } else {
      return detail::saturating<D>(integral<M>(flushed<M>(a)));
    }
  } else if constexpr (std::is_same_v<S, D> && has(M, kToIntegral)) {
    return clamped<M>(integral<M>(flushed<M>(a)));
  } else {
    return clamped<M>(flushed<M>(to_float<D, M>(flushed<M>(a))));
  }
}

/// cvt.rn.f16x2.f32 d, a, b: the first operand becomes the upper half.
template <class D, class S, Mod M = Mod::none>
inline D cvt(S a, S b) {
  using Half = decltype(D::low);
  return {to_narrow<Half, M>(b), to_narrow<Half, M>(a)};
}

}  // namespace gridstride::emulator::ptx
