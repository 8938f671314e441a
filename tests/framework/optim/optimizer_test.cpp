#include <gtest/gtest.h>

#include <cmath>

#include "framework/autograd/tape.hpp"
#include "framework/ops/linear.hpp"
#include "framework/optim/adamw.hpp"
#include "framework/optim/sgd.hpp"
#include "tests/framework/random_tensor.hpp"

namespace gridstride::optim {
namespace {

using Values = std::vector<float>;

/// Two parameters of one element; only the first gets the gradient that is asked for.
struct Fixture {
  Tensor p = Tensor::full({1}, 2).requires_grad_(), idle = Tensor::full({1}, 5).requires_grad_();
  std::vector<nn::NamedTensor> named() const { return {{"p", p}, {"idle", idle}}; }
  void take_steps(Optimizer& optimizer, Values grads, double lr) {
    for (const float g : grads) {
      optimizer.zero_grad();
      p.set_grad(Tensor::full({1}, g));
      optimizer.step(lr);
    }
  }
};

TEST(Optimizer, SgdFollowsItsFormula) {
  Fixture f;
  SGD sgd(f.named(), {.weight_decay = 0.1});
  f.take_steps(sgd, {1, -2}, 0.5);
  double p = 2;
  for (const double g : {1.0, -2.0}) p -= 0.5 * (g + 0.1 * p);
  EXPECT_NEAR(f.p.item(), p, 1e-6);
  EXPECT_TRUE(sgd.state().empty());
}

TEST(Optimizer, SgdWithNesterovMomentumFollowsItsFormula) {
  Fixture f;
  SGD sgd(f.named(), {.momentum = 0.9, .nesterov = true});
  f.take_steps(sgd, {1, -2, 0.5}, 0.1);
  double p = 2, v = 0;
  for (const double g : {1.0, -2.0, 0.5}) {
    v = 0.9 * v + g;
    p -= 0.1 * (g + 0.9 * v);
  }
  EXPECT_NEAR(f.p.item(), p, 1e-6);
  ASSERT_EQ(sgd.state().size(), 2u);
  EXPECT_EQ(sgd.state()[0].first, "p.velocity");
  EXPECT_NEAR(sgd.state()[0].second.item(), v, 1e-6);
}

TEST(Optimizer, AdamWFollowsItsFormula) {
  Fixture f;
  AdamW adamw(f.named(), {.weight_decay = 0.1});
  f.take_steps(adamw, {1, -2, 0.5}, 0.01);
  double p = 2, m = 0, v = 0;
  int t = 0;
  for (const double g : {1.0, -2.0, 0.5}) {
    ++t;
    m = 0.9 * m + 0.1 * g;
    v = 0.999 * v + 0.001 * g * g;
    p -= 0.01 * 0.1 * p;
    p -= 0.01 * (m / (1 - std::pow(0.9, t))) / (std::sqrt(v / (1 - std::pow(0.999, t))) + 1e-8);
  }
  EXPECT_NEAR(f.p.item(), p, 1e-6);
  EXPECT_EQ(adamw.steps(), 3);
  EXPECT_EQ(adamw.state().size(), 4u);
}

TEST(Optimizer, LeavesParametersWithoutGradient) {
  Fixture f;
  AdamW adamw(f.named());
  f.take_steps(adamw, {1}, 0.1);
  EXPECT_EQ(f.idle.item(), 5);
  adamw.zero_grad();
  EXPECT_FALSE(f.p.grad().defined());
}

TEST(Optimizer, AStepBetweenForwardAndBackwardIsNoticed) {
  const Tensor w = tests::random_input({2, 3}, 1);
  SGD sgd({{"w", w}});
  const Tensor y = linear(tests::random_tensor({1, 3}, 2), w, {});
  w.set_grad(Tensor::full({2, 3}, 1));
  sgd.step(0.1);
  EXPECT_THROW(backward(y, Tensor::full({1, 2}, 1)), std::invalid_argument);
}

}  // namespace
}  // namespace gridstride::optim
