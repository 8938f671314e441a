#pragma once

#include "framework/optim/optimizer.hpp"

namespace gridstride::optim {

struct SGDOptions {
  double momentum = 0;
  double weight_decay = 0;
  bool nesterov = false;
};

/// Stochastic gradient descent, as torch.optim.SGD without dampening. State: momentum, where there is any.
class SGD final : public Optimizer {
 public:
  explicit SGD(std::vector<nn::NamedTensor> parameters, SGDOptions options = {});

 private:
  void update(std::size_t i, Tensor& parameter, const Tensor& grad, double lr) override;

  SGDOptions options_;
  std::vector<Tensor> velocity_;
};

}  // namespace gridstride::optim
