#include "framework/nn/init.hpp"

#include <cmath>

#include "framework/tensor/generator.hpp"

namespace gridstride::nn {

Tensor kaiming_uniform(Shape shape, int64_t fan_in) {
  const float bound = fan_in > 0 ? 1.0f / std::sqrt(static_cast<float>(fan_in)) : 0.0f;
  std::vector<float> values(static_cast<std::size_t>(numel(shape)));
  default_generator().uniform(values, -bound, bound);
  return Tensor::from_host(std::move(shape), values);
}

}  // namespace gridstride::nn
