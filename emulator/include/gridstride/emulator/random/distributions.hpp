/// From random words to numbers: cuRAND's mappings, which leave out zero and include one.
#pragma once

#include <math.h>

#include "gridstride/emulator/math.hpp"
#include "gridstride/emulator/vectors.hpp"

namespace gridstride::emulator::detail {

inline float unit_float(unsigned word) { return fmaf(static_cast<float>(word), 0x1p-32f, 0x1p-33f); }

inline double unit_double(unsigned word) { return word * 0x1p-32 + 0x1p-32; }

/// 53 random bits: those of `low`, and 21 of `high` above them.
inline double unit_double(unsigned low, unsigned high) {
  const unsigned long long bits = low ^ static_cast<unsigned long long>(high) << 21;
  return static_cast<double>(bits) * 0x1p-53 + 0x1p-54;
}

/// Two independent normal numbers from a uniform one and an angle.
inline float2 box_muller(float uniform, float angle) {
  const float radius = sqrtf(-2.0f * logf(uniform));
  float2 pair;
  __sincosf(angle, &pair.x, &pair.y);
  return {pair.x * radius, pair.y * radius};
}

/// The angle is in units of pi.
inline double2 box_muller(double uniform, double angle) {
  const double radius = sqrt(-2.0 * log(uniform));
  double2 pair;
  sincospi(angle, &pair.x, &pair.y);
  return {pair.x * radius, pair.y * radius};
}

inline float2 normal_pair(unsigned a, unsigned b) {
  constexpr float kTurn = 0x1p-32f * 6.2831855f;
  return box_muller(unit_float(a), fmaf(static_cast<float>(b), kTurn, kTurn / 2));
}

inline double2 normal_pair(uint4 words) {
  return box_muller(unit_double(words.x, words.y), 2.0 * unit_double(words.z, words.w));
}

/// The second number of a Box-Muller pair waits here for the next call that wants one of its kind.
struct SpareNormal {
  enum class Kind : unsigned char { None, Normal, LogNormal };

  Kind kind = Kind::None, kind_double = Kind::None;
  float value = 0;
  double value_double = 0;
};

template <class Pair>
float take_one(SpareNormal& spare, SpareNormal::Kind kind, Pair pair) {
  const bool there = spare.kind == kind;
  spare.kind = there ? SpareNormal::Kind::None : kind;
  if (there) return spare.value;
  const float2 fresh = pair();
  spare.value = fresh.y;
  return fresh.x;
}

template <class Pair>
double take_one_double(SpareNormal& spare, SpareNormal::Kind kind, Pair pair) {
  const bool there = spare.kind_double == kind;
  spare.kind_double = there ? SpareNormal::Kind::None : kind;
  if (there) return spare.value_double;
  const double2 fresh = pair();
  spare.value_double = fresh.y;
  return fresh.x;
}

/// A Poisson number for lambda below 64: how many uniform numbers it takes until their product, times
/// e^lambda, is at most one (Knuth).
template <class Uniform>
unsigned poisson_by_product(float lambda, Uniform uniform) {
  unsigned count = 0;
  for (float product = expf(lambda) * uniform(); product > 1.0f; product *= uniform()) ++count;
  return count;
}

/// A Poisson number for lambda of 10 and more by transformed rejection with a table-free squeeze.
/// Source: Hoermann, The transformed rejection method for generating Poisson random variables, 1993.
template <class Uniform>
unsigned poisson_by_rejection(double lambda, Uniform uniform) {
  const double b = 0.931 + 2.53 * sqrt(lambda);
  const double a = -0.059 + 0.02483 * b;
  const double scale = 1.1239 + 1.1328 / (b - 3.4);
  const double accepted_at_once = 0.9277 - 3.6224 / (b - 2.0);
  for (;;) {
    const double u = uniform() - 0.5, v = uniform();
    const double us = 0.5 - fabs(u);
    const double k = floor((2.0 * a / us + b) * u + lambda + 0.43);
    if (us >= 0.07 && v <= accepted_at_once) return static_cast<unsigned>(k);
    if (k < 0 || (us < 0.013 && v > us)) continue;
    if (log(v * scale / (a / (us * us) + b)) <= k * log(lambda) - lambda - lgamma(k + 1)) {
      return static_cast<unsigned>(k);
    }
  }
}

}  // namespace gridstride::emulator::detail
