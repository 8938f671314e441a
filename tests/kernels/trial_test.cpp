// A trial must see every way in which a kernel can be wrong. The kernels here are wrong on purpose, so they
// are played by copies between host and device and never enter the registry.
#include "kernels/core/trial.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <functional>
#include <limits>

namespace gridstride {
namespace {

/// Transpose `rows` x `cols`; `act` plays the kernel.
struct Transpose final : Problem {
  using Act = std::function<void(const Transpose&)>;
  explicit Transpose(Act act) : act(std::move(act)) {}

  int64_t rows = 5, cols = 7;
  const float* in = nullptr;
  float* out = nullptr;
  Act act;

  int64_t elems() const { return rows * cols; }
  Schema schema() override {
    Schema s;
    s.dim("rows", rows, "").dim("cols", cols, "");
    s.input("in", in, elems()).output("out", out, elems());
    return s;
  }
  void check() const override {}
  Cost cost() const override { return {}; }
  Tolerance tolerance() const override { return {}; }
  void reference() const override { transpose(in, out); }
  void launch(std::string_view, cudaStream_t) const override { act(*this); }
  std::string why_not(std::string_view) const override { return {}; }
  std::string_view policy() const override { return "act"; }
  std::unique_ptr<Problem> clone() const override { return std::make_unique<Transpose>(*this); }

  void transpose(const float* from, float* to) const {
    for (int64_t r = 0; r < rows; ++r) {
      for (int64_t c = 0; c < cols; ++c) to[c * rows + r] = from[r * cols + c];
    }
  }
  /// The right answer, on the host.
  std::vector<float> answer() const {
    std::vector<float> from(static_cast<std::size_t>(elems())), to(from.size());
    GRIDSTRIDE_CUDA(cudaMemcpy(from.data(), in, from.size() * sizeof(float), cudaMemcpyDeviceToHost));
    transpose(from.data(), to.data());
    return to;
  }
  void write(const std::vector<float>& values) const { write(out, values); }
  static void write(const float* to, const std::vector<float>& values) {
    GRIDSTRIDE_CUDA(cudaMemcpy(const_cast<float*>(to), values.data(), values.size() * sizeof(float),
                               cudaMemcpyHostToDevice));
  }
};

std::string verdict(Transpose::Act act) {
  const Transpose problem(std::move(act));
  const Verdict v = try_variant(problem, "act", 1);
  const Verdict skewed = try_variant(problem, "act", 1, nullptr, 1);
  EXPECT_EQ(v.passed, v.why.empty());
  EXPECT_EQ(v.why, skewed.why);
  return v.why;
}

TEST(TrialTest, TheRightAnswerPasses) {
  EXPECT_EQ(verdict([](const Transpose& p) { p.write(p.answer()); }), "");
}

TEST(TrialTest, ACopyDoesNotPassForATranspose) {
  const std::string why = verdict([](const Transpose& p) {
    const auto bytes = static_cast<std::size_t>(p.elems()) * sizeof(float);
    GRIDSTRIDE_CUDA(cudaMemcpy(p.out, p.in, bytes, cudaMemcpyDeviceToDevice));
  });
  EXPECT_TRUE(why.starts_with("out[")) << why;
}

TEST(TrialTest, DoingNothingFails) {
  const std::string why = verdict([](const Transpose&) {});
  EXPECT_NE(why.find("35 elements are outside"), std::string::npos) << why;
}

TEST(TrialTest, OneElementShortFails) {
  const std::string why = verdict([](const Transpose& p) {
    auto values = p.answer();
    values.pop_back();
    p.write(values);
  });
  EXPECT_TRUE(why.starts_with("out[34] = ")) << why;
}

TEST(TrialTest, NanFails) {
  const std::string why = verdict([](const Transpose& p) {
    auto values = p.answer();
    values[3] = std::numeric_limits<float>::quiet_NaN();
    p.write(values);
  });
  EXPECT_TRUE(why.starts_with("out[3] = nan")) << why;
}

TEST(TrialTest, OneUlpFailsWhereNoneIsAllowed) {
  const std::string why = verdict([](const Transpose& p) {
    auto values = p.answer();
    values[9] = std::nextafter(values[9], 100.0f);
    p.write(values);
  });
  EXPECT_TRUE(why.starts_with("out[9] = ")) << why;
}

TEST(TrialTest, WritesAroundTheOutputAreSeen) {
  EXPECT_EQ(verdict([](const Transpose& p) {
              auto values = p.answer();
              values.push_back(0);
              p.write(values);
            }),
            "wrote behind out");
  EXPECT_EQ(verdict([](const Transpose& p) {
              p.write(p.answer());
              Transpose::write(p.out - 1, {0});
            }),
            "wrote before out");
}

// A kernel without a guard reads NaN behind its input and writes NaN behind its output.
TEST(TrialTest, NanCopiedOverTheEndIsSeen) {
  EXPECT_EQ(verdict([](const Transpose& p) {
              p.write(p.answer());
              GRIDSTRIDE_CUDA(cudaMemcpy(p.out + p.elems(), p.in + p.elems(), 4, cudaMemcpyDeviceToDevice));
            }),
            "wrote behind out");
}

TEST(TrialTest, WritesIntoInputsAreSeen) {
  EXPECT_EQ(verdict([](const Transpose& p) {
              p.write(p.answer());
              Transpose::write(p.in + 2, {0});
            }),
            "wrote into input in");
  EXPECT_EQ(verdict([](const Transpose& p) {
              p.write(p.answer());
              Transpose::write(p.in - 1, {0});
            }),
            "wrote before in");
}

TEST(TrialTest, AThrownErrorIsTheVerdict) {
  EXPECT_EQ(verdict([](const Transpose&) { throw std::runtime_error("launch failed"); }), "launch failed");
}

TEST(TrialTest, ASecondLaunchStartsFromPoison) {
  bool first = true;
  const Transpose problem([&first](const Transpose& p) {
    if (std::exchange(first, false)) p.write(p.answer());
  });
  Trial trial(problem, 1);
  trial.launch("act", nullptr);
  EXPECT_TRUE(trial.judge().passed);
  const auto right = trial.results();
  trial.launch("act", nullptr);
  EXPECT_FALSE(trial.judge().passed);
  EXPECT_EQ(right.size(), 35 * sizeof(float));
  EXPECT_NE(right, trial.results());
}

TEST(TrialTest, DataDependOnTheSeedAndTheElement) {
  std::vector<float> a(1000), b(1000), c(1000);
  fill_random(Dtype::f32, normal(), 1, a.data(), 1000);
  fill_random(Dtype::f32, normal(), 1, b.data(), 1000);
  fill_random(Dtype::f32, normal(), 2, c.data(), 1000);
  EXPECT_EQ(a, b);
  EXPECT_NE(a, c);
  double mean = 0, square = 0;
  for (const float x : a) mean += x / 1000, square += x * x / 1000;
  EXPECT_NEAR(mean, 0, 0.15);
  EXPECT_NEAR(square, 1, 0.2);

  std::vector<int32_t> labels(1000);
  fill_random(Dtype::i32, integer(0, 2), 1, labels.data(), 1000);
  for (const int32_t label : {0, 1, 2}) EXPECT_GT(std::ranges::count(labels, label), 200);
  EXPECT_EQ(std::ranges::min(labels), 0);
  EXPECT_EQ(std::ranges::max(labels), 2);
}

}  // namespace
}  // namespace gridstride
