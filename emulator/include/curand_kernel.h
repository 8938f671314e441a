/// cuRAND's device API: Philox4x32-10, XORWOW and MRG32k3a.
///
/// Integers and uniform numbers are the GPU's, bit for bit. Normal numbers come from the same words, and
/// differ as the host's logarithm, sine and cosine differ from the GPU's. Poisson numbers have the exact
/// distribution, but from lambda = 64 on not cuRAND's numbers.
#pragma once
// The toolkit's guard: programs ask for it, and its own headers stand back.
#define CURAND_KERNEL_H_

#include <concepts>

#include "gridstride/emulator/random/mrg32k3a.hpp"
#include "gridstride/emulator/random/philox.hpp"
#include "gridstride/emulator/random/xorwow.hpp"

namespace gridstride::emulator::detail {

template <class S>
concept RandomState = std::same_as<S, curandStatePhilox4_32_10> || std::same_as<S, curandStateXORWOW> ||
    std::same_as<S, curandStateMRG32k3a>;

inline float log_normal(float normal, float mean, float deviation) { return expf(mean + deviation * normal); }
inline double log_normal(double normal, double mean, double deviation) {
  return exp(mean + deviation * normal);
}

template <RandomState S>
unsigned poisson(S* state, double lambda) {
  if (lambda < 64)
    return poisson_by_product(static_cast<float>(lambda), [state] { return state->uniform(); });
  return poisson_by_rejection(lambda, [state] { return state->uniform_double(); });
}

}  // namespace gridstride::emulator::detail

template <gridstride::emulator::detail::RandomState S>
inline void curand_init(unsigned long long seed, unsigned long long subsequence, unsigned long long offset,
                        S* state) {
  state->start(seed, subsequence, offset);
}

template <gridstride::emulator::detail::RandomState S>
inline void skipahead(unsigned long long count, S* state) {
  state->skip(count);
}
template <gridstride::emulator::detail::RandomState S>
inline void skipahead_sequence(unsigned long long count, S* state) {
  state->skip_sequences(count);
}
inline void skipahead_subsequence(unsigned long long count, curandStateMRG32k3a_t* state) {
  state->skip_subsequences(count);
}

// One number per call
template <gridstride::emulator::detail::RandomState S>
inline unsigned curand(S* state) {
  return state->next();
}
template <gridstride::emulator::detail::RandomState S>
inline float curand_uniform(S* state) {
  return state->uniform();
}
template <gridstride::emulator::detail::RandomState S>
inline double curand_uniform_double(S* state) {
  return state->uniform_double();
}
template <gridstride::emulator::detail::RandomState S>
inline float curand_normal(S* state) {
  using namespace gridstride::emulator::detail;
  return take_one(state->spare, SpareNormal::Kind::Normal, [state] { return state->normal2(); });
}
template <gridstride::emulator::detail::RandomState S>
inline double curand_normal_double(S* state) {
  using namespace gridstride::emulator::detail;
  return take_one_double(state->spare, SpareNormal::Kind::Normal,
                         [state] { return state->normal2_double(); });
}
template <gridstride::emulator::detail::RandomState S>
inline unsigned curand_poisson(S* state, double lambda) {
  return gridstride::emulator::detail::poisson(state, lambda);
}

// Two per call
template <gridstride::emulator::detail::RandomState S>
inline float2 curand_normal2(S* state) {
  return state->normal2();
}
template <gridstride::emulator::detail::RandomState S>
inline double2 curand_normal2_double(S* state) {
  return state->normal2_double();
}
template <gridstride::emulator::detail::RandomState S>
inline float2 curand_log_normal2(S* state, float mean, float deviation) {
  using gridstride::emulator::detail::log_normal;
  const float2 pair = state->normal2();
  return {log_normal(pair.x, mean, deviation), log_normal(pair.y, mean, deviation)};
}
template <gridstride::emulator::detail::RandomState S>
inline double2 curand_log_normal2_double(S* state, double mean, double deviation) {
  using gridstride::emulator::detail::log_normal;
  const double2 pair = state->normal2_double();
  return {log_normal(pair.x, mean, deviation), log_normal(pair.y, mean, deviation)};
}

template <gridstride::emulator::detail::RandomState S>
inline float curand_log_normal(S* state, float mean, float deviation) {
  using namespace gridstride::emulator::detail;
  return take_one(state->spare, SpareNormal::Kind::LogNormal,
                  [=] { return curand_log_normal2(state, mean, deviation); });
}
template <gridstride::emulator::detail::RandomState S>
inline double curand_log_normal_double(S* state, double mean, double deviation) {
  using namespace gridstride::emulator::detail;
  return take_one_double(state->spare, SpareNormal::Kind::LogNormal,
                         [=] { return curand_log_normal2_double(state, mean, deviation); });
}

// Four per call, which only Philox has
inline uint4 curand4(curandStatePhilox4_32_10_t* state) { return state->next4(); }
inline float4 curand_uniform4(curandStatePhilox4_32_10_t* state) {
  using gridstride::emulator::detail::unit_float;
  const uint4 w = state->next4();
  return {unit_float(w.x), unit_float(w.y), unit_float(w.z), unit_float(w.w)};
}
inline double2 curand_uniform2_double(curandStatePhilox4_32_10_t* state) {
  using gridstride::emulator::detail::unit_double;
  const uint4 w = state->next4();
  return {unit_double(w.x, w.y), unit_double(w.z, w.w)};
}
inline double4 curand_uniform4_double(curandStatePhilox4_32_10_t* state) {
  const double2 first = curand_uniform2_double(state), second = curand_uniform2_double(state);
  return {first.x, first.y, second.x, second.y};
}
inline float4 curand_normal4(curandStatePhilox4_32_10_t* state) {
  using gridstride::emulator::detail::normal_pair;
  const uint4 w = state->next4();
  const float2 first = normal_pair(w.x, w.y), second = normal_pair(w.z, w.w);
  return {first.x, first.y, second.x, second.y};
}
inline double4 curand_normal4_double(curandStatePhilox4_32_10_t* state) {
  const double2 first = state->normal2_double(), second = state->normal2_double();
  return {first.x, first.y, second.x, second.y};
}
inline float4 curand_log_normal4(curandStatePhilox4_32_10_t* state, float mean, float deviation) {
  using gridstride::emulator::detail::log_normal;
  const float4 n = curand_normal4(state);
  return {log_normal(n.x, mean, deviation), log_normal(n.y, mean, deviation),
          log_normal(n.z, mean, deviation), log_normal(n.w, mean, deviation)};
}
inline double4 curand_log_normal4_double(curandStatePhilox4_32_10_t* state, double mean, double deviation) {
  const double2 first = curand_log_normal2_double(state, mean, deviation);
  const double2 second = curand_log_normal2_double(state, mean, deviation);
  return {first.x, first.y, second.x, second.y};
}
inline uint4 curand_poisson4(curandStatePhilox4_32_10_t* state, double lambda) {
  using gridstride::emulator::detail::poisson;
  return {poisson(state, lambda), poisson(state, lambda), poisson(state, lambda), poisson(state, lambda)};
}
