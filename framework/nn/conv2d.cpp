#include "framework/nn/conv2d.hpp"

#include "framework/nn/init.hpp"

namespace gridstride::nn {

Conv2d::Conv2d(int64_t inputs, int64_t outputs, Pair kernel, Conv2dOptions options) : options_(options) {
  const int64_t fan_in = inputs * kernel[0] * kernel[1];
  weight_ = register_parameter("weight", kaiming_uniform({outputs, inputs, kernel[0], kernel[1]}, fan_in));
  if (options.bias) bias_ = register_parameter("bias", kaiming_uniform({outputs}, fan_in));
}

Tensor Conv2d::forward(const Tensor& x) {
  return conv2d(x, weight_, bias_, options_.stride, options_.padding);
}

}  // namespace gridstride::nn
