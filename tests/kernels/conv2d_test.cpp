// What the ladder's random trials cannot say about the convolutions: answers worked out by hand, gradients by
// differences, refusals, and NaN.
#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <numeric>
#include <vector>

#include "kernels/conv2d/cases.hpp"
#include "kernels/conv2d/conv2d.hpp"
#include "kernels/conv2d/taps.hpp"
#include "kernels/conv2d_dgrad/conv2d_dgrad.hpp"
#include "kernels/conv2d_wgrad/conv2d_wgrad.hpp"
#include "kernels/core/registry.hpp"
#include "tests/kernels/memory.hpp"

namespace gridstride {
namespace {

using testing_support::to_device;
using testing_support::to_host;

std::vector<double> waves(int64_t elems, double phase) {
  std::vector<double> values(static_cast<std::size_t>(elems));
  for (std::size_t i = 0; i < values.size(); ++i) values[i] = std::sin(phase + 1.7 * static_cast<double>(i));
  return values;
}

std::string message_of(const Conv2dShape& shape) {
  try {
    Conv2d::check({.shape = shape});
  } catch (const std::invalid_argument& error) {
    return error.what();
  }
  return {};
}

TEST(Conv2dTest, WorkedOutByHand) {
  // 1 2 3     1 10        the window slides by 2 rows and 1 column, over one column of zeros on each side
  // 4 5 6   100 1000
  // 7 8 9
  const Conv2dShape shape{
      .n = 1, .c = 1, .h = 3, .w = 3, .k = 1, .r = 2, .s = 2, .stride_h = 2, .stride_w = 1, .pad_w = 1};
  ASSERT_EQ(shape.p(), 1);
  ASSERT_EQ(shape.q(), 4);
  const std::vector<float> x{1, 2, 3, 4, 5, 6, 7, 8, 9}, w{1, 10, 100, 1000}, bias{-3000};
  std::vector<float> y(4);
  Conv2d::Args args{.shape = shape, .x = x.data(), .w = w.data(), .bias = bias.data(), .y = y.data()};
  Conv2d::reference(args);
  EXPECT_EQ(y, (std::vector<float>{4010, 5421, 6532, 603}));
  args.epilogue = Epilogue::bias_relu;
  Conv2d::reference(args);
  EXPECT_EQ(y, (std::vector<float>{1010, 2421, 3532, 0}));

  const std::vector<float> dy{1, 0, 0, 2};
  std::vector<float> dx(9), dw{0.5, 0, 0, 0};
  Conv2dDgrad::reference({.shape = shape, .dy = dy.data(), .w = w.data(), .dx = dx.data()});
  EXPECT_EQ(dx, (std::vector<float>{10, 0, 2, 1000, 0, 200, 0, 0, 0}));
  Conv2dWgrad::reference({.shape = shape, .x = x.data(), .dy = dy.data(), .dw = dw.data()});
  EXPECT_EQ(dw, (std::vector<float>{6.5, 1, 12, 4}));
}

TEST(Conv2dTest, ChannelsAddUpAndFiltersDoNot) {
  const Conv2dShape shape{.n = 2, .c = 2, .h = 1, .w = 1, .k = 3, .r = 1, .s = 1};
  const std::vector<float> x{1, 2, 3, 4}, w{1, 0, 0, 1, 10, 100};
  std::vector<float> y(6);
  Conv2d::reference({.shape = shape, .x = x.data(), .w = w.data(), .y = y.data()});
  EXPECT_EQ(y, (std::vector<float>{1, 2, 210, 3, 4, 430}));
}

/// loss = sum(dy * conv(x, w)); in double, so that differences are good to ten digits.
class Conv2dGradientTest : public ::testing::TestWithParam<Conv2dShape> {
 protected:
  const Conv2dShape shape_ = GetParam();
  std::vector<double> x_ = waves(shape_.x_elems(), 0.1), w_ = waves(shape_.w_elems(), 0.2);
  const std::vector<double> dy_ = waves(shape_.y_elems(), 0.3);

