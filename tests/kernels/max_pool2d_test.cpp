// Max pooling where random data does not lead: ties, NaN, the way there and back, and refusals.
#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <vector>

#include "kernels/core/registry.hpp"
#include "kernels/core/trial.hpp"
#include "kernels/max_pool2d/max_pool2d.hpp"
#include "kernels/max_pool2d/windows.hpp"
#include "kernels/max_pool2d_backward/max_pool2d_backward.hpp"
#include "tests/kernels/memory.hpp"

namespace gridstride {
namespace {

using testing_support::to_device;
using testing_support::to_host;

constexpr float kNan = std::numeric_limits<float>::quiet_NaN();
constexpr float kInf = std::numeric_limits<float>::infinity();

void expect_every_variant(const Pool2dShape& shape, const std::vector<float>& x, const std::vector<float>& y,
                          const std::vector<int32_t>& argmax) {
  const auto on_device = to_device(x);
  for (const auto& variant : detail::variants<MaxPool2d>()) {
    DeviceBuffer<float> maxima(shape.y_elems());
    DeviceBuffer<int32_t> places(shape.y_elems());
    const MaxPool2d::Args args{
        .shape = shape, .x = on_device.data(), .y = maxima.data(), .argmax = places.data()};
    if (!variant.why_not(args).empty()) continue;
    variant.launch(args, nullptr);
    EXPECT_EQ(to_host(places), argmax) << variant.name;
    const std::vector<float> found = to_host(maxima);
    for (std::size_t i = 0; i < y.size(); ++i) {
      EXPECT_TRUE(found[i] == y[i] || (std::isnan(found[i]) && std::isnan(y[i])))
          << variant.name << ": " << found[i] << " at " << i << ", expected " << y[i];
    }
  }
}

TEST(MaxPool2dTest, TheFirstOfEqualsAndTheLastNanWin) {
  const Pool2dShape shape{.n = 1, .c = 1, .h = 2, .w = 8, .r = 2, .s = 2, .stride_h = 2, .stride_w = 2};
  const std::vector<float> x{
      3, 3, 5, kNan, kNan, 1,    -kInf, -kInf,  //
      3, 3, 7, 6,    2,    kNan, -kInf, -kInf,
  };
  expect_every_variant(shape, x, {3, kNan, kNan, -kInf}, {0, 3, 13, 6});
  std::vector<float> y(4);
  std::vector<int32_t> argmax(4);
  max_pool2d_windows(shape, x.data(), y.data(), argmax.data());
  EXPECT_EQ(argmax, (std::vector<int32_t>{0, 3, 13, 6}));
}

TEST(MaxPool2dTest, PaddingDoesNotTakePart) {
  const Pool2dShape shape{
      .n = 1, .c = 1, .h = 2, .w = 2, .r = 2, .s = 2, .stride_h = 2, .stride_w = 2, .pad_h = 1, .pad_w = 1};
  expect_every_variant(shape, {-1, -2, -3, -4}, {-1, -2, -3, -4}, {0, 1, 2, 3});
}

/// Random argmax rarely lies in its window; here it is the one that the forward pass wrote.
TEST(MaxPool2dTest, ThereAndBack) {
  for (const Pool2dShape& shape : pool2d_cases()) {
    if (shape.y_elems() == 0 || shape.y_elems() > 50000) continue;
    std::vector<float> x(static_cast<std::size_t>(shape.x_elems()));
    std::vector<float> dy(static_cast<std::size_t>(shape.y_elems())), y(dy.size()), dx(x.size());
    std::vector<int32_t> argmax(dy.size());
    fill_random(Dtype::f32, normal(), 3, x.data(), shape.x_elems());
    fill_random(Dtype::f32, normal(), 4, dy.data(), shape.y_elems());
    MaxPool2d::reference({.shape = shape, .x = x.data(), .y = y.data(), .argmax = argmax.data()});
    MaxPool2dBackward::reference({.shape = shape, .dy = dy.data(), .argmax = argmax.data(), .dx = dx.data()});

    const auto device_dy = to_device(dy);
    const auto device_argmax = to_device(argmax);
    for (const auto& variant : detail::variants<MaxPool2dBackward>()) {
      DeviceBuffer<float> device_dx(shape.x_elems());
      const MaxPool2dBackward::Args args{
          .shape = shape, .dy = device_dy.data(), .argmax = device_argmax.data(), .dx = device_dx.data()};
      if (!variant.why_not(args).empty()) continue;
      variant.launch(args, nullptr);
      const std::vector<float> found = to_host(device_dx);
      for (std::size_t i = 0; i < dx.size(); ++i) {
        ASSERT_NEAR(found[i], dx[i], 1e-5)
            << variant.name << " at " << i << " of " << shape.h << "x" << shape.w;
      }
    }
  }
}

TEST(MaxPool2dTest, GradientByDifferences) {
  const Pool2dShape shape{
      .n = 2, .c = 1, .h = 5, .w = 6, .r = 3, .s = 2, .stride_h = 1, .stride_w = 2, .pad_h = 1, .pad_w = 1};
  // All pixels differ by more than the step, so that no winner changes.
  std::vector<double> x(static_cast<std::size_t>(shape.x_elems()));
  for (std::size_t i = 0; i < x.size(); ++i) x[i] = 0.1 * static_cast<double>(i * 37 % x.size());
  std::vector<double> y(static_cast<std::size_t>(shape.y_elems())), dy(y.size()), dx(x.size());
  std::vector<int32_t> argmax(y.size());
  for (std::size_t i = 0; i < dy.size(); ++i) dy[i] = std::cos(static_cast<double>(i));

  const auto loss = [&] {
    max_pool2d_windows(shape, x.data(), y.data(), argmax.data());
    double sum = 0;
    for (std::size_t i = 0; i < y.size(); ++i) sum += dy[i] * y[i];
    return sum;
  };
  loss();
  max_pool2d_backward_windows(shape, dy.data(), argmax.data(), dx.data());
  constexpr double kStep = 1e-3;
  for (std::size_t i = 0; i < x.size(); ++i) {
    const double centre = x[i];
    x[i] = centre + kStep;
    const double above = loss();
    x[i] = centre - kStep;
    const double below = loss();
    x[i] = centre;
    EXPECT_NEAR(dx[i], (above - below) / (2 * kStep), 1e-9) << "pixel " << i;
  }
}

TEST(MaxPool2dTest, RefusesWithOneClearLine) {
  const auto message_of = [](const Pool2dShape& shape) -> std::string {
    try {
      MaxPool2d::check({.shape = shape});
    } catch (const std::invalid_argument& error) {
      return error.what();
    }
    return {};
  };
  EXPECT_EQ(
      message_of({.h = 2, .w = 4, .r = 3}),
      "[max_pool2d] a window of 3 does not fit into h + 2 pad_h = 2; use a smaller window or more padding");
  EXPECT_EQ(message_of({.h = 4, .w = 4, .r = 2, .s = 2, .pad_w = 2}),
            "[max_pool2d] pad_w must be smaller than the window's 2, got 2: a window may not lie outside the "
            "image");
  EXPECT_EQ(message_of({.h = 65536, .w = 65536}), "[max_pool2d] h * w must be 1..2147483647, got 4294967296");
  EXPECT_EQ(message_of({.h = 4, .w = 4, .stride_w = -1}),
            "[max_pool2d] stride_w must be 1..2147483647, got -1");
  EXPECT_EQ(message_of({.h = 1, .w = 1, .r = 50000, .s = 50000, .pad_h = 49999, .pad_w = 49999}),
            "[max_pool2d] p * q must be 1..2147483647, got 2500000000");
  EXPECT_THROW(MaxPool2dBackward::check({.shape = {.h = 1, .r = 2}}), std::invalid_argument);
}

TEST(MaxPool2dTest, PolicyNamesAVariantThatTakesTheShape) {
  for (const char* name : {"max_pool2d", "max_pool2d_backward"}) {
    for (const auto& problem : find_operation(name).cases()) {
      EXPECT_EQ(problem->why_not(problem->policy()), "") << name << " " << problem->label();
    }
  }
}

}  // namespace
}  // namespace gridstride
