#include "framework/ops/cross_entropy.hpp"

#include "framework/autograd/tape.hpp"
#include "framework/ops/require.hpp"
#include "framework/tensor/stream.hpp"
#include "kernels/core/dispatch.hpp"
#include "kernels/softmax_cross_entropy/softmax_cross_entropy.hpp"
#include "kernels/softmax_cross_entropy_backward/softmax_cross_entropy_backward.hpp"
#include "kernels/sum/sum.hpp"

namespace gridstride {

Tensor cross_entropy(const Tensor& logits, const IntTensor& labels) {
  constexpr auto kOp = "cross_entropy";
  require(logits.dim() == 2 && logits.numel() > 0, kOp, "logits want (N, classes) with N > 0, got ",
          logits.shape());
  require(labels.numel() == logits.size(0), kOp, "logits are ", logits.shape(), ", but there are ",
          labels.numel(), " labels");
  const int64_t N = logits.size(0), C = logits.size(1);
  const float mean = 1.0f / static_cast<float>(N);

  Tensor losses = Tensor::empty({N}), probs = Tensor::empty({N, C}), loss = Tensor::empty({});
  run<SoftmaxCrossEntropy>({.n = N,
                            .c = C,
                            .logits = logits.data(),
                            .labels = labels.data(),
                            .loss = losses.data(),
                            .probs = probs.data()},
                           current_stream());
  run<Sum>({.n = N, .scale = mean, .x = losses.data(), .y = loss.data()}, current_stream());

  return autograd::record(kOp, loss, {logits}, [=](const Tensor& dy, autograd::Gradients& grads) {
    Tensor dx = Tensor::empty({N, C});
    run<SoftmaxCrossEntropyBackward>({.n = N,
                                      .c = C,
                                      .scale = mean,
                                      .probs = probs.data(),
                                      .labels = labels.data(),
                                      .dloss = dy.data(),
                                      .dlogits = dx.data()},
                                     current_stream());
    grads.put(0, std::move(dx));
  });
}

}  // namespace gridstride