  double loss() const {
    std::vector<double> y(dy_.size());
    conv2d_products(shape_, x_.data(), w_.data(), y.data());
    return std::inner_product(y.begin(), y.end(), dy_.begin(), 0.0);
  }
  void expect_derivative(std::vector<double>& of, const std::vector<double>& gradient) {
    constexpr double kStep = 1e-3;
    for (std::size_t i = 0; i < of.size(); ++i) {
      const double centre = of[i];
      of[i] = centre + kStep;
      const double above = loss();
      of[i] = centre - kStep;
      const double below = loss();
      of[i] = centre;
      EXPECT_NEAR(gradient[i], (above - below) / (2 * kStep), 1e-9) << "element " << i;
    }
  }
};

TEST_P(Conv2dGradientTest, DataByDifferences) {
  std::vector<double> dx(x_.size());
  conv2d_dgrad_products(shape_, dy_.data(), w_.data(), dx.data());
  expect_derivative(x_, dx);
}

TEST_P(Conv2dGradientTest, FiltersByDifferences) {
  std::vector<double> dw(w_.size());
  conv2d_wgrad_products(shape_, x_.data(), dy_.data(), dw.data());
  expect_derivative(w_, dw);
}

INSTANTIATE_TEST_SUITE_P(
    Shapes, Conv2dGradientTest,
    ::testing::Values(Conv2dShape{.n = 2, .c = 2, .h = 4, .w = 5, .k = 3, .r = 3, .s = 2},
                      Conv2dShape{.n = 1,
                                  .c = 1,
                                  .h = 5,
                                  .w = 6,
                                  .k = 2,
                                  .r = 2,
                                  .s = 3,
                                  .stride_h = 2,
                                  .stride_w = 3,
                                  .pad_h = 1,
                                  .pad_w = 2},
                      Conv2dShape{
                          .n = 2, .c = 3, .h = 2, .w = 1, .k = 2, .r = 4, .s = 3, .pad_h = 1, .pad_w = 1}));

TEST(Conv2dTest, RefusesWithOneClearLine) {
  EXPECT_EQ(message_of({.h = 3, .w = 9, .r = 5}),
            "[conv2d] a filter of 5 does not fit into h + 2 pad_h = 3; use a smaller filter or more padding");
  EXPECT_EQ(message_of({.h = 9, .w = 3, .s = 6, .pad_w = 1}),
            "[conv2d] a filter of 6 does not fit into w + 2 pad_w = 5; use a smaller filter or more padding");
  EXPECT_EQ(message_of({.stride_h = 0}), "[conv2d] stride_h must be 1..2147483647, got 0");
  EXPECT_EQ(message_of({.c = -2}), "[conv2d] c must be 0..2147483647, got -2");
  EXPECT_EQ(message_of({.w = int64_t{1} << 31}), "[conv2d] w must be 0..2147483647, got 2147483648");
  EXPECT_EQ(message_of({.r = 0}), "[conv2d] r must be 1..2147483647, got 0");
  EXPECT_EQ(message_of({.n = 2147483647, .c = 2147483647, .h = 2147483647, .w = 2147483647}),
            "[conv2d] x of 2147483647 x 2147483647 x 2147483647 x 2147483647 elements is beyond any address; "
            "use smaller sizes");
  EXPECT_EQ(message_of({.h = 3, .w = 3, .r = 3, .s = 3}), "");
  EXPECT_THROW(Conv2dDgrad::check({.shape = {.h = 1, .r = 2}}), std::invalid_argument);
  EXPECT_THROW(Conv2dWgrad::check({.shape = {.h = 1, .r = 2}}), std::invalid_argument);
}

TEST(Conv2dTest, ImagesTooLargeForTheTilesAreLeftToTheDirectKernel) {
  const Conv2dShape large{.n = 1, .c = 1, .h = 65536, .w = 65536, .k = 1, .r = 3, .s = 3};
  EXPECT_EQ(large.why_not_tiled(),
            "one image of x has 4294967296 elements, the tiled kernels count them in 32 bits");
  EXPECT_EQ(Conv2d::policy({.shape = large}, device()), "01_direct");
  EXPECT_EQ(Conv2dDgrad::policy({.shape = large}, device()), "01_direct");
  EXPECT_EQ(Conv2dWgrad::policy({.shape = large}, device()), "01_direct");
  const Conv2dShape wide{.n = 1, .c = 40000, .h = 300, .w = 300, .k = 1, .r = 300, .s = 300};
  EXPECT_NE(wide.why_not_tiled(), "");
}

TEST(Conv2dTest, NanPassesTheReluOfEveryVariant) {
  const Conv2dShape shape{.n = 1, .c = 1, .h = 2, .w = 2, .k = 1, .r = 1, .s = 1};
  const auto x = to_device<float>({1, -1, std::numeric_limits<float>::quiet_NaN(), 2});
  const auto w = to_device<float>({1}), bias = to_device<float>({0});
  for (const auto& variant : detail::variants<Conv2d>()) {
    DeviceBuffer<float> y(4);
    const Conv2d::Args args{.shape = shape,
                            .epilogue = Epilogue::bias_relu,
                            .x = x.data(),
                            .w = w.data(),
                            .bias = bias.data(),
                            .y = y.data()};
    if (!variant.why_not(args).empty()) continue;
    variant.launch(args, nullptr);
    const std::vector<float> host = to_host(y);
    EXPECT_EQ(host[0], 1) << variant.name;
    EXPECT_EQ(host[1], 0) << variant.name;
    EXPECT_TRUE(std::isnan(host[2])) << variant.name;
    EXPECT_EQ(host[3], 2) << variant.name;
  }
}

TEST(Conv2dTest, PolicyNamesAVariantThatTakesTheShape) {
  for (const char* name : {"conv2d", "conv2d_dgrad", "conv2d_wgrad"}) {
    for (const auto& problem : find_operation(name).cases()) {
      EXPECT_EQ(problem->why_not(problem->policy()), "") << name << " " << problem->label();
    }
  }
}

}  // namespace
}  // namespace gridstride
