#include "framework/ops/relu.hpp"

#include "framework/autograd/tape.hpp"
#include "framework/tensor/stream.hpp"
#include "kernels/core/dispatch.hpp"
#include "kernels/relu/relu.hpp"
#include "kernels/relu_backward/relu_backward.hpp"

namespace gridstride {

Tensor relu(const Tensor& x) {
  Tensor y = Tensor::empty(x.shape());
  run<Relu>({.n = x.numel(), .x = x.data(), .y = y.data()}, current_stream());

  // The output says as much as the input, and the next operation keeps it anyway.
  return autograd::record("relu", y, {x}, [y = y.detach()](const Tensor& dy, autograd::Gradients& grads) {
    Tensor dx = Tensor::empty(y.shape());
    run<ReluBackward>({.n = y.numel(), .y = y.data(), .dy = dy.data(), .dx = dx.data()}, current_stream());
    grads.put(0, std::move(dx));
  });
}

}  // namespace gridstride
