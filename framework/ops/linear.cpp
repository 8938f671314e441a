#include "framework/ops/linear.hpp"

#include "framework/autograd/tape.hpp"
#include "framework/ops/require.hpp"
#include "framework/tensor/stream.hpp"
#include "kernels/bias_grad/bias_grad.hpp"
#include "kernels/core/dispatch.hpp"
#include "kernels/gemm/gemm.hpp"

namespace gridstride {

// [linear]
Tensor linear(const Tensor& x, const Tensor& w, const Tensor& b) {
  constexpr auto kOp = "linear";
  require(w.dim() == 2, kOp, "weight wants 2 axes (outputs, inputs), got ", w.shape());
  require(x.dim() == 2 && x.size(1) == w.size(1), kOp, "x is ", x.shape(), ", weight wants (N, ", w.size(1),
          ")");
  require(!b.defined() || b.shape() == Shape{w.size(0)}, kOp, "bias wants (", w.size(0), "), got ",
          shape_of(b));
  const int64_t N = x.size(0), I = w.size(1), O = w.size(0);

  Tensor y = Tensor::empty({N, O});
  run<Gemm>({.m = N,
             .n = O,
             .k = I,
             .tb = true,
             .epilogue = b.defined() ? Epilogue::bias : Epilogue::none,
             .a = x.data(),
             .b = w.data(),
             .bias = data_of(b),
             .c = y.data()},
            current_stream());

  return autograd::record(
      kOp, y, {x, w, b}, [=, x = x.detach(), w = w.detach()](const Tensor& dy, autograd::Gradients& grads) {
        if (grads.wants(0)) {
          Tensor dx = Tensor::empty({N, I});
          run<Gemm>({.m = N, .n = I, .k = O, .a = dy.data(), .b = w.data(), .c = dx.data()},
                    current_stream());
          grads.put(0, std::move(dx));
        }
        if (grads.wants(1)) {
          run<Gemm>({.m = O,
                     .n = I,
                     .k = N,
                     .ta = true,
                     .beta = 1,
                     .a = dy.data(),
                     .b = x.data(),
                     .c = grads.sum_into(1).data()},
                    current_stream());
        }
        if (grads.wants(2)) {
          run<BiasGrad>(
              {.outer = N, .channels = O, .inner = 1, .dy = dy.data(), .db = grads.sum_into(2).data()},
              current_stream());
        }
      });
}
// [linear]

}  // namespace gridstride
