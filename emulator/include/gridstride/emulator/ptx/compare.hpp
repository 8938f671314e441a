/// Comparisons, and choices by them.
#pragma once

#include <cmath>

#include "gridstride/emulator/ptx/floats.hpp"
#include "gridstride/emulator/ptx/registers.hpp"
#include "gridstride/emulator/ptx/types.hpp"

namespace gridstride::emulator::ptx {

/// Comparisons whose name ends in u hold for NaNs too.
template <Mod M, class T>
inline bool compare(T a, T b) {
  if constexpr (kIsNarrow<T>) {
    return compare<M>(static_cast<float>(a), static_cast<float>(b));
  } else {
    const bool unordered = a != a || b != b;
    if constexpr (has(M, Mod::num)) return !unordered;
    if constexpr (has(M, Mod::nan)) return unordered;
    if (unordered) {
      return has(M, Mod::equ | Mod::neu | Mod::ltu | Mod::leu | Mod::gtu | Mod::geu);
    }
    return (has(M, Mod::eq | Mod::equ | Mod::le | Mod::leu | Mod::ls | Mod::ge | Mod::geu | Mod::hs) &&
            a == b) ||
           (has(M, Mod::ne | Mod::neu | Mod::lt | Mod::ltu | Mod::lo | Mod::le | Mod::leu | Mod::ls) &&
            a < b) ||
           (has(M, Mod::ne | Mod::neu | Mod::gt | Mod::gtu | Mod::hi | Mod::ge | Mod::geu | Mod::hs) &&
            a > b);
  }
}

template <Mod M>
constexpr bool combined(bool comparison, bool c) {
  if constexpr (has(M, Mod::and_)) return comparison && c;
  if constexpr (has(M, Mod::or_)) return comparison || c;
  if constexpr (has(M, Mod::xor_)) return comparison != c;
  return comparison;
}

/// The second predicate is that of the comparison's opposite.
template <class T, Mod M>
inline Outcome<bool> setp(T a, T b, bool c = true) {
  const bool holds = compare<M>(flushed<M>(a), flushed<M>(b));
  return {combined<M>(holds, c), combined<M>(!holds, c)};
}
/// All ones for true, or 1.0.
template <class D, class T, Mod M>
inline D set(T a, T b, bool c = true) {
  const bool holds = setp<T, M>(a, b, c).value;
  if constexpr (std::is_floating_point_v<D>) {
    return holds;
  } else {
    return holds ? static_cast<D>(~D{0}) : D{0};
  }
}
template <class T>
inline T selp(T a, T b, bool c) {
  return c ? a : b;
}
template <class T, class C, Mod M = Mod::none>
inline T slct(T a, T b, C c) {
  return flushed<M>(c) >= 0 ? a : b;
}

}  // namespace gridstride::emulator::ptx
