#pragma once

#include <cmath>
#include <cstdint>
#include <numbers>

namespace gridstride::data {

/// SplitMix64: the same numbers on every machine and with every standard library, which std::shuffle and the
/// standard distributions do not promise.
/// Source    Steele, Lea, Flood: Fast Splittable Pseudorandom Number Generators, 2014
class Random {
 public:
  /// A stream of its own for every pair: an epoch of a seed, an image of a set.
  Random(uint64_t seed, uint64_t stream) : state_(mix(seed) ^ mix(stream + 0x632be59bd9b4e019ULL)) {}

  uint64_t next() { return mix(state_ += kStep); }

  /// Uniform in 0 .. below-1, without the bias of a remainder (Lemire 2019).
  uint64_t below(uint64_t below) {
    while (true) {
      const auto wide = static_cast<unsigned __int128>(next()) * below;
      if (static_cast<uint64_t>(wide) >= -below % below) return static_cast<uint64_t>(wide >> 64);
    }
  }

  /// Uniform in [low, high).
  float uniform(float low, float high) {
    return low + (high - low) * (static_cast<float>(next() >> 40) * 0x1p-24f);
  }

  /// Normal with mean 0 (Box-Muller).
  float normal(float stddev) {
    const float radius = std::sqrt(-2.0f * std::log(1.0f - uniform(0, 1)));
    return stddev * radius * std::cos(2 * std::numbers::pi_v<float> * uniform(0, 1));
  }

 private:
  static constexpr uint64_t kStep = 0x9e3779b97f4a7c15ULL;

  static constexpr uint64_t mix(uint64_t x) {
    x = (x ^ (x >> 30)) * 0xbf58476d1ce4e5b9ULL;
    x = (x ^ (x >> 27)) * 0x94d049bb133111ebULL;
    return x ^ (x >> 31);
  }

  uint64_t state_;
};

}  // namespace gridstride::data
