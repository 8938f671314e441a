#pragma once

#include "framework/optim/optimizer.hpp"

namespace gridstride::optim {

struct AdamWOptions {
  double beta1 = 0.9, beta2 = 0.999;
  double eps = 1e-8;
  double weight_decay = 1e-2;
};

/// Adam with decoupled weight decay, as torch.optim.AdamW. State: both moments of every gradient.
class AdamW final : public Optimizer {
 public:
  explicit AdamW(std::vector<nn::NamedTensor> parameters, AdamWOptions options = {});

 private:
  void update(std::size_t i, Tensor& parameter, const Tensor& grad, double lr) override;

  AdamWOptions options_;
  std::vector<Tensor> m_, v_;
};

}  // namespace gridstride::optim
