// What nvcc says of a kernel's registers: its log, its names, and the cache of its answers.
#include "cli/ptxas_registers.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cstdlib>
#include <fstream>

#include "tests/framework/io/scratch_folder.hpp"

namespace gridstride::cli {
namespace {

using tests::get;
using tests::ScratchFolder;

const std::string kFalse = "_ZN1n12_GLOBAL__N_14tileILb0ELi64EEEvPf",
                  kTrue = "_ZN1n12_GLOBAL__N_14tileILb1ELi64EEEvPf";

std::string entry(const std::string& symbol, int spilled, int registers) {
  return "ptxas info    : Compiling entry function '" + symbol + "' for 'sm_90a'\n" +
         "ptxas info    : Function properties for " + symbol + "\n    8 bytes stack frame, " +
         std::to_string(spilled) + " bytes spill stores, 4 bytes spill loads\n" + "ptxas info    : Used " +
         std::to_string(registers) + " registers, used 1 barriers, 8448 bytes smem\n";
}

TEST(PtxasLog, TellsOfEveryKernel) {
  const std::string log = "ptxas info    : 0 bytes gmem\n" + entry("_Z4copyPf", 0, 8) +
                          entry(kFalse, 16, 128) +
                          // A function that is called is no kernel.
                          "ptxas info    : Function properties for _Z6helperf\n"
                          "    0 bytes stack frame, 64 bytes spill stores, 64 bytes spill loads\n";
  const std::vector<PtxasKernel> expected{{"_Z4copyPf", 8, 0}, {kFalse, 128, 16}};
  EXPECT_EQ(parse_ptxas(log), expected);
  EXPECT_TRUE(parse_ptxas("").empty());
  EXPECT_TRUE(parse_ptxas("nvcc fatal   : no such thing\n").empty());
}

std::vector<std::string> named(std::string_view name, const std::vector<std::string>& symbols) {
  std::vector<PtxasKernel> all;
  for (const auto& symbol : symbols) all.push_back({symbol, 1, 0});
  std::vector<std::string> out;
  for (const auto& kernel : kernels_named(name, all)) out.push_back(kernel.symbol);
  return out;
}

TEST(PtxasNames, AreThoseOfTheEmulator) {
  using Symbols = std::vector<std::string>;
  const Symbols all{"_Z4copyPf", "_ZN1n4copyEPf", kFalse, kTrue, "plain_c"};
  EXPECT_EQ(named("copy", all), Symbols{"_Z4copyPf"});
  EXPECT_EQ(named("n::copy", all), Symbols{"_ZN1n4copyEPf"});
  EXPECT_EQ(named("plain_c", all), Symbols{"plain_c"});
  EXPECT_EQ(named("n::{anonymous}::tile [with bool kTa = false; int kRows = 64; int64_t = long int]", all),
            Symbols{kFalse});
  EXPECT_EQ(named("n::{anonymous}::tile [with bool kTa = true; int kRows = 64]", all), Symbols{kTrue});
  EXPECT_TRUE(named("tile", all).empty());
  // Where the arguments say nothing, all of them may be meant.
  EXPECT_EQ(named("n::{anonymous}::tile [with bool kTa = std::something(); int kRows = 64]", all),
            (Symbols{kFalse, kTrue}));
}

TEST(PtxasNames, ArgumentsAreSpelledInManyWays) {
  using Symbols = std::vector<std::string>;
  // f<unsigned long, n::Op<float, 3u>, 64u>, and the same of other types.
  const Symbols all{"_Z1fImN1n2OpIfLj3EEELj64EEvv", "_Z1fIlN1n2OpIfLj3EEELj64EEvv",
                    "_Z1fImN1n2OpIfLj4EEELj64EEvv"};
  EXPECT_EQ(named("f [with T = long unsigned int; F = Op<float, 3>; unsigned int kRows = 64]", all),
            Symbols{all[0]});
  EXPECT_EQ(named("g [with T = long long unsigned int]", {"_Z1gIyEvv", "_Z1gImEvv"}), Symbols{"_Z1gIyEvv"});
  EXPECT_EQ(named("f [with T = long int; F = n::Op<float, 3>; unsigned int kRows = 64]", all),
            Symbols{all[1]});
  EXPECT_EQ(named("f [with T = long unsigned int; F = n::Op<float, 4>; unsigned int kRows = 64]", all),
            Symbols{all[2]});
}

/// A source with a header in a folder of their own, and a cache beside them.
class Ptxas : public testing::Test {
 protected:
  void SetUp() override {
    setenv("XDG_CACHE_HOME", (folder_ / "the cache").c_str(), 1);
    write("k.hpp",
          "template <int kStep>\n__global__ void scale(float* x) { x[kStep * threadIdx.x] *= 2; }\n");
    write("a k.cu", "#include \"k.hpp\"\ntemplate __global__ void scale<3>(float*);\n");
  }
  void TearDown() override { unsetenv("XDG_CACHE_HOME"); }

  void write(const std::string& name, const std::string& text) { std::ofstream(folder_ / name) << text; }

