#include "kernels/bias_grad/bias_grad.hpp"

#include <gtest/gtest.h>

#include <vector>

#include "kernels/core/registry.hpp"
#include "tests/kernels/memory.hpp"

namespace gridstride {
namespace {

TEST(BiasGradTest, WorkedOutByHand) {
  const std::vector<float> dy{1, 2, 10, 20, 100, 200, 1000, 2000};  // (2,2,2)
  std::vector<float> db{0.5, -1};
  BiasGrad::reference({.outer = 2, .channels = 2, .inner = 2, .dy = dy.data(), .db = db.data()});
  EXPECT_EQ(db, (std::vector<float>{303.5, 3029}));
}

TEST(BiasGradTest, RefusesWithOneClearLine) {
  const auto message_of = [](const BiasGrad::Args& args) -> std::string {
    try {
      BiasGrad::check(args);
    } catch (const std::invalid_argument& error) {
      return error.what();
    }
    return {};
  };
  EXPECT_EQ(message_of({.outer = -1, .channels = 2}), "[bias_grad] outer must be >= 0, got -1");
  EXPECT_EQ(message_of({.outer = 1, .channels = 2, .inner = -7}), "[bias_grad] inner must be >= 0, got -7");
  constexpr int64_t kHuge = int64_t{1} << 40;
  EXPECT_EQ(message_of({.outer = kHuge, .channels = kHuge, .inner = kHuge}),
            "[bias_grad] dy of 1099511627776 x 1099511627776 x 1099511627776 elements is beyond any address; "
            "use smaller sizes");
  EXPECT_EQ(message_of({.outer = 0, .channels = kHuge, .inner = 1}), "");
}

TEST(BiasGradTest, PolicyNamesAVariantThatTakesTheShape) {
  for (const auto& problem : find_operation("bias_grad").cases()) {
    EXPECT_EQ(problem->why_not(problem->policy()), "") << problem->label();
  }
  EXPECT_EQ(BiasGrad::policy({.outer = 64, .channels = 128, .inner = 1}, device()), "03_column_tile");
}

/// 2^24 + 1 ones: a single float sum stands still at 2^24, the block's 256 partial sums do not.
TEST(BiasGradTest, ManyPartialSumsKeepWhatOneSumLoses) {
  const int64_t elems = (int64_t{1} << 24) + 256;
  const auto dy = testing_support::to_device(std::vector<float>(static_cast<std::size_t>(elems), 1.0f));
  auto db = testing_support::to_device(std::vector<float>{0});
  const auto& variant = detail::variant_named<BiasGrad>("02_block_per_channel");
  variant.launch({.outer = 1, .channels = 1, .inner = elems, .dy = dy.data(), .db = db.data()}, nullptr);
  EXPECT_EQ(testing_support::to_host(db)[0], static_cast<float>(elems));
}

}  // namespace
}  // namespace gridstride
