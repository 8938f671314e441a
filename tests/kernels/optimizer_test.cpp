// With a constant gradient the optimizers have closed forms: references and variants must follow them over
// several steps, starting from empty state.
#include <gtest/gtest.h>

#include <cmath>

#include "kernels/adamw/adamw.hpp"
#include "kernels/core/registry.hpp"
#include "kernels/sgd/sgd.hpp"
#include "tests/kernels/memory.hpp"

namespace gridstride {
namespace {

using testing_support::to_device;
using testing_support::to_host;

constexpr int kSteps = 6;
const std::vector<float> kGrad{0.5f, -2, 0.01f, 100, -1e-3f};
const std::vector<float> kStart{1, 2, 3, 4, 5};

/// The parameters after kSteps, by the reference and by every variant.
template <class Expect>
void for_every_sgd(Sgd::Args args, Expect expect) {
  args.n = static_cast<int64_t>(kGrad.size());
  std::vector<float> param = kStart, velocity(kGrad.size(), 0);
  args.grad = kGrad.data(), args.param = param.data(), args.velocity = velocity.data();
  for (int t = 0; t < kSteps; ++t) Sgd::reference(args);
  {
    SCOPED_TRACE("reference");
    expect(param);
  }
  for (const auto& variant : detail::variants<Sgd>()) {
    if (!variant.launch) continue;
    SCOPED_TRACE(std::string(variant.name));
    const auto grad = to_device(kGrad);
    auto on_device = to_device(kStart);
    auto state = to_device(std::vector<float>(kGrad.size(), 0));
    args.grad = grad.data(), args.param = on_device.data(), args.velocity = state.data();
    for (int t = 0; t < kSteps; ++t) variant.launch(args, nullptr);
    expect(to_host(on_device));
  }
}

template <class Expect>
void for_every_adamw(AdamW::Args args, Expect expect) {
  args.n = static_cast<int64_t>(kGrad.size());
  const std::vector<float> zeros(kGrad.size(), 0);
  std::vector<float> param = kStart, mean = zeros, square = zeros;
  args.grad = kGrad.data(), args.param = param.data(), args.m = mean.data(), args.v = square.data();
  for (args.step = 1; args.step <= kSteps; ++args.step) AdamW::reference(args);
  {
    SCOPED_TRACE("reference");
    expect(param);
  }
  for (const auto& variant : detail::variants<AdamW>()) {
    if (!variant.launch) continue;
    SCOPED_TRACE(std::string(variant.name));
    const auto grad = to_device(kGrad);
    auto on_device = to_device(kStart), m = to_device(zeros), v = to_device(zeros);
    args.grad = grad.data(), args.param = on_device.data(), args.m = m.data(), args.v = v.data();
    for (args.step = 1; args.step <= kSteps; ++args.step) variant.launch(args, nullptr);
    expect(to_host(on_device));
  }
}

void expect_close(const std::vector<float>& param, std::size_t i, double expected) {
  EXPECT_NEAR(param[i], expected, 3e-6 * (1 + std::abs(expected))) << "parameter " << i;
}

// velocity_t = g (1 - mu^t) / (1 - mu)
TEST(OptimizerTest, SgdWithMomentumSumsAGeometricSeries) {
  constexpr double kLr = 0.125, kMu = 0.75;
  double moved = 0;
  for (int t = 1; t <= kSteps; ++t) moved += kLr * (1 - std::pow(kMu, t)) / (1 - kMu);
  for_every_sgd({.lr = kLr, .momentum = kMu}, [&](const std::vector<float>& param) {
    for (std::size_t i = 0; i < kGrad.size(); ++i) expect_close(param, i, kStart[i] - moved * kGrad[i]);
  });
}

// Nesterov's step t is momentum's step t + 1 where the gradient is constant.
TEST(OptimizerTest, NesterovIsOneStepAhead) {
  constexpr double kLr = 0.125, kMu = 0.75;
  double moved = 0;
  for (int t = 1; t <= kSteps; ++t) moved += kLr * (1 - std::pow(kMu, t + 1)) / (1 - kMu);
  for_every_sgd({.lr = kLr, .momentum = kMu, .nesterov = true}, [&](const std::vector<float>& param) {
    for (std::size_t i = 0; i < kGrad.size(); ++i) expect_close(param, i, kStart[i] - moved * kGrad[i]);
  });
}

// w <- w (1 - lr wd) - lr g shrinks towards -g / wd.
TEST(OptimizerTest, SgdDecaysTowardsTheFixedPoint) {
  constexpr double kLr = 0.125, kDecay = 0.5;
  for_every_sgd({.lr = kLr, .weight_decay = kDecay}, [&](const std::vector<float>& param) {
    for (std::size_t i = 0; i < kGrad.size(); ++i) {
      const double fixed = -kGrad[i] / kDecay;
      expect_close(param, i, fixed + (kStart[i] - fixed) * std::pow(1 - kLr * kDecay, kSteps));
    }
  });
}

// Corrected for their start at zero, the moments of a constant gradient are g and g^2 from the first step on:
// every step moves by lr * g / (|g| + eps), whatever the gradient's size, after the decay.
TEST(OptimizerTest, AdamWMovesByTheLearningRate) {
  constexpr double kLr = 0.125, kDecay = 0.25, kEps = 1e-4;
  for_every_adamw({.lr = kLr, .beta1 = 0.75f, .beta2 = 0.96875f, .eps = kEps, .weight_decay = kDecay},
                  [&](const std::vector<float>& param) {
                    for (std::size_t i = 0; i < kGrad.size(); ++i) {
                      const double g = kGrad[i], stride = kLr * g / (std::abs(g) + kEps);
                      double expected = kStart[i];
                      for (int t = 0; t < kSteps; ++t) expected = expected * (1 - kLr * kDecay) - stride;
                      expect_close(param, i, expected);
                    }
                  });
}

TEST(OptimizerTest, WithoutMomentumNoVelocityIsNeeded) {
  const auto grad = to_device(kGrad);
  for (const auto& variant : detail::variants<Sgd>()) {
    if (!variant.launch) continue;
    auto param = to_device(kStart);
    variant.launch({.n = 5, .lr = 1, .grad = grad.data(), .param = param.data()}, nullptr);
    const auto moved = to_host(param);
    for (std::size_t i = 0; i < kGrad.size(); ++i) expect_close(moved, i, double{kStart[i]} - kGrad[i]);
  }
}

TEST(OptimizerTest, ImpossibleSettingsAreRefused) {
  EXPECT_THROW(Sgd::check({.n = 1, .nesterov = true}), std::invalid_argument);
  EXPECT_THROW(AdamW::check({.n = 1, .step = 0}), std::invalid_argument);
  EXPECT_THROW(AdamW::check({.n = 1, .beta1 = 1}), std::invalid_argument);
  EXPECT_THROW(AdamW::check({.n = 1, .beta2 = -0.1f}), std::invalid_argument);
  EXPECT_THROW(AdamW::check({.n = 1, .eps = std::nanf("")}), std::invalid_argument);
}

}  // namespace
}  // namespace gridstride
