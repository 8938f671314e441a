#pragma once

#include "framework/tensor/generator.hpp"
#include "framework/tensor/tensor.hpp"

namespace gridstride::tests {

/// Uniform in [low, high), decided by the seed alone.
inline Tensor random_tensor(Shape shape, int64_t seed, float low = -1, float high = 1) {
  std::vector<float> values(static_cast<std::size_t>(numel(shape)));
  Generator(seed).uniform(values, low, high);
  return Tensor::from_host(std::move(shape), values);
}

/// The same, as an input whose gradient is asked for.
inline Tensor random_input(Shape shape, int64_t seed, float low = -1, float high = 1) {
  return random_tensor(std::move(shape), seed, low, high).requires_grad_();
}

/// All different and at least 0.1 apart, in random order: a difference quotient moves no maximum and crosses
/// no kink at zero.
inline Tensor spread_input(Shape shape, int64_t seed) {
  const auto count = static_cast<std::size_t>(numel(shape));
  std::vector<float> keys(count), values(count);
  Generator(seed).uniform(keys, 0, 1);
  for (std::size_t i = 0; i < count; ++i) {
    std::size_t rank = 0;
    for (std::size_t j = 0; j < count; ++j) rank += keys[j] < keys[i] || (keys[j] == keys[i] && j < i);
    values[i] = 0.1f * (static_cast<float>(rank) - static_cast<float>(count / 2)) + 0.05f;
  }
  return Tensor::from_host(std::move(shape), values).requires_grad_();
}

}  // namespace gridstride::tests
