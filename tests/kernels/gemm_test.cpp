// What the cases of the ladder do not hold: NaN on its way through, problems beyond a grid, and the policy.
#include "kernels/gemm/gemm.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <string>

#include "kernels/core/registry.hpp"
#include "tests/kernels/memory.hpp"

namespace gridstride {
namespace {

using testing_support::to_device;
using testing_support::to_host;

constexpr float kNan = std::numeric_limits<float>::quiet_NaN();

TEST(GemmTest, NanReachesItsRowOnlyAndPassesTheRelu) {
  constexpr int64_t kM = 3, kN = 5, kK = 2;
  const auto a = to_device(std::vector<float>{1, 2, kNan, 1, -1, -2});
  const auto b = to_device(std::vector<float>(kK * kN, 1));
  const auto bias = to_device(std::vector<float>(kN, 0));
  for (const auto& variant : detail::variants<Gemm>()) {
    if (!variant.launch) continue;
    SCOPED_TRACE(std::string(variant.name));
    DeviceBuffer<float> c(kM * kN);
    variant.launch({.m = kM,
                    .n = kN,
                    .k = kK,
                    .epilogue = Epilogue::bias_relu,
                    .a = a.data(),
                    .b = b.data(),
                    .bias = bias.data(),
                    .c = c.data()},
                   nullptr);
    const auto out = to_host(c);
    for (std::size_t j = 0; j < kN; ++j) {
      EXPECT_EQ(out[j], 3) << j;
      EXPECT_TRUE(std::isnan(out[kN + j])) << j;
      EXPECT_EQ(out[2 * kN + j], 0) << j;
    }
  }
}

TEST(GemmTest, GoesOnWhereGridYEnds) {
  constexpr int64_t kLong = 8 * 65535 + 3;  // blocks are 8 high
  std::vector<float> numbers(kLong);
  for (std::size_t i = 0; i < numbers.size(); ++i) numbers[i] = static_cast<float>(i);
  const auto many = to_device(numbers), two = to_device(std::vector<float>{2});
  for (const bool tall : {true, false}) {
    const std::string_view name = tall ? "02_coalesced" : "01_naive";  // whose rows or columns are in grid.y
    SCOPED_TRACE(std::string(name));
    DeviceBuffer<float> c(kLong);
    detail::variant_named<Gemm>(name).launch({.m = tall ? kLong : 1,
                                              .n = tall ? 1 : kLong,
                                              .k = 1,
                                              .a = tall ? many.data() : two.data(),
                                              .b = tall ? two.data() : many.data(),
                                              .c = c.data()},
                                             nullptr);
    const auto out = to_host(c);
    for (std::size_t i = 0; i < out.size(); ++i) ASSERT_EQ(out[i], 2 * numbers[i]) << i;
  }
}

TEST(GemmTest, EveryTiledRungNamesAProblemBeyondItsGrid) {
  const Gemm::Args args{.m = int64_t{1} << 30, .n = int64_t{1} << 30, .k = 1};
  EXPECT_NO_THROW(Gemm::check(args));
  for (const auto& variant : detail::variants<Gemm>()) {
    if (!variant.launch || !variant.unsupported) continue;
    EXPECT_NE(variant.why_not(args).find("a grid holds 2147483647 blocks"), std::string::npos)
        << variant.name;
  }
}

TEST(GemmTest, ErrorsShowTheValueAndNameTheOperand) {
  const auto message = [](const Gemm::Args& args) -> std::string {
    try {
      Gemm::check(args);
    } catch (const std::invalid_argument& error) {
      return error.what();
    }
    return {};
  };
  EXPECT_EQ(message({.m = -3, .n = 1, .k = 1}), "[gemm] m must be >= 0, got -3");
  EXPECT_EQ(message({.m = 1, .n = 1, .k = -1}), "[gemm] k must be >= 0, got -1");
  EXPECT_NE(message({.m = int64_t{1} << 40, .n = 1, .k = int64_t{1} << 40}).find("[gemm] A of"),
            std::string::npos);
  EXPECT_NE(message({.m = int64_t{1} << 40, .n = int64_t{1} << 40, .k = 0}).find("[gemm] C of"),
            std::string::npos);
  EXPECT_EQ(message({}), "");
}

TEST(GemmTest, ThePolicyChoosesADeterministicRungThatCanRun) {
  for (auto& args : Gemm::cases()) {
    for (const Device target : {Device::cpu, Device::cuda}) {
      const auto& variant = detail::variant_named<Gemm>(Gemm::policy(args, target));
      EXPECT_TRUE(variant.deterministic && variant.launch != nullptr) << variant.name;
      EXPECT_EQ(variant.why_not(args), "") << variant.name;
    }
  }
}

}  // namespace
}  // namespace gridstride
