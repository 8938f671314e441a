#include "framework/ops/add.hpp"

#include "framework/autograd/tape.hpp"
#include "framework/ops/require.hpp"
#include "framework/tensor/stream.hpp"
#include "kernels/core/dispatch.hpp"
#include "kernels/vector_add/vector_add.hpp"

namespace gridstride {

Tensor add(const Tensor& a, const Tensor& b) {
  require(a.shape() == b.shape(), "add", "a is ", a.shape(), ", b is ", b.shape());
  Tensor y = Tensor::empty(a.shape());
  run<VectorAdd>({.n = a.numel(), .a = a.data(), .b = b.data(), .c = y.data()}, current_stream());

  return autograd::record("add", y, {a, b}, [](const Tensor& dy, autograd::Gradients& grads) {
    grads.put(0, dy);
    grads.put(1, dy);
  });
}

}  // namespace gridstride
