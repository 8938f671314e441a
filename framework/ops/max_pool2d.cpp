#include "framework/ops/max_pool2d.hpp"

#include "framework/autograd/tape.hpp"
#include "framework/ops/require.hpp"
#include "framework/tensor/int_tensor.hpp"
#include "framework/tensor/stream.hpp"
#include "kernels/core/dispatch.hpp"
#include "kernels/max_pool2d/max_pool2d.hpp"
#include "kernels/max_pool2d_backward/max_pool2d_backward.hpp"

namespace gridstride {

Tensor max_pool2d(const Tensor& x, Pair window, Pair stride, Pair padding) {
  constexpr auto kOp = "max_pool2d";
  require(x.dim() == 4, kOp, "x wants 4 axes (N,C,H,W), got ", x.shape());
  const Pool2dShape shape{.n = x.size(0),
                          .c = x.size(1),
                          .h = x.size(2),
                          .w = x.size(3),
                          .r = window[0],
                          .s = window[1],
                          .stride_h = stride[0],
                          .stride_w = stride[1],
                          .pad_h = padding[0],
                          .pad_w = padding[1]};
  shape.check(kOp);
  Tensor y = Tensor::empty({shape.n, shape.c, shape.p(), shape.q()});
  IntTensor argmax = IntTensor::empty(y.numel());
  run<MaxPool2d>({.shape = shape, .x = x.data(), .y = y.data(), .argmax = argmax.data()}, current_stream());

  return autograd::record(kOp, y, {x}, [shape, argmax](const Tensor& dy, autograd::Gradients& grads) {
    Tensor dx = Tensor::empty({shape.n, shape.c, shape.h, shape.w});
    run<MaxPool2dBackward>({.shape = shape, .dy = dy.data(), .argmax = argmax.data(), .dx = dx.data()},
                           current_stream());
    grads.put(0, std::move(dx));
  });
}

}  // namespace gridstride
