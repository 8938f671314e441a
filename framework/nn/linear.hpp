#pragma once

#include "framework/nn/module.hpp"

namespace gridstride::nn {

/// y = x w^T + b: (N, inputs) -> (N, outputs). Parameters: weight (outputs, inputs), bias (outputs).
class Linear final : public Module {
 public:
  Linear(int64_t inputs, int64_t outputs, bool bias = true);
  Tensor forward(const Tensor& x) override;

 private:
  Tensor weight_, bias_;
};

}  // namespace gridstride::nn
