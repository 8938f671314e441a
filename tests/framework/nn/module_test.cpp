#include "framework/nn/module.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <stdexcept>

#include "framework/nn/conv2d.hpp"
#include "framework/nn/layers.hpp"
#include "framework/nn/linear.hpp"
#include "framework/nn/sequential.hpp"
#include "framework/tensor/generator.hpp"
#include "tests/framework/expect_error.hpp"
#include "tests/framework/random_tensor.hpp"

namespace gridstride::nn {
namespace {

using tests::random_tensor;

TEST(Module, NamesParametersByPath) {
  const Sequential net{Conv2d(1, 2, 3), ReLU(), Sequential{Flatten(), Linear(8, 3, false)}};
  std::vector<std::string> names;
  for (const auto& [name, parameter] : net.named_parameters()) {
    names.push_back(name);
    EXPECT_TRUE(parameter.requires_grad()) << name;
  }
  EXPECT_EQ(names, (std::vector<std::string>{"0.weight", "0.bias", "2.1.weight"}));
  EXPECT_EQ(net.parameter_count(), 2 * 9 + 2 + 24);
}

TEST(Module, SequentialAppliesInOrder) {
  const Tensor x = random_tensor({4, 6}, 1);
  manual_seed(1);
  Sequential net{Linear(6, 5), ReLU(), Linear(5, 2)};
  manual_seed(1);
  Linear first(6, 5), second(5, 2);
  EXPECT_EQ(net(x).to_host(), second(ReLU()(first(x))).to_host());
}

TEST(Module, SequentialOfNothingIsTheIdentity) {
  const Tensor x = random_tensor({3}, 1);
  EXPECT_EQ(Sequential()(x).to_host(), x.to_host());
}

TEST(Module, DropoutActsInTrainingOnly) {
  const Tensor x = Tensor::full({64, 8}, 1);
  Sequential net(Flatten(), Dropout(0.5f));
  EXPECT_TRUE(net.is_training());
  EXPECT_NE(net(x).to_host(), x.to_host());
  net.eval();
  EXPECT_EQ(net(x).to_host(), x.to_host());
  net.train();
  EXPECT_NE(net(x).to_host(), x.to_host());
  tests::expect_error<std::invalid_argument>([] { Dropout(-0.1f); }, {"[dropout]", "-0.1"});
}

TEST(Module, ConvolutionAndPoolHaveTheShapesTheyPromise) {
  Conv2d conv(3, 8, {3, 5}, {.stride = {2, 1}, .padding = {1, 2}});
  const Tensor y = conv(random_tensor({2, 3, 9, 7}, 1));
  EXPECT_EQ(y.shape(), (Shape{2, 8, 5, 7}));
  EXPECT_EQ(MaxPool2d(2)(y).shape(), (Shape{2, 8, 2, 3}));
  EXPECT_EQ(MaxPool2d({3, 3}, {1, 1}, {1, 1})(y).shape(), y.shape());
}

TEST(Module, ParametersStartWithinPyTorchsBound) {
  manual_seed(2);
  const Conv2d conv(16, 32, 3);
  for (const auto& [name, parameter] : conv.named_parameters()) {
    const std::vector<float> values = parameter.to_host();
    const float bound = 1 / std::sqrt(16.0f * 9);
    const auto [low, high] = std::ranges::minmax(values);
    EXPECT_GE(low, -bound) << name;
    EXPECT_LE(high, bound) << name;
    EXPECT_LT(low, -0.8f * bound) << name;
    EXPECT_GT(high, 0.8f * bound) << name;
  }
}

}  // namespace
}  // namespace gridstride::nn
