#include "framework/data/synthetic.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>

#include "framework/data/strokes.hpp"

namespace gridstride::data {
namespace {

TEST(SyntheticDigits, SeedDecidesEverything) {
  const Mnist a = make_synthetic_digits(1, 300, 100), again = make_synthetic_digits(1, 300, 100);
  const Mnist other = make_synthetic_digits(2, 300, 100), more = make_synthetic_digits(1, 500, 100);
  EXPECT_EQ(a.train.images, again.train.images);
  EXPECT_EQ(a.test.labels, again.test.labels);
  EXPECT_NE(a.train.images, other.train.images);
  EXPECT_EQ(a.train.images, more.train.first(300).images) << "an image must not depend on how many there are";
  EXPECT_NE(a.train.first(100).images, a.test.images) << "the test set must not be the training set";
}

TEST(SyntheticDigits, LookLikeMnistsFormat) {
  const Dataset set = make_synthetic_digits(3, 2000, 10).train;
  EXPECT_TRUE(set.synthetic);
  EXPECT_EQ(set.name, "synthetic digits");
  std::array<int, 10> counts = {};
  double ink = 0;
  for (int64_t i = 0; i < set.count; ++i) {
    ++counts.at(set.labels[i]);
    const uint8_t* image = set.images.data() + i * 784;
    double mass = 0, x_sum = 0, y_sum = 0;
    for (int p = 0; p < 784; ++p) {
      mass += image[p];
      x_sum += image[p] * (p % 28 + 0.5);
      y_sum += image[p] * (p / 28 + 0.5);
    }
    ASSERT_GT(mass, 255 * 10) << "image " << i << " is nearly empty";
    EXPECT_NEAR(x_sum / mass, 14, 0.75) << i;
    EXPECT_NEAR(y_sum / mass, 14, 0.75) << i;
    EXPECT_GT(*std::max_element(image, image + 784), 150);
    ink += mass / 784 / 255;
  }
  for (const int count : counts) EXPECT_NEAR(count, 200, 60);
  EXPECT_NEAR(ink / static_cast<double>(set.count), 0.13, 0.04) << "as much ink as MNIST has";
}

// The nearest of 2000 other images tells the digit: the classes are there to be learned, and not by position
// alone.
TEST(SyntheticDigits, CanBeLearned) {
  const Mnist set = make_synthetic_digits(4, 2000, 200);
  int right = 0;
  for (int64_t t = 0; t < set.test.count; ++t) {
    const uint8_t* image = set.test.images.data() + t * 784;
    int64_t best = std::numeric_limits<int64_t>::max();
    int answer = -1;
    for (int64_t i = 0; i < set.train.count; ++i) {
      const uint8_t* other = set.train.images.data() + i * 784;
      int64_t distance = 0;
      for (int p = 0; p < 784; ++p) distance += (image[p] - other[p]) * (image[p] - other[p]);
      if (distance < best) best = distance, answer = set.train.labels[i];
    }
    right += answer == set.test.labels[t];
  }
  EXPECT_GT(right, 180);
  EXPECT_LT(right, 200) << "a set that pixels alone solve would teach nothing";
}

TEST(Strokes, KnowTenDigits) {
  Random random(1, 1);
  for (int digit = 0; digit < 10; ++digit) EXPECT_FALSE(write_digit(digit, random).empty());
  EXPECT_THROW(write_digit(10, random), std::invalid_argument);
}

TEST(Random, StreamsAreUniformAndApart) {
  Random a(1, 0), b(1, 1), c(2, 0);
  EXPECT_NE(a.next(), b.next());
  EXPECT_NE(b.next(), c.next());
  std::array<int, 7> counts = {};
  double sum = 0, squares = 0;
  for (int i = 0; i < 70'000; ++i) {
    ++counts.at(a.below(7));
    const float normal = a.normal(2);
    sum += normal;
    squares += static_cast<double>(normal) * normal;
  }
  for (const int count : counts) EXPECT_NEAR(count, 10'000, 500);
  EXPECT_NEAR(sum / 70'000, 0, 0.05);
  EXPECT_NEAR(std::sqrt(squares / 70'000), 2, 0.05);
}

}  // namespace
}  // namespace gridstride::data
