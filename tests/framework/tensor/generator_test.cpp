#include "framework/tensor/generator.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <numeric>
#include <vector>

namespace gridstride {
namespace {

std::vector<float> draw(Generator& generator, std::size_t count = 4096) {
  std::vector<float> values(count);
  generator.uniform(values, 0, 1);
  return values;
}

TEST(Generator, SameStateSameNumbers) {
  Generator a(5), b(5), other(6);
  const std::vector<float> first = draw(a);
  EXPECT_EQ(first, draw(b));
  EXPECT_NE(first, draw(other));
  EXPECT_NE(first, draw(a)) << "every use takes its own offset";
}

TEST(Generator, GoesOnFromASavedState) {
  Generator a(5);
  draw(a);
  const Generator::State saved = a.state();
  EXPECT_EQ(saved, (Generator::State{5, 1}));
  const std::vector<float> next = draw(a);
  Generator b(0);
  b.set_state(saved);
  EXPECT_EQ(draw(b), next);
}

TEST(Generator, IsUniform) {
  Generator generator(1);
  const std::vector<float> values = draw(generator, 1 << 18);
  const auto [low, high] = std::ranges::minmax_element(values);
  EXPECT_GE(*low, 0.0f);
  EXPECT_LT(*high, 1.0f);
  const double count = static_cast<double>(values.size());
  const double mean = std::accumulate(values.begin(), values.end(), 0.0) / count;
  double variance = 0, neighbours = 0;
  for (std::size_t i = 0; i < values.size(); ++i) {
    variance += (values[i] - mean) * (values[i] - mean) / count;
    if (i > 0) neighbours += (values[i] - mean) * (values[i - 1] - mean) / count;
  }
  EXPECT_NEAR(mean, 0.5, 0.003);
  EXPECT_NEAR(variance, 1.0 / 12, 0.001);
  EXPECT_NEAR(neighbours, 0, 0.001);
}

TEST(Generator, ManualSeedRestartsTheDefault) {
  manual_seed(9);
  const std::vector<float> first = draw(default_generator());
  manual_seed(9);
  EXPECT_EQ(draw(default_generator()), first);
}

}  // namespace
}  // namespace gridstride
