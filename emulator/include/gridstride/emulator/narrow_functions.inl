// The functions that CUDA has under the same names for __half and __nv_bfloat16, included once for each with
// GRIDSTRIDE_NARROW and GRIDSTRIDE_NARROW2 naming the type and its pair. A file rather than templates,
// because arguments convert implicitly, and rather than a macro, because a debugger can step through it.

#define GRIDSTRIDE_OPS gridstride::emulator::detail::OperationsOf<GRIDSTRIDE_NARROW>

constexpr bool __hisnan(GRIDSTRIDE_NARROW a) { return GRIDSTRIDE_OPS::is_nan(a); }
constexpr int __hisinf(GRIDSTRIDE_NARROW a) { return GRIDSTRIDE_OPS::is_infinite(a); }
constexpr GRIDSTRIDE_NARROW __hneg(GRIDSTRIDE_NARROW a) { return GRIDSTRIDE_OPS::negated(a); }
constexpr GRIDSTRIDE_NARROW __habs(GRIDSTRIDE_NARROW a) { return GRIDSTRIDE_OPS::absolute(a); }
constexpr float __low2float(GRIDSTRIDE_NARROW2 a) { return a.x; }
constexpr float __high2float(GRIDSTRIDE_NARROW2 a) { return a.y; }
constexpr GRIDSTRIDE_NARROW2 __lowhigh2highlow(GRIDSTRIDE_NARROW2 a) { return {a.y, a.x}; }
constexpr GRIDSTRIDE_NARROW2 __hneg2(GRIDSTRIDE_NARROW2 a) { return {__hneg(a.x), __hneg(a.y)}; }
constexpr GRIDSTRIDE_NARROW2 __habs2(GRIDSTRIDE_NARROW2 a) { return {__habs(a.x), __habs(a.y)}; }

// [arithmetic] `_rn` may not be fused with a neighbour; nothing is fused here.
#define GRIDSTRIDE_BINARY(NAME, NAME2, ...)                                                          \
  constexpr GRIDSTRIDE_NARROW NAME(GRIDSTRIDE_NARROW a, GRIDSTRIDE_NARROW b) { return __VA_ARGS__; } \
  constexpr GRIDSTRIDE_NARROW2 NAME2(GRIDSTRIDE_NARROW2 a, GRIDSTRIDE_NARROW2 b) {                   \
    return {NAME(a.x, b.x), NAME(a.y, b.y)};                                                         \
  }