  /// A stand-in that counts how often it compiles, in a file.
  std::filesystem::path stand_in(const std::string& compiles) {
    write("nvcc",
          "#!/bin/sh\n"
          "case \"$1\" in --version) echo 'nvcc: NVIDIA (R) Cuda compiler driver'; exit;; esac\n"
          "echo x >>'" +
              (folder_ / "runs").string() + "'\n" + compiles);
    std::filesystem::permissions(folder_ / "nvcc", std::filesystem::perms::owner_all);
    return folder_ / "nvcc";
  }
  static std::string that_compiles() {
    return "while [ $# -gt 0 ]; do [ \"$1\" = -MF ] && rule=$2; shift; done\n"
           "printf '/dev/null : a\\\\ k.cu \\\\\\n    /usr/include/some.h \\\\\\n    ./k.hpp\\n' >\"$rule\"\n"
           "cat <<'END' >&2\n" +
           entry("_Z5scaleILi3EEvPf", 0, 40) + "END\n";
  }
  auto runs() { return std::ranges::count(get(folder_ / "runs"), 'x'); }

  PtxasReport ask(const std::filesystem::path& nvcc, const std::string& architecture = "sm_90a") {
    return ptxas_report(nvcc, static_cast<std::filesystem::path>(folder_ / ""), "a k.cu", architecture,
                        [this] { ++begun_; });
  }

  ScratchFolder folder_;
  int begun_ = 0;
};

TEST_F(Ptxas, IsAskedOnce) {
  const auto nvcc = stand_in(that_compiles());
  const std::vector<PtxasKernel> expected{{"_Z5scaleILi3EEvPf", 40, 0}};
  for (int i = 0; i < 3; ++i) {
    const PtxasReport report = ask(nvcc);
    EXPECT_EQ(report.kernels, expected) << report.why_not;
    EXPECT_EQ(report.why_not, "");
  }
  EXPECT_EQ(runs(), 1);
  EXPECT_EQ(begun_, 1);
}

TEST_F(Ptxas, IsAskedAgainWhereSomethingChanged) {
  const auto nvcc = stand_in(that_compiles());
  ask(nvcc);
  write("a k.cu", get(folder_ / "a k.cu") + "\n");
  ask(nvcc);
  EXPECT_EQ(runs(), 2) << "the source";
  write("k.hpp", get(folder_ / "k.hpp") + "\n");
  ask(nvcc);
  EXPECT_EQ(runs(), 3) << "what it includes";
  ask(nvcc, "sm_80");
  EXPECT_EQ(runs(), 4) << "the architecture";
  std::string script = get(nvcc);
  write("nvcc", script.replace(script.find("driver'"), 7, "driver 2'"));
  ask(nvcc);
  EXPECT_EQ(runs(), 5) << "nvcc itself";
  ask(nvcc);
  EXPECT_EQ(runs(), 5);
}

TEST_F(Ptxas, WhatFailsIsOneLine) {
  const auto nvcc =
      stand_in("echo 'a k.cu(2): warning' >&2; echo 'a k.cu(3): error: no' >&2; echo more >&2; exit 2\n");
  const PtxasReport report = ask(nvcc);
  EXPECT_EQ(report.why_not, "a k.cu(3): error: no");
  EXPECT_TRUE(report.kernels.empty());
  ask(nvcc);
  EXPECT_EQ(runs(), 2) << "it may work the next time";
  EXPECT_EQ(ask(stand_in("exit 1\n")).why_not, "nvcc fails without a word");
}

TEST_F(Ptxas, ACacheThatIsBrokenOrMissingIsNone) {
  const auto nvcc = stand_in(that_compiles());
  ask(nvcc);
  for (const auto& file : std::filesystem::recursive_directory_iterator(folder_ / "the cache")) {
    if (file.is_regular_file()) std::ofstream(file.path()) << "{\"files\": 3";
  }
  EXPECT_EQ(ask(nvcc).kernels.size(), 1u);
  EXPECT_EQ(runs(), 2);
  setenv("XDG_CACHE_HOME", "/proc/nowhere", 1);
  EXPECT_EQ(ask(nvcc).kernels.size(), 1u);
}

TEST_F(Ptxas, OfTheToolkitItself) {
  const auto nvcc = find_nvcc();
  if (nvcc.empty()) GTEST_SKIP() << "nvcc is not installed";
  const PtxasReport report = ask(nvcc, "sm_80");
  ASSERT_EQ(report.why_not, "");
  const auto kernels = kernels_named("scale [with int kStep = 3]", report.kernels);
  ASSERT_EQ(kernels.size(), 1u);
  EXPECT_GE(kernels[0].registers, 4u);
  EXPECT_LE(kernels[0].registers, 32u);
  EXPECT_EQ(ask(nvcc, "sm_80").kernels, report.kernels);
  EXPECT_EQ(begun_, 1) << "the second time the cache knew";
  write("k.hpp", "nonsense\n");
  EXPECT_NE(ask(nvcc, "sm_80").why_not.find("error"), std::string::npos);
}

}  // namespace
}  // namespace gridstride::cli
