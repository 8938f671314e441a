#pragma once

#include "framework/nn/module.hpp"
#include "framework/ops/conv2d.hpp"

namespace gridstride::nn {

// Modules without parameters.

/// max(x, 0).
class ReLU final : public Module {
 public:
  Tensor forward(const Tensor& x) override;
};

/// (N, ...) -> (N, product of the rest).
class Flatten final : public Module {
 public:
  Tensor forward(const Tensor& x) override;
};

/// In training mode zeroes with probability p and scales up the rest; in evaluation mode passes x on.
class Dropout final : public Module {
 public:
  explicit Dropout(float p = 0.5f);
  Tensor forward(const Tensor& x) override;

 private:
  float p_;
};

/// The largest element of every window; windows stand side by side unless a stride is given.
class MaxPool2d final : public Module {
 public:
  explicit MaxPool2d(Pair window) : MaxPool2d(window, window) {}
  explicit MaxPool2d(int64_t window) : MaxPool2d(Pair{window, window}) {}
  MaxPool2d(Pair window, Pair stride, Pair padding = {0, 0})
      : window_(window), stride_(stride), padding_(padding) {}
  Tensor forward(const Tensor& x) override;

 private:
  Pair window_, stride_, padding_;
};

}  // namespace gridstride::nn
