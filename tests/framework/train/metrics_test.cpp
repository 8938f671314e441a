#include "framework/train/metrics.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <stdexcept>

#include "tests/framework/expect_error.hpp"

namespace gridstride::train {
namespace {

//         called 0  1  2
//   is 0        3  1  0
//   is 1        0  2  0
//   is 2        2  0  0      class 2 is never called
ConfusionMatrix example() {
  ConfusionMatrix m(3);
  const auto add = [&m](int64_t truth, int64_t answer, int times) {
    for (int i = 0; i < times; ++i) m.add(truth, answer);
  };
  add(0, 0, 3);
  add(0, 1, 1);
  add(1, 1, 2);
  add(2, 0, 2);
  return m;
}

TEST(Metrics, AreWhatTheirDefinitionsSay) {
  const ConfusionMatrix m = example();
  EXPECT_EQ(m.total(), 8);
  EXPECT_EQ(m.correct(), 5);
  EXPECT_EQ(m.count(2, 0), 2);
  EXPECT_DOUBLE_EQ(m.accuracy(), 5.0 / 8);
  EXPECT_DOUBLE_EQ(m.precision(0), 3.0 / 5);
  EXPECT_DOUBLE_EQ(m.recall(0), 3.0 / 4);
  EXPECT_DOUBLE_EQ(m.f1(0), 2.0 / 3);
  EXPECT_DOUBLE_EQ(m.precision(1), 2.0 / 3);
  EXPECT_DOUBLE_EQ(m.recall(1), 1);
  EXPECT_DOUBLE_EQ(m.f1(1), 0.8);
  EXPECT_DOUBLE_EQ(m.macro_precision(), (0.6 + 2.0 / 3) / 3);
  EXPECT_DOUBLE_EQ(m.macro_recall(), 1.75 / 3);
  EXPECT_DOUBLE_EQ(m.macro_f1(), (2.0 / 3 + 0.8) / 3);
}

TEST(Metrics, AreZeroWhereTheyAreUndefined) {
  const ConfusionMatrix m = example();
  EXPECT_EQ(m.precision(2), 0);
  EXPECT_EQ(m.recall(2), 0);
  EXPECT_EQ(m.f1(2), 0);
  EXPECT_EQ(ConfusionMatrix().accuracy(), 0);
  EXPECT_EQ(ConfusionMatrix().macro_f1(), 0);
}

TEST(Metrics, RefuseClassesThatDoNotExist) {
  ConfusionMatrix m(3);
  tests::expect_error<std::invalid_argument>([&] { m.add(0, 3); }, {"0..2", "answer 3"});
  tests::expect_error<std::invalid_argument>([&] { m.add(-1, 0); }, {"truth -1"});
}

TEST(Metrics, ArgmaxTakesTheFirstLargestAndNeverNaN) {
  const float nan = std::nanf(""), inf = std::numeric_limits<float>::infinity();
  const std::vector<float> rows{1, 3, 3, nan, -inf, -inf, nan, nan, nan, -1, nan, 2};
  EXPECT_EQ(argmax_rows(rows, 3), (std::vector<int32_t>{1, 1, 0, 2}));
  EXPECT_TRUE(argmax_rows({}, 3).empty());
}

}  // namespace
}  // namespace gridstride::train
