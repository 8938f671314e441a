// The backward references are the derivatives of the forward references: five-point differences, summed in
// double. The step is a power of two, so that x + h is exact in float.
#include <gtest/gtest.h>

#include <cmath>
#include <functional>
#include <numeric>
#include <vector>

#include "kernels/core/trial.hpp"
#include "kernels/relu/relu.hpp"
#include "kernels/relu_backward/relu_backward.hpp"
#include "kernels/softmax_cross_entropy/softmax_cross_entropy.hpp"
#include "kernels/softmax_cross_entropy_backward/softmax_cross_entropy_backward.hpp"

namespace gridstride {
namespace {

constexpr double kStep = 0x1p-4;

double derivative(std::vector<float> x, std::size_t i,
                  const std::function<double(const std::vector<float>&)>& f) {
  const float centre = x[i];
  const auto at = [&](double steps) {
    x[i] = static_cast<float>(centre + steps * kStep);
    return f(x);
  };
  return (at(-2) - 8 * at(-1) + 8 * at(1) - at(2)) / (12 * kStep);
}

/// Normal numbers, rounded to multiples of 2^-12.
std::vector<float> coarse_normal(std::size_t elems, uint64_t seed) {
  std::vector<float> x(elems);
  fill_random(Dtype::f32, normal(), seed, x.data(), static_cast<int64_t>(elems));
  for (float& v : x) v = std::round(v * 4096) / 4096;
  return x;
}

TEST(GradientTest, SoftmaxCrossEntropy) {
  constexpr int64_t kRows = 4, kClasses = 7;
  constexpr float kScale = 0.25f, kDloss = 3;
  const std::vector<float> logits = coarse_normal(kRows * kClasses, 5);
  const std::vector<int32_t> labels{6, 0, 3, 3};
  std::vector<float> loss(kRows), probs(logits.size()), dlogits(logits.size());

  const auto objective = [&](const std::vector<float>& x) {
    SoftmaxCrossEntropy::reference({.n = kRows,
                                    .c = kClasses,
                                    .logits = x.data(),
                                    .labels = labels.data(),
                                    .loss = loss.data(),
                                    .probs = probs.data()});
    return kDloss * kScale * std::accumulate(loss.begin(), loss.end(), 0.0);
  };
  objective(logits);
  SoftmaxCrossEntropyBackward::reference({.n = kRows,
                                          .c = kClasses,
                                          .scale = kScale,
                                          .probs = probs.data(),
                                          .labels = labels.data(),
                                          .dloss = &kDloss,
                                          .dlogits = dlogits.data()});
  for (std::size_t i = 0; i < logits.size(); ++i) {
    EXPECT_NEAR(dlogits[i], derivative(logits, i, objective), 2e-5) << "logit " << i;
  }
}

TEST(GradientTest, Relu) {
  constexpr std::size_t kElems = 64;
  std::vector<float> x = coarse_normal(kElems, 6);
  for (float& v : x) v += v < 0 ? -0.25f : 0.25f;  // farther from the kink than the differences reach
  const std::vector<float> dy = coarse_normal(kElems, 7);
  std::vector<float> y(kElems), dx(kElems);

  const auto objective = [&](const std::vector<float>& at) {
    Relu::reference({.n = kElems, .x = at.data(), .y = y.data()});
    return std::inner_product(y.begin(), y.end(), dy.begin(), 0.0, std::plus<>(),
                              [](double a, double b) { return a * b; });
  };
  objective(x);
  ReluBackward::reference({.n = kElems, .y = y.data(), .dy = dy.data(), .dx = dx.data()});
  for (std::size_t i = 0; i < kElems; ++i) {
    EXPECT_NEAR(dx[i], derivative(x, i, objective), 1e-9) << "element " << i;
  }
}

}  // namespace
}  // namespace gridstride
