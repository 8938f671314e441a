#include "framework/ops/conv2d.hpp"

#include "framework/autograd/tape.hpp"
#include "framework/ops/require.hpp"
#include "framework/tensor/stream.hpp"
#include "kernels/bias_grad/bias_grad.hpp"
#include "kernels/conv2d/conv2d.hpp"
#include "kernels/conv2d_dgrad/conv2d_dgrad.hpp"
#include "kernels/conv2d_wgrad/conv2d_wgrad.hpp"
#include "kernels/core/dispatch.hpp"

namespace gridstride {
namespace {

constexpr auto kOp = "conv2d";

Conv2dShape checked(const Tensor& x, const Tensor& w, const Tensor& b, Pair stride, Pair padding) {
  require(w.dim() == 4, kOp, "weight wants 4 axes (K,C,R,S), got ", w.shape());
  require(x.dim() == 4 && x.size(1) == w.size(1), kOp, "x is ", x.shape(), ", weight ", w.shape(),
          " wants (N,", w.size(1), ",H,W)");
  require(!b.defined() || b.shape() == Shape{w.size(0)}, kOp, "bias wants (", w.size(0), "), got ",
          shape_of(b));
  const Conv2dShape shape{.n = x.size(0),
                          .c = x.size(1),
                          .h = x.size(2),
                          .w = x.size(3),
                          .k = w.size(0),
                          .r = w.size(2),
                          .s = w.size(3),
                          .stride_h = stride[0],
                          .stride_w = stride[1],
                          .pad_h = padding[0],
                          .pad_w = padding[1]};
  shape.check(kOp);
  return shape;
}

}  // namespace

Tensor conv2d(const Tensor& x, const Tensor& w, const Tensor& b, Pair stride, Pair padding) {
  const Conv2dShape shape = checked(x, w, b, stride, padding);
  Tensor y = Tensor::empty({shape.n, shape.k, shape.p(), shape.q()});
  run<Conv2d>({.shape = shape,
               .epilogue = b.defined() ? Epilogue::bias : Epilogue::none,
               .x = x.data(),
               .w = w.data(),
               .bias = data_of(b),
               .y = y.data()},
              current_stream());

  return autograd::record(
      kOp, y, {x, w, b},
      [shape, x = x.detach(), w = w.detach()](const Tensor& dy, autograd::Gradients& grads) {
        if (grads.wants(0)) {
          Tensor dx = Tensor::empty(x.shape());
          run<Conv2dDgrad>({.shape = shape, .dy = dy.data(), .w = w.data(), .dx = dx.data()},
                           current_stream());
          grads.put(0, std::move(dx));
        }
        if (grads.wants(1)) {
          run<Conv2dWgrad>({.shape = shape, .x = x.data(), .dy = dy.data(), .dw = grads.sum_into(1).data()},
                           current_stream());
        }
        if (grads.wants(2)) {
          run<BiasGrad>({.outer = shape.n,
                         .channels = shape.k,
                         .inner = shape.p() * shape.q(),
                         .dy = dy.data(),
                         .db = grads.sum_into(2).data()},
                        current_stream());
        }
      });
}

}  // namespace gridstride
