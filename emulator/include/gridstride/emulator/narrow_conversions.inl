// Conversions whose names carry the type's: GRIDSTRIDE_NARROW is the type, GRIDSTRIDE_NARROW_NAME(A, B) puts
// its name (half, bfloat16) between A and B.

#define GRIDSTRIDE_OPS gridstride::emulator::detail::OperationsOf<GRIDSTRIDE_NARROW>
#define GRIDSTRIDE_ROUNDING gridstride::emulator::detail::Rounding

#define GRIDSTRIDE_FROM(FROM, T, EXACT)                                                                      \
  constexpr GRIDSTRIDE_NARROW GRIDSTRIDE_NARROW_NAME(__##FROM##2, _rn)(T x) { return GRIDSTRIDE_NARROW(x); } \
  constexpr GRIDSTRIDE_NARROW GRIDSTRIDE_NARROW_NAME(__##FROM##2, _rz)(T x) {                                \
    return GRIDSTRIDE_OPS::rounded(EXACT(x), GRIDSTRIDE_ROUNDING::Zero);                                     \
  }                                                                                                          \
  constexpr GRIDSTRIDE_NARROW GRIDSTRIDE_NARROW_NAME(__##FROM##2, _ru)(T x) {                                \
    return GRIDSTRIDE_OPS::rounded(EXACT(x), GRIDSTRIDE_ROUNDING::Up);                                       \
  }                                                                                                          \
  constexpr GRIDSTRIDE_NARROW GRIDSTRIDE_NARROW_NAME(__##FROM##2, _rd)(T x) {                                \
    return GRIDSTRIDE_OPS::rounded(EXACT(x), GRIDSTRIDE_ROUNDING::Down);                                     \
  }
GRIDSTRIDE_FROM(float, float, static_cast<double>)
GRIDSTRIDE_FROM(short, short, static_cast<double>)
GRIDSTRIDE_FROM(ushort, unsigned short, static_cast<double>)
GRIDSTRIDE_FROM(int, int, static_cast<double>)
GRIDSTRIDE_FROM(uint, unsigned, static_cast<double>)
GRIDSTRIDE_FROM(ll, long long, gridstride::emulator::detail::to_odd_double)
GRIDSTRIDE_FROM(ull, unsigned long long, gridstride::emulator::detail::to_odd_double)
#undef GRIDSTRIDE_FROM

constexpr GRIDSTRIDE_NARROW GRIDSTRIDE_NARROW_NAME(__float2, )(float x) { return GRIDSTRIDE_NARROW(x); }
constexpr GRIDSTRIDE_NARROW GRIDSTRIDE_NARROW_NAME(__double2, )(double x) { return GRIDSTRIDE_NARROW(x); }
constexpr float GRIDSTRIDE_NARROW_NAME(__, 2float)(GRIDSTRIDE_NARROW x) { return x; }

#define GRIDSTRIDE_TO(TO, T, MODE, ROUNDING)                                      \
  inline T GRIDSTRIDE_NARROW_NAME(__, 2##TO##MODE)(GRIDSTRIDE_NARROW x) {         \
    using namespace gridstride::emulator::detail;                                 \
    return saturating<T>(to_integral<Rounding::ROUNDING>(static_cast<float>(x))); \
  }
#define GRIDSTRIDE_TO_ALL(TO, T)     \
  GRIDSTRIDE_TO(TO, T, _rn, Nearest) \
  GRIDSTRIDE_TO(TO, T, _rz, Zero)    \
  GRIDSTRIDE_TO(TO, T, _ru, Up)      \
  GRIDSTRIDE_TO(TO, T, _rd, Down)
GRIDSTRIDE_TO(char, signed char, _rz, Zero)
GRIDSTRIDE_TO(uchar, unsigned char, _rz, Zero)
GRIDSTRIDE_TO_ALL(short, short)
GRIDSTRIDE_TO_ALL(ushort, unsigned short)
GRIDSTRIDE_TO_ALL(int, int)
GRIDSTRIDE_TO_ALL(uint, unsigned)
GRIDSTRIDE_TO_ALL(ll, long long)
GRIDSTRIDE_TO_ALL(ull, unsigned long long)
#undef GRIDSTRIDE_TO_ALL
#undef GRIDSTRIDE_TO

constexpr unsigned short GRIDSTRIDE_NARROW_NAME(__, _as_ushort)(GRIDSTRIDE_NARROW x) {
  return static_cast<unsigned short>(GRIDSTRIDE_OPS::bits(x));
}
constexpr short GRIDSTRIDE_NARROW_NAME(__, _as_short)(GRIDSTRIDE_NARROW x) {
  return static_cast<short>(GRIDSTRIDE_OPS::bits(x));
}
constexpr GRIDSTRIDE_NARROW GRIDSTRIDE_NARROW_NAME(__ushort_as_, )(unsigned short x) {
  return GRIDSTRIDE_OPS::from_bits(x);
}
constexpr GRIDSTRIDE_NARROW GRIDSTRIDE_NARROW_NAME(__short_as_, )(short x) {
  return GRIDSTRIDE_OPS::from_bits(static_cast<unsigned short>(x));
}

// [pairs]
constexpr GRIDSTRIDE_NARROW2 GRIDSTRIDE_NARROW_NAME(__float2, 2_rn)(float x) {
  return {GRIDSTRIDE_NARROW(x), GRIDSTRIDE_NARROW(x)};
}
constexpr GRIDSTRIDE_NARROW2 GRIDSTRIDE_NARROW_NAME(__floats2, 2_rn)(float x, float y) {
  return {GRIDSTRIDE_NARROW(x), GRIDSTRIDE_NARROW(y)};
}
constexpr GRIDSTRIDE_NARROW2 GRIDSTRIDE_NARROW_NAME(__float22, 2_rn)(float2 v) {
  return {GRIDSTRIDE_NARROW(v.x), GRIDSTRIDE_NARROW(v.y)};
}
constexpr float2 GRIDSTRIDE_NARROW_NAME(__, 22float2)(GRIDSTRIDE_NARROW2 v) { return {v.x, v.y}; }
constexpr GRIDSTRIDE_NARROW GRIDSTRIDE_NARROW_NAME(__low2, )(GRIDSTRIDE_NARROW2 v) { return v.x; }
constexpr GRIDSTRIDE_NARROW GRIDSTRIDE_NARROW_NAME(__high2, )(GRIDSTRIDE_NARROW2 v) { return v.y; }
constexpr GRIDSTRIDE_NARROW2 GRIDSTRIDE_NARROW_NAME(__low2, 2)(GRIDSTRIDE_NARROW2 v) { return {v.x, v.x}; }
constexpr GRIDSTRIDE_NARROW2 GRIDSTRIDE_NARROW_NAME(__high2, 2)(GRIDSTRIDE_NARROW2 v) { return {v.y, v.y}; }
constexpr GRIDSTRIDE_NARROW2 GRIDSTRIDE_NARROW_NAME(make_, 2)(GRIDSTRIDE_NARROW x, GRIDSTRIDE_NARROW y) {
  return {x, y};
}

#undef GRIDSTRIDE_ROUNDING
#undef GRIDSTRIDE_OPS
