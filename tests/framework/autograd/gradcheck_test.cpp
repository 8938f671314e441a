#include "framework/autograd/gradcheck.hpp"

#include <gtest/gtest.h>

#include <cmath>

#include "framework/autograd/tape.hpp"
#include "framework/ops/relu.hpp"
#include "framework/tensor/stream.hpp"
#include "kernels/accumulate/accumulate.hpp"
#include "kernels/core/dispatch.hpp"
#include "tests/framework/random_tensor.hpp"

namespace gridstride::autograd {
namespace {

/// y = 3 x, whose backward claims that the factor is `claimed`.
Tensor triple(const Tensor& x, float claimed) {
  Tensor y = x.clone();
  run<Accumulate>({.n = x.numel(), .alpha = 2, .x = x.data(), .y = y.data()}, current_stream());
  return record("triple", y, {x}, [claimed](const Tensor& dy, Gradients& grads) {
    Tensor dx = Tensor::zeros(dy.shape());
    run<Accumulate>({.n = dy.numel(), .alpha = claimed, .x = dy.data(), .y = dx.data()}, current_stream());
    grads.put(0, std::move(dx));
  });
}

TEST(Gradcheck, PassesARightBackward) {
  const auto f = [](const std::vector<Tensor>& in) { return triple(in[0], 3); };
  EXPECT_EQ(gradcheck(f, {tests::random_input({3, 5}, 1)}), "");
}

TEST(Gradcheck, CatchesAWrongFactor) {
  const auto f = [](const std::vector<Tensor>& in) { return triple(in[0], 3.2f); };
  const std::string why = gradcheck(f, {tests::random_input({3, 5}, 1)});
  EXPECT_NE(why.find("input 0 of shape (3, 5), element"), std::string::npos) << why;
}

TEST(Gradcheck, CatchesNaN) {
  const auto f = [](const std::vector<Tensor>& in) { return triple(in[0], std::nanf("")); };
  EXPECT_NE(gradcheck(f, {tests::random_input({4}, 1)}), "");
}

TEST(Gradcheck, CatchesAForgottenInput) {
  const auto f = [](const std::vector<Tensor>& in) {
    return record("forgetful", in[0].clone(), {in[0]}, [](const Tensor&, Gradients&) {});
  };
  EXPECT_NE(gradcheck(f, {tests::random_input({4}, 1)}), "");
}

TEST(Gradcheck, CatchesASignAtOneElementOnly) {
  const auto f = [](const std::vector<Tensor>& in) {
    return record("off_by_one", in[0].clone(), {in[0]}, [](const Tensor& dy, Gradients& grads) {
      std::vector<float> values = dy.to_host();
      values.back() = -values.back();
      grads.put(0, Tensor::from_host(dy.shape(), values));
    });
  };
  const std::string why = gradcheck(f, {tests::random_input({7}, 1)});
  EXPECT_NE(why.find("element 6"), std::string::npos) << why;
}

TEST(Gradcheck, PutsItsInputsBack) {
  const Tensor x = tests::spread_input({6}, 1);
  const std::vector<float> before = x.to_host();
  EXPECT_EQ(gradcheck([](const std::vector<Tensor>& in) { return relu(in[0]); }, {x}), "");
  EXPECT_EQ(x.to_host(), before);
}

}  // namespace
}  // namespace gridstride::autograd
