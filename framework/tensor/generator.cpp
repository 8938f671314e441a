#include "framework/tensor/generator.hpp"

namespace gridstride {
namespace {

// SplitMix64's finalizer: a bijection of 64 bits in which every input bit reaches every output bit.
uint64_t mix(uint64_t x) {
  x += 0x9E3779B97F4A7C15u;
  x = (x ^ (x >> 30)) * 0xBF58476D1CE4E5B9u;
  x = (x ^ (x >> 27)) * 0x94D049BB133111EBu;
  return x ^ (x >> 31);
}

}  // namespace

void Generator::uniform(std::span<float> out, float low, float high) {
  const State at = next();
  const uint64_t key = mix(mix(static_cast<uint64_t>(at.seed)) + static_cast<uint64_t>(at.offset));
  for (std::size_t i = 0; i < out.size(); ++i) {
    const float unit = static_cast<float>(mix(key + i) >> 40) * 0x1p-24f;  // [0, 1), exact in a float
    out[i] = low + (high - low) * unit;
  }
}

Generator& default_generator() {
  static Generator generator;
  return generator;
}

void manual_seed(int64_t seed) { default_generator() = Generator(seed); }

}  // namespace gridstride
