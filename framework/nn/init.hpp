#pragma once

#include "framework/tensor/tensor.hpp"

namespace gridstride::nn {

/// Uniform in +-1/sqrt(fan_in), drawn from default_generator(): what PyTorch gives the weights and biases of
/// Linear and Conv2d (Kaiming uniform with a = sqrt(5)).
/// Source    He et al., Delving deep into rectifiers, arXiv:1502.01852; torch.nn.Linear.reset_parameters
Tensor kaiming_uniform(Shape shape, int64_t fan_in);

}  // namespace gridstride::nn
