#pragma once

#include "framework/nn/module.hpp"
#include "framework/ops/conv2d.hpp"

namespace gridstride::nn {

struct Conv2dOptions {
  Pair stride = {1, 1};
  Pair padding = {0, 0};
  bool bias = true;
};

/// (N, inputs, H, W) -> (N, outputs, P, Q). Parameters: weight (outputs, inputs, R, S), bias (outputs).
class Conv2d final : public Module {
 public:
  Conv2d(int64_t inputs, int64_t outputs, Pair kernel, Conv2dOptions options = {});
  Conv2d(int64_t inputs, int64_t outputs, int64_t kernel, Conv2dOptions options = {})
      : Conv2d(inputs, outputs, Pair{kernel, kernel}, options) {}
  Tensor forward(const Tensor& x) override;

 private:
  Conv2dOptions options_;
  Tensor weight_, bias_;
};

}  // namespace gridstride::nn
