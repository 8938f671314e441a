#include "framework/train/step.hpp"

#include "framework/autograd/tape.hpp"
#include "framework/ops/cross_entropy.hpp"
#include "framework/train/metrics.hpp"

namespace gridstride::train {
namespace {

StepResult report(const Tensor& loss, const Tensor& logits, const data::Batch& batch) {
  const std::vector<int32_t> answers = argmax_rows(logits.to_host(), logits.size(1));
  StepResult result{.loss = loss.item(), .count = batch.count()};
  for (std::size_t i = 0; i < answers.size(); ++i) result.correct += answers[i] == batch.labels[i];
  return result;
}

}  // namespace

StepResult train_step(nn::Module& model, optim::Optimizer& optimizer, const data::Batch& batch, double lr) {
  const Tensor images = Tensor::from_host(Shape(batch.shape.begin(), batch.shape.end()), batch.images);
  const IntTensor labels = IntTensor::from_host(batch.labels);

  // [story]
  optimizer.zero_grad();
  const Tensor logits = model(images);
  const Tensor loss = cross_entropy(logits, labels);
  backward(loss);
  optimizer.step(lr);
  return report(loss, logits, batch);
  // [story]
}

}  // namespace gridstride::train
