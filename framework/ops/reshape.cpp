#include "framework/ops/reshape.hpp"

#include <algorithm>
#include <numeric>

#include "framework/autograd/tape.hpp"
#include "framework/ops/require.hpp"

namespace gridstride {

Tensor reshape(const Tensor& x, Shape shape) {
  const Shape asked = shape;
  if (const auto open = std::ranges::find(shape, -1); open != shape.end()) {
    *open = 1;
    const int64_t rest = numel(shape);
    require(rest > 0 && x.numel() % rest == 0, "reshape", "x is ", x.shape(), ", which does not divide into ",
            asked);
    *open = x.numel() / rest;
  }
  require(numel(shape) == x.numel(), "reshape", "x is ", x.shape(), " with ", x.numel(), " elements, ", asked,
          " has ", numel(shape));
  return autograd::record(
      "reshape", x.alias(std::move(shape)), {x},
      [before = x.shape()](const Tensor& dy, autograd::Gradients& grads) { grads.put(0, dy.alias(before)); });
}

Tensor flatten(const Tensor& x, int64_t start) {
  require(start >= 0 && start < x.dim(), "flatten", "start wants an axis of x ", x.shape(), ", got ", start);
  const auto from = x.shape().begin() + start;
  Shape shape(x.shape().begin(), from);
  shape.push_back(std::accumulate(from, x.shape().end(), int64_t{1}, std::multiplies<>()));
  return reshape(x, std::move(shape));
}

}  // namespace gridstride
