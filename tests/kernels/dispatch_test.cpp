// The framework's door to the kernels: policy, force, refuse.
#include "kernels/core/dispatch.hpp"

#include <gtest/gtest.h>

#include <functional>

namespace gridstride {
namespace {

std::string launched;

/// Bears relu's name and its variants' names, so that forcing relu forces it too; its launches only leave a
/// note.
struct Fake {
  struct Args {
    int64_t n = 0;
  };
  static constexpr std::string_view kName = "relu";
  static constexpr std::string_view kTitle = "nothing";
  static Schema describe(Args&) { return {}; }
  static void check(const Args& args) {
    if (args.n < 0) throw std::invalid_argument("[relu] n must be >= 0");
  }
  static Cost cost(const Args&) { return {}; }
  static void reference(const Args&) {}
  static std::vector<Args> cases() { return {}; }
  static Args bench_args(Device) { return {}; }
  static Tolerance tolerance(const Args&) { return {}; }
  static std::string_view policy(const Args& args, Device) {
    return args.n == 7 ? "99_missing" : "02_float4";
  }
};

std::string only_small(const Fake::Args& args) { return args.n > 100 ? "n must be <= 100" : ""; }

const detail::RegisterVariant<Fake> first("kernels/relu/01_grid_stride.cu",
                                          {.idea = "one", .launch = [](const Fake::Args&, cudaStream_t) {
                                             launched = "01";
                                           }});
const detail::RegisterVariant<Fake> second("kernels/relu/02_float4.cu",
                                           {.idea = "two",
                                            .launch = [](const Fake::Args&,
                                                         cudaStream_t) { launched = "02"; },
                                            .unsupported = only_small});

std::string message_of(const std::function<void()>& act) {
  try {
    act();
  } catch (const std::invalid_argument& error) {
    return error.what();
  }
  return "nothing was thrown";
}

TEST(DispatchTest, PolicyChoosesUntilAVariantIsForced) {
  run<Fake>({.n = 1}, nullptr);
  EXPECT_EQ(launched, "02");
  EXPECT_EQ(forced_variant("relu"), "");

  force_variants("relu=01,sum=02_two_pass");  // a unique prefix will do
  EXPECT_EQ(forced_variant("relu"), "01_grid_stride");
  EXPECT_EQ(forced_variant("sum"), "02_two_pass");
  run<Fake>({.n = 1}, nullptr);
  EXPECT_EQ(launched, "01");

  force_variants("relu=02_float4");
  run<Fake>({.n = 1}, nullptr);
  EXPECT_EQ(launched, "02");
}

TEST(DispatchTest, RefusesWhatItCannotRun) {
  launched.clear();
  EXPECT_EQ(message_of([] { run<Fake>({.n = -1}, nullptr); }), "[relu] n must be >= 0");
  force_variants("relu=02_float4");
  EXPECT_EQ(message_of([] { run<Fake>({.n = 101}, nullptr); }),
            "[relu] variant 02_float4 cannot run: n must be <= 100");
  EXPECT_EQ(launched, "");
}

TEST(DispatchTest, UnknownWordsAreRefused) {
  EXPECT_EQ(message_of([] { force_variants("relu"); }),
            "--kernels wants op=variant[,op=variant...], got 'relu'");
  EXPECT_EQ(message_of([] { force_variants("rellu=01"); }),
            "no operation 'rellu'; did you mean relu? (see: gridstride list)");
  EXPECT_NE(message_of([] { force_variants("relu=03_shared"); }).find("[relu] no variant '03_shared'"),
            std::string::npos);
}

TEST(DispatchTest, AVariantThatIsNotBuiltCannotBeForced) {
  for (const auto* op : operations()) {
    for (const auto& v : op->variants()) {
      if (v.built) continue;
      const std::string choice = std::string(op->name()) + "=" + std::string(v.name);
      EXPECT_EQ(message_of([&] { force_variants(choice); }),
                "--kernels " + choice + ": that variant needs " + std::string(v.needs));
      return;
    }
  }
  GTEST_SKIP() << "every variant is built here";
}

}  // namespace
}  // namespace gridstride
