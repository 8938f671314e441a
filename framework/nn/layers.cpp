#include "framework/nn/layers.hpp"

#include "framework/ops/dropout.hpp"
#include "framework/ops/max_pool2d.hpp"
#include "framework/ops/relu.hpp"
#include "framework/ops/require.hpp"
#include "framework/ops/reshape.hpp"

namespace gridstride::nn {

Tensor ReLU::forward(const Tensor& x) { return relu(x); }

Tensor Flatten::forward(const Tensor& x) { return flatten(x); }

Dropout::Dropout(float p) : p_(p) { require(p >= 0 && p <= 1, "dropout", "p wants 0 to 1, got ", p); }

Tensor Dropout::forward(const Tensor& x) { return is_training() ? dropout(x, p_) : x; }

Tensor MaxPool2d::forward(const Tensor& x) { return max_pool2d(x, window_, stride_, padding_); }

}  // namespace gridstride::nn
