// What operations compute and what they refuse; the kernels' own numerics are tested with the kernels.
#include <gtest/gtest.h>

#include <cmath>
#include <stdexcept>

#include "framework/ops/add.hpp"
#include "framework/ops/conv2d.hpp"
#include "framework/ops/cross_entropy.hpp"
#include "framework/ops/dropout.hpp"
#include "framework/ops/linear.hpp"
#include "framework/ops/max_pool2d.hpp"
#include "framework/ops/relu.hpp"
#include "framework/ops/reshape.hpp"
#include "tests/framework/expect_error.hpp"
#include "tests/framework/random_tensor.hpp"

namespace gridstride {
namespace {

using std::invalid_argument;
using tests::expect_error;
using tests::random_tensor;
using Values = std::vector<float>;

Tensor tensor(Shape shape, Values values) { return Tensor::from_host(std::move(shape), values); }

TEST(Ops, LinearIsRowsTimesWeightTransposed) {
  const Tensor y =
      linear(tensor({2, 2}, {1, 2, 3, 4}), tensor({3, 2}, {1, 0, 0, 1, 1, 1}), tensor({3}, {10, 20, 30}));
  EXPECT_EQ(y.to_host(), (Values{11, 22, 33, 13, 24, 37}));
  EXPECT_EQ(linear(Tensor::zeros({0, 2}), Tensor::zeros({3, 2}), {}).shape(), (Shape{0, 3}));
}

TEST(Ops, LinearSaysWhichShapeIsWrong) {
  const Tensor w = Tensor::zeros({128, 784});
  expect_error<invalid_argument>(
      [&] {
        linear(Tensor::zeros({64, 783}), w, {});
      },
      {"[linear] x is (64, 783), weight wants (N, 784)"});
  expect_error<invalid_argument>([&] { linear(Tensor::zeros({784}), w, {}); }, {"[linear] x is (784)"});
  expect_error<invalid_argument>(
      [&] {
        linear(Tensor::zeros({1, 784}), w, Tensor::zeros({10}));
      },
      {"[linear] bias wants (128), got (10)"});
}

TEST(Ops, Conv2dSlidesTheFilterWithoutFlippingIt) {
  const Tensor x = tensor({1, 1, 2, 3}, {1, 2, 3, 4, 5, 6});
  EXPECT_EQ(conv2d(x, tensor({1, 1, 1, 2}, {1, 10}), tensor({1}, {100})).to_host(),
            (Values{121, 132, 154, 165}));
  EXPECT_EQ(conv2d(x, tensor({1, 1, 1, 1}, {1}), {}, {2, 2}, {0, 1}).to_host(), (Values{0, 2, 0}));
}

TEST(Ops, Conv2dSaysWhichShapeIsWrong) {
  const Tensor w = Tensor::zeros({8, 3, 3, 3});
  expect_error<invalid_argument>(
      [&] {
        conv2d(Tensor::zeros({2, 1, 9, 9}), w, {});
      },
      {"[conv2d]", "(2, 1, 9, 9)"});
  expect_error<invalid_argument>([&] { conv2d(Tensor::zeros({2, 3, 2, 9}), w, {}); }, {"[conv2d]"});
  expect_error<invalid_argument>([&] { conv2d(Tensor::zeros({2, 3, 9, 9}), w, {}, {0, 1}); }, {"[conv2d]"});
  expect_error<invalid_argument>([&] { conv2d(Tensor::zeros({3, 9, 9}), w, {}); }, {"[conv2d]", "(3, 9, 9)"});
}

TEST(Ops, MaxPool2dTakesTheLargest) {
  const Tensor x = tensor({1, 1, 2, 4}, {1, 5, 2, 2, 3, 4, 9, -1});
  EXPECT_EQ(max_pool2d(x, {2, 2}, {2, 2}).to_host(), (Values{5, 9}));
  expect_error<invalid_argument>([&] { max_pool2d(x, {3, 3}, {1, 1}); }, {"[max_pool2d]"});
  expect_error<invalid_argument>(
      [&] {
        max_pool2d(Tensor::zeros({4}), {2, 2}, {2, 2});
      },
      {"[max_pool2d]", "(4)"});
}

TEST(Ops, ReluKeepsNaN) {
  const Values y = relu(tensor({3}, {-1, 2, std::nanf("")})).to_host();
  EXPECT_EQ(y[0], 0);
  EXPECT_EQ(y[1], 2);
  EXPECT_TRUE(std::isnan(y[2]));
}

TEST(Ops, ReshapeKeepsTheOrder) {
  const Tensor x = tensor({2, 3}, {1, 2, 3, 4, 5, 6});
  EXPECT_EQ(reshape(x, {3, -1}).shape(), (Shape{3, 2}));
  EXPECT_EQ(reshape(x, {6}).to_host(), x.to_host());
  EXPECT_EQ(flatten(Tensor::zeros({2, 3, 4, 5})).shape(), (Shape{2, 60}));
  EXPECT_EQ(flatten(Tensor::zeros({2, 3, 4, 5}), 2).shape(), (Shape{2, 3, 20}));
  EXPECT_EQ(flatten(Tensor::zeros({0, 3, 4})).shape(), (Shape{0, 12}));
  expect_error<invalid_argument>([&] { reshape(x, {4, -1}); }, {"[reshape]", "(2, 3)", "(4, -1)"});
  expect_error<invalid_argument>([&] { reshape(x, {5}); }, {"[reshape]", "(2, 3)", "(5)"});
  expect_error<invalid_argument>([&] { flatten(x, 2); }, {"[flatten]", "(2, 3)"});
}

TEST(Ops, AddWantsEqualShapes) {
  EXPECT_EQ(add(tensor({2}, {1, 2}), tensor({2}, {3, 4})).to_host(), (Values{4, 6}));
  expect_error<invalid_argument>(
      [&] {
        add(Tensor::zeros({2}), Tensor::zeros({1, 2}));
      },
      {"[add]", "(2)", "(1, 2)"});
}

TEST(Ops, DropoutDropsScalesAndTakesAnOffset) {
  Generator generator(1);
  const Tensor x = Tensor::full({20'000}, 1);
  const Values y = dropout(x, 0.25f, generator).to_host();
  double dropped = 0;
  for (const float v : y) {
    dropped += v == 0;
    EXPECT_TRUE(v == 0 || v == 1 / 0.75f) << v;
  }
  EXPECT_NEAR(dropped / 20'000, 0.25, 0.01);
  EXPECT_EQ(generator.state().offset, 1);
  EXPECT_NE(dropout(x, 0.25f, generator).to_host(), y);
  expect_error<invalid_argument>([&] { dropout(x, 1.5f, generator); }, {"[dropout]", "1.5"});
}

TEST(Ops, CrossEntropyIsTheMean) {
  const std::vector<int32_t> truth{0, 1};
  const Tensor even = Tensor::zeros({2, 4});
  EXPECT_NEAR(cross_entropy(even, IntTensor::from_host(truth)).item(), std::log(4.0), 1e-6);
  const Tensor huge = tensor({2, 2}, {1e4f, 0, 0, 1e4f});
  EXPECT_EQ(cross_entropy(huge, IntTensor::from_host(truth)).item(), 0);
}

TEST(Ops, CrossEntropyRefusesWhatHasNoMean) {
  const std::vector<int32_t> truth{0, 1};
  expect_error<invalid_argument>(
      [&] {
        cross_entropy(Tensor::zeros({3, 4}), IntTensor::from_host(truth));
      },
      {"[cross_entropy]", "(3, 4)", "2 labels"});
  expect_error<invalid_argument>(
      [&] {
        cross_entropy(Tensor::zeros({0, 4}), {});
      },
      {"[cross_entropy]", "(0, 4)"});
}

}  // namespace
}  // namespace gridstride
