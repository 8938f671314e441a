// What the cases of the ladder do not hold: c in the place of a or b, and vectors that start at odd
// addresses.
#include "kernels/vector_add/vector_add.hpp"

#include <gtest/gtest.h>

#include <numeric>
#include <string>

#include "kernels/core/registry.hpp"
#include "tests/kernels/memory.hpp"

namespace gridstride {
namespace {

using testing_support::to_device;
using testing_support::to_host;

std::vector<float> counting(std::size_t size, float from) {
  std::vector<float> values(size);
  std::iota(values.begin(), values.end(), from);
  return values;
}

TEST(VectorAddTest, MayWriteIntoAnOperand) {
  constexpr std::size_t kSize = 1037;
  for (const auto& variant : detail::variants<VectorAdd>()) {
    if (!variant.launch) continue;
    SCOPED_TRACE(std::string(variant.name));
    for (const bool into_a : {true, false}) {
      auto a = to_device(counting(kSize, 0)), b = to_device(counting(kSize, 5000));
      auto& c = into_a ? a : b;
      variant.launch({.n = kSize, .a = a.data(), .b = b.data(), .c = c.data()}, nullptr);
      const auto out = to_host(c);
      for (std::size_t i = 0; i < kSize; ++i) ASSERT_EQ(out[i], 5000 + 2 * static_cast<float>(i)) << i;
    }
  }
}

TEST(VectorAddTest, TakesEveryAlignmentOfEveryVector) {
  constexpr std::size_t kSize = 77, kMost = 3;
  const auto a = to_device(counting(kSize + kMost, 0)), b = to_device(counting(kSize + kMost, 1000));
  for (const auto& variant : detail::variants<VectorAdd>()) {
    if (!variant.launch) continue;
    SCOPED_TRACE(std::string(variant.name));
    for (std::size_t shifts = 0; shifts < 64; ++shifts) {
      const std::size_t of_a = shifts % 4, of_b = shifts / 4 % 4, of_c = shifts / 16;
      auto c = to_device(std::vector<float>(kSize + kMost, -1));
      variant.launch({.n = kSize, .a = a.data() + of_a, .b = b.data() + of_b, .c = c.data() + of_c}, nullptr);
      const auto out = to_host(c);
      for (std::size_t i = 0; i < kSize + kMost; ++i) {
        const bool inside = i >= of_c && i < of_c + kSize;
        const auto at = static_cast<float>(i - of_c);
        const float sum = at + static_cast<float>(of_a) + at + 1000 + static_cast<float>(of_b);
        ASSERT_EQ(out[i], inside ? sum : -1) << "shifts " << of_a << of_b << of_c << " element " << i;
      }
    }
  }
}

}  // namespace
}  // namespace gridstride
