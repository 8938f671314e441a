// Dropout is a function of (seed, offset, index): known answers, the rate, and masks that do not repeat.
#include "kernels/dropout/dropout.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>

#include "kernels/core/registry.hpp"
#include "tests/kernels/memory.hpp"

namespace gridstride {
namespace {

using testing_support::to_device;
using testing_support::to_host;

std::vector<float> by_variant(const Variant<Dropout>& variant, Dropout::Args args,
                              const std::vector<float>& x) {
  const auto in = to_device(x);
  DeviceBuffer<float> out(in.size());
  args.n = in.size();
  args.x = in.data();
  args.y = out.data();
  variant.launch(args, nullptr);
  return to_host(out);
}

std::vector<float> by_reference(Dropout::Args args, const std::vector<float>& x) {
  std::vector<float> y(x.size());
  args.n = static_cast<int64_t>(x.size());
  args.x = x.data();
  args.y = y.data();
  Dropout::reference(args);
  return y;
}

template <class Expect>
void for_everyone(const Dropout::Args& args, const std::vector<float>& x, Expect expect) {
  {
    SCOPED_TRACE("reference");
    expect(by_reference(args, x));
  }
  for (const auto& variant : detail::variants<Dropout>()) {
    if (!variant.launch) continue;
    SCOPED_TRACE(std::string(variant.name));
    expect(by_variant(variant, args, x));
  }
}

// Philox4x32-10 of counter 0 with key 0, from Random123's kat_vectors: an element is kept when p is its
// number, and dropped when p is the next float.
TEST(DropoutTest, FollowsTheKnownAnswers) {
  const uint32_t words[4] = {0x6627e8d5, 0xe169c58d, 0xbc57ac4c, 0x9b00dbd8};
  for (int i = 0; i < 4; ++i) {
    const float u = static_cast<float>(words[i] >> 8) * 0x1p-24f;
    for_everyone({.p = u, .seed = 0, .offset = 0}, {1, 1, 1, 1},
                 [i](const std::vector<float>& y) { EXPECT_GT(y[i], 1) << "element " << i; });
    for_everyone({.p = std::nextafter(u, 1.0f), .seed = 0, .offset = 0}, {1, 1, 1, 1},
                 [i](const std::vector<float>& y) { EXPECT_EQ(y[i], 0) << "element " << i; });
  }
}

TEST(DropoutTest, KeepsTheRateAndTheMean) {
  constexpr std::size_t kElems = 200000;
  const std::vector<float> ones(kElems, 1);
  for (const float p : {0.1f, 0.5f, 0.9f}) {
    for_everyone({.p = p, .seed = 42, .offset = 3}, ones, [&](const std::vector<float>& y) {
      double kept = 0, mean = 0;
      for (const float v : y) {
        EXPECT_TRUE(v == 0 || v == 1 / (1 - p)) << v;
        kept += v != 0, mean += v / kElems;
      }
      const double deviation = std::sqrt(p * (1 - p) / kElems);
      EXPECT_NEAR(kept / kElems, 1 - p, 5 * deviation);
      EXPECT_NEAR(mean, 1, 5 * deviation / (1 - p));
    });
  }
}

TEST(DropoutTest, ZeroCopiesAndOneClears) {
  const float nan = std::numeric_limits<float>::quiet_NaN(), inf = std::numeric_limits<float>::infinity();
  for_everyone({.p = 0, .seed = 9}, {1.5f, -2, inf, 0.1f, 7}, [&](const std::vector<float>& y) {
    EXPECT_EQ(y, (std::vector<float>{1.5f, -2, inf, 0.1f, 7}));
  });
  for_everyone({.p = 1, .seed = 9}, {1.5f, nan, inf, 0.1f, 7},
               [](const std::vector<float>& y) { EXPECT_EQ(y, std::vector<float>(5, 0)); });
}

// Two masks with keep rate 1/2 that have nothing to do with each other agree on half of the elements.
TEST(DropoutTest, MasksOfOtherSeedsAndOffsetsAreIndependent) {
  constexpr std::size_t kElems = 100000;
  const std::vector<float> ones(kElems, 1);
  const auto base = by_reference({.p = 0.5f, .seed = 1, .offset = 1}, ones);
  EXPECT_EQ(base, by_reference({.p = 0.5f, .seed = 1, .offset = 1}, ones));
  for (const Dropout::Args& other : {Dropout::Args{.p = 0.5f, .seed = 2, .offset = 1},
                                     {.p = 0.5f, .seed = 1, .offset = 2},
                                     {.p = 0.5f, .seed = 1 + (int64_t{1} << 32), .offset = 1},
                                     {.p = 0.5f, .seed = 1, .offset = 1 + (int64_t{1} << 32)}}) {
    const auto mask = by_reference(other, ones);
    double agree = 0;
    for (std::size_t i = 0; i < kElems; ++i) agree += mask[i] == base[i];
    EXPECT_NEAR(agree / kElems, 0.5, 5 * 0.5 / std::sqrt(kElems)) << other.seed << " " << other.offset;
  }
}

TEST(DropoutTest, ImpossibleProbabilitiesAreRefused) {
  for (const float p : {-0.1f, 1.1f, std::numeric_limits<float>::quiet_NaN()}) {
    EXPECT_THROW(Dropout::check({.n = 1, .p = p}), std::invalid_argument) << p;
  }
  EXPECT_NO_THROW(Dropout::check({.n = 1, .p = 0}));
  EXPECT_NO_THROW(Dropout::check({.n = 1, .p = 1}));
}

}  // namespace
}  // namespace gridstride
