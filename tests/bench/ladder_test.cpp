// What the measurements are made of: order statistics, roofs, ratios, and a judge that is not for sale.
#include "bench/ladder.hpp"

#include <gtest/gtest.h>

#include "bench/chart.hpp"

namespace gridstride::bench {
namespace {

Rung rung(std::string_view name, bool library, std::vector<double> seconds) {
  Rung made;
  made.variant = {name, "an idea <with> \"signs\" & such", "", library, true, true};
  made.seconds = summarize(std::move(seconds));
  return made;
}

Ladder example() {
  Ladder ladder;
  ladder.operation = "op";
  ladder.cost = {.flops = 100, .bytes = 1000};
  ladder.roof = {.copy_bytes_per_s = 1000, .flops_per_s = 1000, .flops_source = "a test"};
  ladder.rungs = {rung("01_first", false, {4, 4, 4}), rung("02_second", false, {2, 2, 2}),
                  rung("90_lib", true, {3, 3, 3}), rung("91_lib", true, {2.5, 2.5, 2.5}),
                  rung("92_absent", true, {})};
  ladder.rungs.back().why_not = "needs a <library>";
  return ladder;
}

TEST(Summary, IsMadeOfOrderStatistics) {
  const Summary s = summarize({5, 1, 2, 4, 3});
  EXPECT_EQ(s.median, 3);
  EXPECT_EQ(s.min, 1);
  EXPECT_EQ(s.max, 5);
  EXPECT_EQ(s.lower_quartile, 2);
  EXPECT_EQ(s.upper_quartile, 4);
  EXPECT_DOUBLE_EQ(s.spread(), 1.0 / 3);
  EXPECT_EQ(summarize({1, 2}).median, 1.5);
  EXPECT_EQ(summarize({}).samples, 0);
}

TEST(Ladder, ComparesWithTheRoofTheBestLibraryAndTheFirstRung) {
  const Ladder ladder = example();
  EXPECT_EQ(ladder.roof_seconds(), 1);
  EXPECT_EQ(ladder.library_seconds(), 2.5);
  EXPECT_EQ(ladder.first_seconds(), 4);
  const auto json = to_json(ladder);
  EXPECT_EQ(json["rungs"][1]["x_first"], 2.0);
  EXPECT_EQ(json["rungs"][1]["x_library"], 1.25);
  EXPECT_EQ(json["rungs"][1]["of_roof"], 0.5);
  EXPECT_DOUBLE_EQ(json["rungs"][1]["gb_per_s"].get<double>(), 500e-9);
  EXPECT_EQ(json["rungs"][4]["measured"], false);
  EXPECT_EQ(json["rungs"][4]["why_not"], "needs a <library>");
}

TEST(Chart, ShowsEveryRungAndEscapesText) {
  const std::string svg = draw_chart(example(), "a <machine>");
  for (const char* part : {"01_first", "92_absent", "needs a &lt;library&gt;", "a &lt;machine&gt;",
                           "&quot;signs&quot; &amp; such", "prefers-color-scheme: dark", "roof 1e-06 GB/s"}) {
    EXPECT_NE(svg.find(part), std::string::npos) << part << "\n" << svg;
  }
  EXPECT_EQ(svg.find("<machine>"), std::string::npos);
}

/// An operation whose second variant is wrong.
struct Twice {
  struct Args {
    int64_t n = 100;
    const float* x = nullptr;
    float* y = nullptr;
  };
  static constexpr std::string_view kName = "twice";
  static constexpr std::string_view kTitle = "y = 2x";
  static Schema describe(Args& args) {
    Schema s;
    s.dim("n", args.n, "elements").input("x", args.x, args.n).output("y", args.y, args.n);
    return s;
  }
  static void check(const Args&) {}
  static Cost cost(const Args& args) { return {.flops = double(args.n), .bytes = 8.0 * double(args.n)}; }
  static void reference(const Args& args) {
    for (int64_t i = 0; i < args.n; ++i) args.y[i] = 2 * args.x[i];
  }
  static std::vector<Args> cases() { return {{}}; }
  static Args bench_args(Device) { return {}; }
  static Tolerance tolerance(const Args&) { return {}; }
  static std::string_view policy(const Args&, Device) { return "01_copy_and_add"; }
};

void twice(const Twice::Args& args, cudaStream_t stream) {
  std::vector<float> host(static_cast<std::size_t>(args.n));
  const std::size_t bytes = host.size() * sizeof(float);
  cudaMemcpyAsync(host.data(), args.x, bytes, cudaMemcpyDeviceToHost, stream);
  cudaStreamSynchronize(stream);
  for (float& value : host) value += value;
  cudaMemcpyAsync(args.y, host.data(), bytes, cudaMemcpyHostToDevice, stream);
  cudaStreamSynchronize(stream);
}

// Right when it is judged the first time, wrong for ever after.
void worn_out(const Twice::Args& args, cudaStream_t stream) {
  static int launches = 0;
  if (++launches < 3) return twice(args, stream);
  cudaMemsetAsync(args.y, 0, static_cast<std::size_t>(args.n) * sizeof(float), stream);
}

TEST(MeasureLadder, JudgesBeforeAndBehindTheClock) {
  detail::variants<Twice>().push_back({.idea = "right", .launch = twice, .name = "01_right"});
  detail::variants<Twice>().push_back({.idea = "worn out", .launch = worn_out, .name = "02_worn_out"});
  detail::variants<Twice>().push_back({.idea = "absent", .needs = "another machine", .name = "03_absent"});
  const detail::TypedOperation<Twice> op;
  Rig rig;
  const Ladder ladder = measure_ladder(op, *op.bench_problem(device()), rig, {1e9, 1e9, "a test"},
                                       {.variants = {}, .min_seconds = 0});
  ASSERT_EQ(ladder.rungs.size(), 3u);
  EXPECT_GE(ladder.rungs[0].seconds.samples, 10);
  EXPECT_GT(ladder.rungs[0].seconds.min, 0);
  EXPECT_TRUE(ladder.rungs[1].wrong);
  EXPECT_EQ(ladder.rungs[1].seconds.samples, 0);
  EXPECT_NE(ladder.rungs[1].why_not.find("y["), std::string::npos) << ladder.rungs[1].why_not;
  EXPECT_EQ(ladder.rungs[2].why_not, "needs another machine");
  EXPECT_FALSE(ladder.rungs[2].wrong);
  EXPECT_FALSE(ladder.all_right());
}

}  // namespace
}  // namespace gridstride::bench
