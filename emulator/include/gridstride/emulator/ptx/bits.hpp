/// Logic, shifts, bit fields and permutations. Shift counts and lengths are beyond 31 or 63 without being
/// undefined.
#pragma once

#include "gridstride/emulator/integers.hpp"
#include "gridstride/emulator/ptx/types.hpp"

namespace gridstride::emulator::ptx {

template <class T>
constexpr T and_(T a, T b) {
  return static_cast<T>(a & b);
}
template <class T>
constexpr T or_(T a, T b) {
  return static_cast<T>(a | b);
}
template <class T>
constexpr T xor_(T a, T b) {
  return static_cast<T>(a ^ b);
}
template <class T>
constexpr T not_(T a) {
  if constexpr (std::is_same_v<T, bool>) {
    return !a;
  } else {
    return static_cast<T>(~a);
  }
}
template <class T>
constexpr T cnot(T a) {
  return a == 0 ? T{1} : T{0};
}

/// The bits of `table` tell the result for each combination of a's, b's and c's bits. No loop: hash functions
/// have thousands of these, which the compiler shall not have to unroll.
template <class T>
constexpr T lop3(T a, T b, T c, u32 table) {
  const auto of_c = [=](u32 half) { return (half & 2 ? c : T{0}) | (half & 1 ? ~c : T{0}); };
  const auto of_bc = [=](u32 part) { return (b & of_c(part >> 2)) | (~b & of_c(part)); };
  return (a & of_bc(table >> 4)) | (~a & of_bc(table));
}

template <class T>
constexpr T shl(T a, u32 count) {
  return count >= 8 * sizeof(T) ? T{0} : static_cast<T>(static_cast<u64>(a) << count);
}
template <class T>
constexpr T shr(T a, u32 count) {
  constexpr u32 kBits = 8 * sizeof(T);
  if (count >= kBits) return a < 0 ? static_cast<T>(-1) : T{0};
  return static_cast<T>(a >> count);
}
template <class T>
inline T shf_l_wrap(T low, T high, u32 count) {
  return __funnelshift_l(low, high, count);
}
template <class T>
inline T shf_l_clamp(T low, T high, u32 count) {
  return __funnelshift_lc(low, high, count);
}
template <class T>
inline T shf_r_wrap(T low, T high, u32 count) {
  return __funnelshift_r(low, high, count);
}
template <class T>
inline T shf_r_clamp(T low, T high, u32 count) {
  return __funnelshift_rc(low, high, count);
}

template <class T>
constexpr T low_ones(u32 count) {
  return count >= 8 * sizeof(T) ? static_cast<T>(~T{0}) : static_cast<T>((u64{1} << count) - 1);
}
/// Of position and length the low 8 bits count. A signed field that reaches beyond the highest bit goes on
/// with it.
template <class T>
constexpr T bfe(T a, u32 position, u32 length) {
  constexpr u32 kBits = 8 * sizeof(T);
  position &= 0xff, length &= 0xff;
  if (length == 0) return 0;
  const T field = and_<T>(shr<T>(a, position), low_ones<T>(length));
  if (!std::is_signed_v<T>) return field;
  const u32 highest = position + length - 1 < kBits ? position + length - 1 : kBits - 1;
  const bool negative = a >> highest & 1;
  return negative ? or_<T>(field, not_<T>(low_ones<T>(length))) : field;
}
/// b with a's low bits inserted.
template <class T>
constexpr T bfi(T a, T b, u32 position, u32 length) {
  const T mask = shl<T>(low_ones<T>(length & 0xff), position & 0xff);
  return static_cast<T>((b & ~mask) | (shl<T>(a, position & 0xff) & mask));
}

template <class T>
inline T brev(T a) {
  if constexpr (sizeof(T) == 8) {
    return __brevll(a);
  } else {
    return __brev(a);
  }
}
template <class T>
constexpr u32 clz(T a) {
  return static_cast<u32>(std::countl_zero(a));
}
template <class T>
constexpr u32 popc(T a) {
  return static_cast<u32>(std::popcount(a));
}
/// The highest bit that is no copy of the sign; all ones if there is none.
template <class T>
constexpr u32 bfind(T a) {
  const auto bits = static_cast<std::make_unsigned_t<T>>(a < 0 ? ~a : a);
  return static_cast<u32>(8 * sizeof(T)) - 1 - static_cast<u32>(std::countl_zero(bits));
}
/// By how much to shift that bit to the highest place.
template <class T>
constexpr u32 bfind_shiftamt(T a) {
  const u32 at = bfind<T>(a);
  return at == ~0u ? at : static_cast<u32>(8 * sizeof(T)) - 1 - at;
}

template <class T>
inline T prmt(T a, T b, u32 selectors) {
  return __byte_perm(a, b, selectors);
}
// The modes of prmt, each by the selectors for c = 0, 1, 2, 3.
#define GRIDSTRIDE_PTX_PRMT(MODE, C0, C1, C2, C3)  \
  template <class T>                               \
  inline T prmt_##MODE(T a, T b, u32 c) {          \
    constexpr u32 kSelectors[] = {C0, C1, C2, C3}; \
    return __byte_perm(a, b, kSelectors[c & 3]);   \
  }
GRIDSTRIDE_PTX_PRMT(f4e, 0x3210, 0x4321, 0x5432, 0x6543)
GRIDSTRIDE_PTX_PRMT(b4e, 0x5670, 0x6701, 0x7012, 0x0123)
GRIDSTRIDE_PTX_PRMT(rc8, 0x0000, 0x1111, 0x2222, 0x3333)
GRIDSTRIDE_PTX_PRMT(ecl, 0x3210, 0x3211, 0x3222, 0x3333)
GRIDSTRIDE_PTX_PRMT(ecr, 0x0000, 0x1110, 0x2210, 0x3210)
GRIDSTRIDE_PTX_PRMT(rc16, 0x1010, 0x3232, 0x1010, 0x3232)
#undef GRIDSTRIDE_PTX_PRMT

/// The i-th part of a word that consists of parts of so many bits.
template <class Sign>
constexpr u32 part(u32 word, int bits, int i) {
  const u32 raised = word << (32 - bits * (i + 1));
  return std::is_signed_v<Sign> ? static_cast<u32>(static_cast<s32>(raised) >> (32 - bits))
                                : raised >> (32 - bits);
}
template <class A, class B>
constexpr u32 dp4a(u32 a, u32 b, u32 c) {
  for (int i = 0; i < 4; ++i) c += part<A>(a, 8, i) * part<B>(b, 8, i);
  return c;
}
template <class A, class B>
constexpr u32 dp2a_lo(u32 a, u32 b, u32 c) {
  return c + part<A>(a, 16, 0) * part<B>(b, 8, 0) + part<A>(a, 16, 1) * part<B>(b, 8, 1);
}
template <class A, class B>
constexpr u32 dp2a_hi(u32 a, u32 b, u32 c) {
  return dp2a_lo<A, B>(a, b >> 16, c);
}

}  // namespace gridstride::emulator::ptx
