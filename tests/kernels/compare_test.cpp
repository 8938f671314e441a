// The comparator must reject what is wrong: above all NaN, which makes every "differs by more than" false.
#include "kernels/core/compare.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <vector>

namespace gridstride {
namespace {

constexpr float kNan = std::numeric_limits<float>::quiet_NaN();
constexpr float kInf = std::numeric_limits<float>::infinity();

std::optional<Mismatch> compare_floats(const std::vector<float>& value, const std::vector<float>& reference,
                                       Tolerance tolerance) {
  return compare(Dtype::f32, value.data(), reference.data(), static_cast<int64_t>(value.size()), tolerance);
}

constexpr Tolerance kLoose{.abs = 1e30, .rel = 1e30};

TEST(CompareTest, EqualPasses) {
  EXPECT_FALSE(compare_floats({1, -2, 0, -0.0f}, {1, -2, -0.0f, 0}, {}));
  EXPECT_FALSE(compare_floats({}, {}, {}));
}

TEST(CompareTest, NanFailsWhateverTheBound) {
  const auto bad = compare_floats({1, kNan, 3}, {1, 2, 3}, kLoose);
  ASSERT_TRUE(bad);
  EXPECT_EQ(bad->index, 1);
  EXPECT_EQ(bad->count, 1);
}

TEST(CompareTest, NanInTheReferenceWantsNan) {
  EXPECT_FALSE(compare_floats({kNan}, {kNan}, {}));
  EXPECT_TRUE(compare_floats({0}, {kNan}, kLoose));
  EXPECT_TRUE(compare_floats({kInf}, {kNan}, kLoose));
}

TEST(CompareTest, InfinityWantsTheSameInfinity) {
  EXPECT_FALSE(compare_floats({kInf, -kInf}, {kInf, -kInf}, {}));
  EXPECT_TRUE(compare_floats({-kInf}, {kInf}, kLoose));
  EXPECT_TRUE(compare_floats({1}, {kInf}, kLoose));
  EXPECT_TRUE(compare_floats({kInf}, {1}, {.abs = 1}));
}

TEST(CompareTest, TheBoundItselfPassesAndTheNextNumberFails) {
  EXPECT_FALSE(compare_floats({1.5f}, {1}, {.abs = 0.5}));
  EXPECT_TRUE(compare_floats({std::nextafter(1.5f, 2.0f)}, {1}, {.abs = 0.5}));
  EXPECT_FALSE(compare_floats({-6}, {-4}, {.rel = 0.5}));
  EXPECT_TRUE(compare_floats({std::nextafter(-6.0f, -7.0f)}, {-4}, {.rel = 0.5}));
  EXPECT_TRUE(compare_floats({std::nextafter(1.0f, 2.0f)}, {1}, {}));
}

TEST(CompareTest, NamesTheWorstElementAndCountsAll) {
  const auto bad = compare_floats({1, 5, 3, 4.5f}, {1, 2, 3, 4}, {.abs = 0.25});
  ASSERT_TRUE(bad);
  EXPECT_EQ(bad->index, 1);
  EXPECT_EQ(bad->count, 2);
  EXPECT_EQ(bad->describe("y"), "y[1] = 5, reference 2, bound 0.25; 2 elements are outside");
}

TEST(CompareTest, IntegersHaveNoTolerance) {
  const std::vector<int32_t> reference{1, 2, 2147483647}, off{1, 2, 2147483646};
  EXPECT_FALSE(compare(Dtype::i32, reference.data(), reference.data(), 3, kLoose));
  EXPECT_TRUE(compare(Dtype::i32, off.data(), reference.data(), 3, kLoose));
  const std::vector<uint8_t> bytes{0, 255}, other{0, 254};
  EXPECT_FALSE(compare(Dtype::u8, bytes.data(), bytes.data(), 2, kLoose));
  EXPECT_TRUE(compare(Dtype::u8, other.data(), bytes.data(), 2, kLoose));
}

}  // namespace
}  // namespace gridstride
