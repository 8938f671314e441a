#include "framework/autograd/tape.hpp"

#include <gtest/gtest.h>

#include <stdexcept>

#include "framework/ops/add.hpp"
#include "framework/ops/linear.hpp"
#include "framework/ops/relu.hpp"
#include "framework/ops/reshape.hpp"
#include "tests/framework/expect_error.hpp"
#include "tests/framework/random_tensor.hpp"

namespace gridstride {
namespace {

using std::invalid_argument;
using tests::expect_error;
using tests::random_input;
using tests::random_tensor;

Tensor ones(Shape shape) { return Tensor::full(std::move(shape), 1); }

TEST(Tape, SumsTheUsesOfATensor) {
  const Tensor x = random_input({3}, 1);
  backward(add(add(x, x), x), ones({3}));
  EXPECT_EQ(x.grad().to_host(), std::vector<float>(3, 3.0f));
}

TEST(Tape, SumsTheUsesOfAnIntermediate) {
  const Tensor x = random_input({3}, 1);
  const Tensor y = add(x, x);
  backward(add(add(y, y), y), ones({3}));
  EXPECT_EQ(x.grad().to_host(), std::vector<float>(3, 6.0f));
}

// add hands the same tensor to both inputs; adding a third term to one must not reach the other.
TEST(Tape, GradientsThatShareStorageStayApart) {
  const Tensor a = random_input({4}, 1), b = random_input({4}, 2);
  const Tensor p = add(a, a), q = add(b, b);
  backward(add(add(p, q), reshape(reshape(p, {2, 2}), {4})), ones({4}));
  EXPECT_EQ(a.grad().to_host(), std::vector<float>(4, 4.0f));
  EXPECT_EQ(b.grad().to_host(), std::vector<float>(4, 2.0f));
}

TEST(Tape, LeavesTheCotangentAlone) {
  const Tensor x = random_input({3}, 1), cotangent = ones({3});
  backward(x, cotangent);
  backward(x, cotangent);
  EXPECT_EQ(x.grad().to_host(), std::vector<float>(3, 2.0f));
  EXPECT_EQ(cotangent.to_host(), std::vector<float>(3, 1.0f));
}

TEST(Tape, GradientsOfLeavesAccumulateOverCalls) {
  const Tensor x = random_tensor({2, 3}, 1), w = random_input({2, 3}, 2), b = random_input({2}, 3);
  backward(linear(x, w, b), ones({2, 2}));
  const std::vector<float> once = w.grad().to_host();
  backward(linear(x, w, b), ones({2, 2}));
  const std::vector<float> twice = w.grad().to_host();
  for (std::size_t i = 0; i < once.size(); ++i) EXPECT_FLOAT_EQ(twice[i], 2 * once[i]);
  EXPECT_EQ(b.grad().to_host(), std::vector<float>(2, 4.0f));
  EXPECT_FALSE(x.grad().defined()) << "x asked for none";
}

TEST(Tape, IsFreedByTheWalk) {
  const Tensor x = random_input({3}, 1);
  const Tensor y = relu(x);
  backward(y, ones({3}));
  expect_error<invalid_argument>([&] { backward(y, ones({3})); }, {"[backward]", "relu", "freed"});
}

TEST(Tape, NoticesAChangedInput) {
  Tensor x = random_input({3}, 1);
  const Tensor y = relu(x);
  x.zero_();
  expect_error<invalid_argument>([&] { backward(y, ones({3})); }, {"[backward]", "relu", "(3)", "changed"});
}

TEST(Tape, RefusesWhatHasNoGradient) {
  const Tensor constant = random_tensor({1}, 1);
  expect_error<invalid_argument>([&] { backward(relu(constant)); }, {"[backward]", "requires one"});
  const Tensor x = random_input({2}, 1);
  expect_error<invalid_argument>([&] { backward(relu(x)); }, {"[backward]", "one element", "(2)"});
  expect_error<invalid_argument>([&] { backward(relu(x), ones({3})); }, {"[backward]", "(3)", "(2)"});
}

TEST(Tape, RecordsNothingUnderNoGrad) {
  const Tensor x = random_input({3}, 1);
  {
    const NoGrad outer;
    { const NoGrad inner; }
    EXPECT_FALSE(grad_enabled());
    EXPECT_FALSE(relu(x).requires_grad());
  }
  EXPECT_TRUE(grad_enabled());
  EXPECT_TRUE(relu(x).requires_grad());
}

TEST(Tape, DetachedTensorsStopTheWalk) {
  const Tensor x = random_input({3}, 1);
  const Tensor y = add(x, x).detach();
  EXPECT_FALSE(add(y, y).requires_grad());
}

// One stack frame per node would overflow here.
TEST(Tape, ALongTapeIsWalkedAndDropped) {
  const Tensor x = random_input({1}, 1);
  Tensor walked = x, dropped = x;
  for (int i = 0; i < 100'000; ++i) {
    walked = reshape(walked, {1});
    dropped = reshape(dropped, {1});
  }
  dropped = {};
  backward(walked);
  EXPECT_EQ(x.grad().item(), 1.0f);
}

}  // namespace
}  // namespace gridstride
