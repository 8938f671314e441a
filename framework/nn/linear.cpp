#include "framework/nn/linear.hpp"

#include "framework/nn/init.hpp"
#include "framework/ops/linear.hpp"

namespace gridstride::nn {

Linear::Linear(int64_t inputs, int64_t outputs, bool bias)
    : weight_(register_parameter("weight", kaiming_uniform({outputs, inputs}, inputs))) {
  if (bias) bias_ = register_parameter("bias", kaiming_uniform({outputs}, inputs));
}

Tensor Linear::forward(const Tensor& x) { return linear(x, weight_, bias_); }

}  // namespace gridstride::nn