#define GRIDSTRIDE_ARITHMETIC(NAME, OP)                                                    \
  GRIDSTRIDE_BINARY(NAME, NAME##2, static_cast<float>(a) OP static_cast<float>(b))         \
  GRIDSTRIDE_BINARY(NAME##_rn, NAME##2_rn, static_cast<float>(a) OP static_cast<float>(b)) \
  GRIDSTRIDE_BINARY(                                                                       \
      NAME##_sat, NAME##2_sat,                                                             \
      GRIDSTRIDE_OPS::saturated(GRIDSTRIDE_NARROW(static_cast<float>(a) OP static_cast<float>(b))))
GRIDSTRIDE_ARITHMETIC(__hadd, +)
GRIDSTRIDE_ARITHMETIC(__hsub, -)
GRIDSTRIDE_ARITHMETIC(__hmul, *)
GRIDSTRIDE_BINARY(__hdiv, __h2div, static_cast<float>(a) / static_cast<float>(b))
GRIDSTRIDE_BINARY(__hmax, __hmax2, GRIDSTRIDE_OPS::larger(a, b))
GRIDSTRIDE_BINARY(__hmin, __hmin2, GRIDSTRIDE_OPS::smaller(a, b))
GRIDSTRIDE_BINARY(__hmax_nan, __hmax2_nan,
                  __hisnan(a) || __hisnan(b) ? GRIDSTRIDE_OPS::nan() : GRIDSTRIDE_OPS::larger(a, b))
GRIDSTRIDE_BINARY(__hmin_nan, __hmin2_nan,
                  __hisnan(a) || __hisnan(b) ? GRIDSTRIDE_OPS::nan() : GRIDSTRIDE_OPS::smaller(a, b))
#undef GRIDSTRIDE_ARITHMETIC
#undef GRIDSTRIDE_BINARY

#define GRIDSTRIDE_FUSED(NAME, NAME2, ...)                                                               \
  constexpr GRIDSTRIDE_NARROW NAME(GRIDSTRIDE_NARROW a, GRIDSTRIDE_NARROW b, GRIDSTRIDE_NARROW c) {      \
    return __VA_ARGS__;                                                                                  \
  }                                                                                                      \
  constexpr GRIDSTRIDE_NARROW2 NAME2(GRIDSTRIDE_NARROW2 a, GRIDSTRIDE_NARROW2 b, GRIDSTRIDE_NARROW2 c) { \
    return {NAME(a.x, b.x, c.x), NAME(a.y, b.y, c.y)};                                                   \
  }
GRIDSTRIDE_FUSED(__hfma, __hfma2, GRIDSTRIDE_OPS::fused(a, b, c))
GRIDSTRIDE_FUSED(__hfma_sat, __hfma2_sat, GRIDSTRIDE_OPS::saturated(__hfma(a, b, c)))
GRIDSTRIDE_FUSED(__hfma_relu, __hfma2_relu, GRIDSTRIDE_OPS::rectified(__hfma(a, b, c)))
#undef GRIDSTRIDE_FUSED

/// a * b + c of complex numbers, x the real part.
constexpr GRIDSTRIDE_NARROW2 __hcmadd(GRIDSTRIDE_NARROW2 a, GRIDSTRIDE_NARROW2 b, GRIDSTRIDE_NARROW2 c) {
  return {__hfma(__hneg(a.y), b.y, __hfma(a.x, b.x, c.x)), __hfma(a.y, b.x, __hfma(a.x, b.y, c.y))};
}

// [comparisons] Those with a u are true for NaN. Of pairs: 1.0 or 0.0 per lane, a mask, or whether both hold.
#define GRIDSTRIDE_COMPARE(NAME, ...)                                                       \
  constexpr bool __h##NAME(GRIDSTRIDE_NARROW a, GRIDSTRIDE_NARROW b) {                      \
    const float x = a, y = b;                                                               \
    return __VA_ARGS__;                                                                     \
  }                                                                                         \
  constexpr GRIDSTRIDE_NARROW2 __h##NAME##2(GRIDSTRIDE_NARROW2 a, GRIDSTRIDE_NARROW2 b) {   \
    return {GRIDSTRIDE_NARROW(__h##NAME(a.x, b.x) ? 1.0f : 0.0f),                           \
            GRIDSTRIDE_NARROW(__h##NAME(a.y, b.y) ? 1.0f : 0.0f)};                          \
  }                                                                                         \
  constexpr unsigned __h##NAME##2_mask(GRIDSTRIDE_NARROW2 a, GRIDSTRIDE_NARROW2 b) {        \
    return (__h##NAME(a.x, b.x) ? 0xffffu : 0u) | (__h##NAME(a.y, b.y) ? 0xffff0000u : 0u); \
  }                                                                                         \
  constexpr bool __hb##NAME##2(GRIDSTRIDE_NARROW2 a, GRIDSTRIDE_NARROW2 b) {                \
    return __h##NAME(a.x, b.x) && __h##NAME(a.y, b.y);                                      \
  }
GRIDSTRIDE_COMPARE(eq, x == y)
GRIDSTRIDE_COMPARE(ne, x<y || x> y)
GRIDSTRIDE_COMPARE(lt, x < y)
GRIDSTRIDE_COMPARE(le, x <= y)
GRIDSTRIDE_COMPARE(gt, x > y)
GRIDSTRIDE_COMPARE(ge, x >= y)
GRIDSTRIDE_COMPARE(equ, !(x < y || x > y))
GRIDSTRIDE_COMPARE(neu, x != y)
GRIDSTRIDE_COMPARE(ltu, !(x >= y))
GRIDSTRIDE_COMPARE(leu, !(x > y))
GRIDSTRIDE_COMPARE(gtu, !(x <= y))
GRIDSTRIDE_COMPARE(geu, !(x < y))
#undef GRIDSTRIDE_COMPARE

constexpr GRIDSTRIDE_NARROW2 __hisnan2(GRIDSTRIDE_NARROW2 a) { return __hneu2(a, a); }

// [mathematics] The float function, rounded.
#define GRIDSTRIDE_UNARY(NAME, ...)                       \
  inline GRIDSTRIDE_NARROW h##NAME(GRIDSTRIDE_NARROW a) { \
    const float x = a;                                    \
    return GRIDSTRIDE_NARROW(__VA_ARGS__);                \
  }                                                       \
  inline GRIDSTRIDE_NARROW2 h2##NAME(GRIDSTRIDE_NARROW2 a) { return {h##NAME(a.x), h##NAME(a.y)}; }
GRIDSTRIDE_UNARY(sqrt, sqrtf(x))
GRIDSTRIDE_UNARY(rsqrt, 1.0 / sqrt(static_cast<double>(x)))
GRIDSTRIDE_UNARY(rcp, 1.0f / x)
GRIDSTRIDE_UNARY(exp, expf(x))
GRIDSTRIDE_UNARY(exp2, exp2f(x))
GRIDSTRIDE_UNARY(exp10, exp10f(x))
GRIDSTRIDE_UNARY(log, logf(x))
GRIDSTRIDE_UNARY(log2, log2f(x))
GRIDSTRIDE_UNARY(log10, log10f(x))
GRIDSTRIDE_UNARY(sin, sinf(x))
GRIDSTRIDE_UNARY(cos, cosf(x))
GRIDSTRIDE_UNARY(tanh, tanhf(x))
GRIDSTRIDE_UNARY(tanh_approx, tanhf(x))
GRIDSTRIDE_UNARY(trunc, truncf(x))
GRIDSTRIDE_UNARY(floor, floorf(x))
GRIDSTRIDE_UNARY(ceil, ceilf(x))
GRIDSTRIDE_UNARY(rint, nearbyintf(x))
#undef GRIDSTRIDE_UNARY

// [operators]
#define GRIDSTRIDE_OPERATOR(OP, T, FUNCTION)                                 \
  constexpr T operator OP(const T& a, const T& b) { return FUNCTION(a, b); } \
  constexpr T& operator OP##=(T& a, const T& b) { return a = FUNCTION(a, b); }
GRIDSTRIDE_OPERATOR(+, GRIDSTRIDE_NARROW, __hadd)
GRIDSTRIDE_OPERATOR(-, GRIDSTRIDE_NARROW, __hsub)
GRIDSTRIDE_OPERATOR(*, GRIDSTRIDE_NARROW, __hmul)
GRIDSTRIDE_OPERATOR(/, GRIDSTRIDE_NARROW, __hdiv)
GRIDSTRIDE_OPERATOR(+, GRIDSTRIDE_NARROW2, __hadd2)
GRIDSTRIDE_OPERATOR(-, GRIDSTRIDE_NARROW2, __hsub2)
GRIDSTRIDE_OPERATOR(*, GRIDSTRIDE_NARROW2, __hmul2)
GRIDSTRIDE_OPERATOR(/, GRIDSTRIDE_NARROW2, __h2div)
#undef GRIDSTRIDE_OPERATOR

#define GRIDSTRIDE_SIGN_AND_STEP(T, NEGATE, ONE)          \
  constexpr T operator+(const T& a) { return a; }         \
  constexpr T operator-(const T& a) { return NEGATE(a); } \
  constexpr T& operator++(T& a) { return a += ONE; }      \
  constexpr T& operator--(T& a) { return a -= ONE; }      \
  constexpr T operator++(T& a, int) {                     \
    const T old = a;                                      \
    ++a;                                                  \
    return old;                                           \
  }                                                       \
  constexpr T operator--(T& a, int) {                     \
    const T old = a;                                      \
    --a;                                                  \
    return old;                                           \
  }
GRIDSTRIDE_SIGN_AND_STEP(GRIDSTRIDE_NARROW, __hneg, GRIDSTRIDE_NARROW(1.0f))
GRIDSTRIDE_SIGN_AND_STEP(GRIDSTRIDE_NARROW2, __hneg2,
                         GRIDSTRIDE_NARROW2(GRIDSTRIDE_NARROW(1.0f), GRIDSTRIDE_NARROW(1.0f)))
#undef GRIDSTRIDE_SIGN_AND_STEP

#define GRIDSTRIDE_RELATION(OP, NAME)                                                    \
  constexpr bool operator OP(const GRIDSTRIDE_NARROW& a, const GRIDSTRIDE_NARROW& b) {   \
    return __h##NAME(a, b);                                                              \
  }                                                                                      \
  constexpr bool operator OP(const GRIDSTRIDE_NARROW2& a, const GRIDSTRIDE_NARROW2& b) { \
    return __hb##NAME##2(a, b);                                                          \
  }
GRIDSTRIDE_RELATION(==, eq)
GRIDSTRIDE_RELATION(!=, neu)
GRIDSTRIDE_RELATION(<, lt)
GRIDSTRIDE_RELATION(<=, le)
GRIDSTRIDE_RELATION(>, gt)
GRIDSTRIDE_RELATION(>=, ge)
#undef GRIDSTRIDE_RELATION

// [atomics] A pair is added as one; CUDA promises that for each half only.
inline GRIDSTRIDE_NARROW atomicAdd(GRIDSTRIDE_NARROW* p, GRIDSTRIDE_NARROW value) {
  return gridstride::emulator::detail::fetch_update(p,
                                                    [value](GRIDSTRIDE_NARROW old) { return old + value; });
}
inline GRIDSTRIDE_NARROW2 atomicAdd(GRIDSTRIDE_NARROW2* p, GRIDSTRIDE_NARROW2 value) {
  return gridstride::emulator::detail::fetch_update(p,
                                                    [value](GRIDSTRIDE_NARROW2 old) { return old + value; });
}

#undef GRIDSTRIDE_OPS
