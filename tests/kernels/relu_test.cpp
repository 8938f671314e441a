// What random data does not hold: NaN and zeros of both signs.
#include "kernels/relu/relu.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>

#include "kernels/core/registry.hpp"
#include "kernels/relu_backward/relu_backward.hpp"
#include "tests/kernels/memory.hpp"

namespace gridstride {
namespace {

using testing_support::to_device;
using testing_support::to_host;

constexpr float kNan = std::numeric_limits<float>::quiet_NaN();

TEST(ReluTest, NanComesThroughAndZeroStaysZero) {
  const auto x = to_device(std::vector<float>{kNan, 0, -0.0f, -1, 2, kNan, -kNan});
  for (const auto& variant : detail::variants<Relu>()) {
    if (!variant.launch) continue;
    SCOPED_TRACE(std::string(variant.name));
    DeviceBuffer<float> y(x.size());
    variant.launch({.n = x.size(), .x = x.data(), .y = y.data()}, nullptr);
    const auto out = to_host(y);
    for (const std::size_t i : {0, 5, 6}) EXPECT_TRUE(std::isnan(out[i])) << i;
    for (const std::size_t i : {1, 2, 3}) EXPECT_EQ(out[i], 0) << i;
    EXPECT_EQ(out[4], 2);
  }
}

TEST(ReluTest, TheGradientAtZeroIsZeroEvenIfItIsNan) {
  const auto y = to_device(std::vector<float>{0, 0, 1, 1, 2});
  const auto dy = to_device(std::vector<float>{3, kNan, 4, kNan, -5});
  for (const auto& variant : detail::variants<ReluBackward>()) {
    if (!variant.launch) continue;
    SCOPED_TRACE(std::string(variant.name));
    DeviceBuffer<float> dx(y.size());
    variant.launch({.n = y.size(), .y = y.data(), .dy = dy.data(), .dx = dx.data()}, nullptr);
    const auto out = to_host(dx);
    EXPECT_EQ(out[0], 0);
    EXPECT_EQ(out[1], 0);
    EXPECT_EQ(out[2], 4);
    EXPECT_TRUE(std::isnan(out[3]));
    EXPECT_EQ(out[4], -5);
  }
}

}  // namespace
}  // namespace gridstride
