// Every operation's backward against central differences, alone and in small nets.
#include <gtest/gtest.h>

#include "framework/autograd/gradcheck.hpp"
#include "framework/ops/add.hpp"
#include "framework/ops/conv2d.hpp"
#include "framework/ops/cross_entropy.hpp"
#include "framework/ops/dropout.hpp"
#include "framework/ops/linear.hpp"
#include "framework/ops/max_pool2d.hpp"
#include "framework/ops/relu.hpp"
#include "framework/ops/reshape.hpp"
#include "tests/framework/random_tensor.hpp"

namespace gridstride {
namespace {

using autograd::gradcheck;
using tests::random_input;
using tests::random_tensor;
using tests::spread_input;
using Tensors = std::vector<Tensor>;

IntTensor labels(std::vector<int32_t> values) { return IntTensor::from_host(values); }

TEST(Gradient, Linear) {
  const auto f = [](const Tensors& in) { return linear(in[0], in[1], in[2]); };
  EXPECT_EQ(gradcheck(f, {random_input({5, 7}, 1), random_input({3, 7}, 2), random_input({3}, 3)}), "");
  const auto no_bias = [](const Tensors& in) { return linear(in[0], in[1], {}); };
  EXPECT_EQ(gradcheck(no_bias, {random_input({33, 4}, 1), random_input({1, 4}, 2)}), "");
}

TEST(Gradient, LinearOfOneTensorTwice) {
  const auto f = [](const Tensors& in) { return linear(in[0], in[0], {}); };
  EXPECT_EQ(gradcheck(f, {random_input({4, 4}, 1)}), "");
}

TEST(Gradient, Conv2d) {
  const auto f = [](const Tensors& in) { return conv2d(in[0], in[1], in[2]); };
  EXPECT_EQ(
      gradcheck(f, {random_input({2, 3, 6, 5}, 1), random_input({4, 3, 3, 3}, 2), random_input({4}, 3)}), "");
}

TEST(Gradient, Conv2dWithStridePaddingAndOblongFilter) {
  const auto f = [](const Tensors& in) { return conv2d(in[0], in[1], {}, {2, 1}, {1, 2}); };
  EXPECT_EQ(gradcheck(f, {random_input({2, 2, 7, 6}, 1), random_input({3, 2, 3, 5}, 2)}), "");
}

TEST(Gradient, MaxPool2d) {
  const auto f = [](const Tensors& in) { return max_pool2d(in[0], {2, 2}, {2, 2}); };
  EXPECT_EQ(gradcheck(f, {spread_input({2, 2, 5, 4}, 1)}), "");
  const auto overlapping = [](const Tensors& in) { return max_pool2d(in[0], {3, 2}, {1, 2}, {1, 1}); };
  EXPECT_EQ(gradcheck(overlapping, {spread_input({1, 3, 6, 7}, 2)}), "");
}

TEST(Gradient, Relu) {
  EXPECT_EQ(gradcheck([](const Tensors& in) { return relu(in[0]); }, {spread_input({37}, 1)}), "");
}

TEST(Gradient, Reshape) {
  const auto f = [](const Tensors& in) { return reshape(flatten(in[0]), {-1, 4}); };
  EXPECT_EQ(gradcheck(f, {random_input({2, 3, 2, 2}, 1)}), "");
}

TEST(Gradient, Add) {
  const auto f = [](const Tensors& in) { return add(in[0], add(in[1], in[0])); };
  EXPECT_EQ(gradcheck(f, {random_input({3, 3}, 1), random_input({3, 3}, 2)}), "");
}

TEST(Gradient, Dropout) {
  manual_seed(3);
  const auto f = [](const Tensors& in) { return dropout(in[0], 0.4f); };
  EXPECT_EQ(gradcheck(f, {random_input({51}, 1)}), "");
}

TEST(Gradient, CrossEntropy) {
  const auto f = [](const Tensors& in) { return cross_entropy(in[0], labels({0, 4, 2, 4, 1, 3})); };
  EXPECT_EQ(gradcheck(f, {random_input({6, 5}, 1, -3, 3)}, {.abs = 2e-4, .rel = 1e-2}), "");
}

TEST(Gradient, CrossEntropyPassesItsCotangentOn) {
  const auto f = [](const Tensors& in) {
    return linear(reshape(cross_entropy(in[0], labels({1, 0})), {1, 1}), in[1], {});
  };
  EXPECT_EQ(gradcheck(f, {random_input({2, 3}, 1), random_input({2, 1}, 2)}), "");
}

// An activation with two uses, a weight with two uses, and everything in between.
TEST(Gradient, SmallResidualNet) {
  manual_seed(4);
  const auto f = [](const Tensors& in) {
    const Tensor x = in[0], w = in[1], b = in[2];
    const Tensor h = linear(x, w, b);
    const Tensor r = add(h, dropout(linear(h, w, b), 0.3f));
    return cross_entropy(linear(r, in[3], {}), labels({0, 1, 2, 1}));
  };
  EXPECT_EQ(gradcheck(f,
                      {random_input({4, 6}, 1), random_input({6, 6}, 2), random_input({6}, 3),
                       random_input({3, 6}, 4)},
                      {.abs = 5e-4}),
            "");
}

TEST(Gradient, SmallConvolutionNet) {
  const auto f = [](const Tensors& in) {
    const Tensor h = conv2d(in[0], in[1], in[2], {1, 1}, {1, 1});
    const Tensor g = conv2d(h, in[3], in[2], {2, 2}, {1, 1});
    return cross_entropy(linear(flatten(g), in[4], {}), labels({1, 0}));
  };
  EXPECT_EQ(gradcheck(f,
                      {random_input({2, 2, 4, 4}, 1), random_input({3, 2, 3, 3}, 2), random_input({3}, 3),
                       random_input({3, 3, 3, 3}, 4, -0.5f, 0.5f), random_input({2, 12}, 5)},
                      {.abs = 1e-3}),
            "");
}

}  // namespace
}  // namespace gridstride
