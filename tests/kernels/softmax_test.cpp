// Logits that the registry's random cases do not hold: huge, infinite, NaN; and labels that are out of range.
#include <gtest/gtest.h>

#include <cmath>
#include <limits>

#include "kernels/core/registry.hpp"
#include "kernels/softmax_cross_entropy/softmax_cross_entropy.hpp"
#include "kernels/softmax_cross_entropy_backward/softmax_cross_entropy_backward.hpp"
#include "tests/kernels/memory.hpp"

namespace gridstride {
namespace {

using testing_support::to_device;
using testing_support::to_host;

constexpr float kNan = std::numeric_limits<float>::quiet_NaN();
constexpr float kInf = std::numeric_limits<float>::infinity();

struct Result {
  float loss;
  std::vector<float> probs;
};

Result by_reference(const std::vector<float>& logits, int32_t label) {
  Result r{0, std::vector<float>(logits.size())};
  SoftmaxCrossEntropy::reference({.n = 1,
                                  .c = static_cast<int64_t>(logits.size()),
                                  .logits = logits.data(),
                                  .labels = &label,
                                  .loss = &r.loss,
                                  .probs = r.probs.data()});
  return r;
}

Result by_variant(const Variant<SoftmaxCrossEntropy>& variant, const std::vector<float>& logits,
                  int32_t label) {
  const auto x = to_device(logits);
  const auto labels = to_device(std::vector<int32_t>{label});
  DeviceBuffer<float> loss(1), probs(x.size());
  variant.launch({.n = 1,
                  .c = x.size(),
                  .logits = x.data(),
                  .labels = labels.data(),
                  .loss = loss.data(),
                  .probs = probs.data()},
                 nullptr);
  return {to_host(loss)[0], to_host(probs)};
}

/// Ask the reference and every variant that is built.
template <class Expect>
void for_everyone(const std::vector<float>& logits, int32_t label, Expect expect) {
  {
    SCOPED_TRACE("reference");
    expect(by_reference(logits, label));
  }
  for (const auto& variant : detail::variants<SoftmaxCrossEntropy>()) {
    if (!variant.launch) continue;
    SCOPED_TRACE(std::string(variant.name));
    expect(by_variant(variant, logits, label));
  }
}

void expect_close(const std::vector<float>& value, const std::vector<float>& expected) {
  ASSERT_EQ(value.size(), expected.size());
  for (std::size_t i = 0; i < value.size(); ++i) EXPECT_NEAR(value[i], expected[i], 1e-6) << "class " << i;
}

TEST(SoftmaxTest, HugeLogitsDoNotOverflow) {
  for_everyone({30000, 29999, -30000}, 2, [](const Result& r) {
    EXPECT_NEAR(r.loss, 60000.31326, 0.01);
    expect_close(r.probs, {0.7310586f, 0.2689414f, 0});
  });
  for_everyone({1e38f, 1e38f}, 0, [](const Result& r) {
    EXPECT_NEAR(r.loss, std::log(2.0), 1e-6);
    expect_close(r.probs, {0.5f, 0.5f});
  });
}

TEST(SoftmaxTest, MinusInfinityIsProbabilityZero) {
  for_everyone({-kInf, 1, -kInf, 1}, 1, [](const Result& r) {
    EXPECT_NEAR(r.loss, std::log(2.0), 1e-6);
    expect_close(r.probs, {0, 0.5f, 0, 0.5f});
  });
  for_everyone({-kInf, 1}, 0, [](const Result& r) {
    EXPECT_EQ(r.loss, kInf);
    expect_close(r.probs, {0, 1});
  });
}

// Whole lanes of a warp see nothing but -inf.
TEST(SoftmaxTest, MinusInfinityInMostOfALongRow) {
  std::vector<float> logits(100, -kInf), expected(100, 0);
  logits[65] = logits[99] = -2;
  expected[65] = expected[99] = 0.5f;
  for_everyone(logits, 99, [&](const Result& r) {
    EXPECT_NEAR(r.loss, std::log(2.0), 1e-6);
    expect_close(r.probs, expected);
  });
}

TEST(SoftmaxTest, RowsWithoutASoftmaxAreNan) {
  for (const std::vector<float>& logits :
       {std::vector<float>{-kInf, -kInf, -kInf}, {0, kNan, 1}, {kNan, 0, 1}, {0, kInf, 1}}) {
    for_everyone(logits, 1, [](const Result& r) {
      EXPECT_TRUE(std::isnan(r.loss)) << r.loss;
      EXPECT_TRUE(std::isnan(r.probs[1])) << r.probs[1];
    });
  }
}

TEST(SoftmaxTest, LabelsOutsideTheClassesGiveNanLossAndGoodProbabilities) {
  for (const int32_t label : {-1, 2, 1 << 30, std::numeric_limits<int32_t>::min()}) {
    for_everyone({0, 0}, label, [](const Result& r) {
      EXPECT_TRUE(std::isnan(r.loss)) << r.loss;
      expect_close(r.probs, {0.5f, 0.5f});
    });
  }
}

TEST(SoftmaxTest, BackwardOfALabelOutsideTheClassesIsNanInItsRowOnly) {
  const auto probs = to_device(std::vector<float>{0.25f, 0.75f, 0.5f, 0.5f});
  const auto labels = to_device(std::vector<int32_t>{2, 1});
  const auto dloss = to_device(std::vector<float>{2});
  for (const auto& variant : detail::variants<SoftmaxCrossEntropyBackward>()) {
    if (!variant.launch) continue;
    SCOPED_TRACE(std::string(variant.name));
    DeviceBuffer<float> dlogits(4);
    variant.launch({.n = 2,
                    .c = 2,
                    .scale = 0.5f,
                    .probs = probs.data(),
                    .labels = labels.data(),
                    .dloss = dloss.data(),
                    .dlogits = dlogits.data()},
                   nullptr);
    const auto d = to_host(dlogits);
    EXPECT_TRUE(std::isnan(d[0]) && std::isnan(d[1]));
    EXPECT_EQ(d[2], 0.5f);
    EXPECT_EQ(d[3], -0.5f);
  }
}

}  // namespace
}  // namespace gridstride
