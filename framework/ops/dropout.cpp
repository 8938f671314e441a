#include "framework/ops/dropout.hpp"

#include "framework/autograd/tape.hpp"
#include "framework/ops/require.hpp"
#include "framework/tensor/stream.hpp"
#include "kernels/core/dispatch.hpp"
#include "kernels/dropout/dropout.hpp"

namespace gridstride {
namespace {

Tensor masked(const Tensor& x, float p, const Generator::State& at) {
  Tensor y = Tensor::empty(x.shape());
  run<Dropout>({.n = x.numel(), .p = p, .seed = at.seed, .offset = at.offset, .x = x.data(), .y = y.data()},
               current_stream());
  return y;
}

}  // namespace

Tensor dropout(const Tensor& x, float p, Generator& generator) {
  require(p >= 0 && p <= 1, "dropout", "p wants 0 to 1, got ", p);
  const Generator::State at = generator.next();
  return autograd::record(
      "dropout", masked(x, p, at), {x},
      [p, at](const Tensor& dy, autograd::Gradients& grads) { grads.put(0, masked(dy, p, at)); });
}

}  // namespace gridstride
