// The program's words: what is known, what is refused and how.
#include <gtest/gtest.h>

#include <filesystem>
#include <nlohmann/json.hpp>
#include <sstream>

#include "tests/cli/program.hpp"

namespace gridstride {
namespace {

using nlohmann::json;
using tests::expect_refused;
using tests::get;
using tests::Outcome;
using tests::run;
using tests::ScratchFolder;

std::string first_line(const std::string& text) { return text.substr(0, text.find('\n')); }

TEST(CommandLine, UnknownWordsAreRefusedWithTheirNeighbours) {
  expect_refused(run({"lst"}), 2, {"no command 'lst'", "did you mean list"});
  expect_refused(run({"list", "gem"}), 2, {"no operation 'gem'", "gemm"});
  expect_refused(run({"list", "--jsn"}), 2, {"--jsn", "did you mean --json"});
  expect_refused(run({"run", "gemm/03_shard_tile"}), 2, {"no variant '03_shard_tile'", "03_shared_tile"});
  expect_refused(run({"run"}), 2, {"target"});
  expect_refused(run({"run", "gemm", "gemm"}), 2, {"unexpected 'gemm'"});
  expect_refused(run({"bench", "gemm", "--variant", "77"}), 2, {"no variant '77'"});
  expect_refused(run({"profile", "gemm"}), 2, {"./gridstride profile"});
  expect_refused(run({"profile", "gemm", "--csv", "x.csv"}), 2,
                 {"--csv wants one variant, such as gemm/01_naive"});
  expect_refused(run({"profile", "gemm/03_shard_tile"}), 2, {"no variant '03_shard_tile'"});
  expect_refused(run({"profile", "transpose/33"}), 2, {"no variant '33'; did you mean 03_shared_tile?"});
  expect_refused(run({"profile", "gemm/03", "--blocks", "0"}), 2, {"--blocks"});
  expect_refused(run({"profile", "--diff", "gemm/03"}), 2, {"--diff wants two variants", "got 1"});
  const ScratchFolder folder;
  expect_refused(run({"profile", "gemm/01", "gemm/03", "--csv", folder / "p.csv"}), 2,
                 {"--csv wants one variant"});
  expect_refused(run({"profile", "gemm/01", "--html", "/nowhere/page.html"}), 1, {"/nowhere/page.html"});
  expect_refused(run({"help", "trian"}), 2, {"did you mean train"});
}

TEST(CommandLine, WrongShapesAreRefusedWithTheirValue) {
  expect_refused(run({"run", "vector_add", "--n", "many"}), 2, {"--n", "'many'"});
  expect_refused(run({"run", "vector_add", "--n", "-5"}), 2, {"[vector_add]", "-5"});
  expect_refused(run({"run", "vector_add", "--n", "3.5"}), 2, {"--n", "'3.5'"});
  expect_refused(run({"run", "vector_add", "--m", "3"}), 2, {"[vector_add] has no --m", "--n"});
  expect_refused(run({"run", "vector_add", "--n"}), 2, {"--n"});
  expect_refused(run({"bench", "vector_add", "--n", "0"}), 2, {"nothing to measure"});
}

TEST(CommandLine, AnotherDeviceIsAnotherBuild) {
  expect_refused(run({"list", "--device", "gpu"}), 2, {"cpu, cuda or auto", "'gpu'"});
  const std::string mine = json::parse(run({"list", "--json"}).out)["device"];
  expect_refused(run({"list", "--device", mine == "cpu" ? "cuda" : "cpu"}), 2, {"built for " + mine});
  EXPECT_EQ(run({"list", "--device", mine}).status, 0);
}

TEST(CommandLine, TheFirstLineSaysWhichDevice) {
  for (const auto& words :
       {std::vector<std::string>{"list"}, {"doctor"}, {"run", "vector_add", "--n", "10"}}) {
    const Outcome outcome = run(words);
    EXPECT_EQ(outcome.status, 0) << outcome.err;
    EXPECT_TRUE(first_line(outcome.out).starts_with("device: ")) << outcome.out;
  }
}

TEST(CommandLine, ListTellsEveryLadderToPeopleAndMachines) {
  const json all = json::parse(run({"list", "--json"}).out);
  ASSERT_FALSE(all["operations"].empty());
  const std::string text = run({"list"}).out;
  for (const auto& op : all["operations"]) {
    EXPECT_NE(text.find("\n" + op["operation"].get<std::string>() + " "), std::string::npos) << op;
    ASSERT_FALSE(op["variants"].empty()) << op;
    for (const auto& variant : op["variants"]) {
      EXPECT_FALSE(variant["idea"].get<std::string>().empty()) << variant;
      EXPECT_EQ(variant["runs"].get<bool>(), variant["why_not"].get<std::string>().empty()) << variant;
    }
  }
  const std::string one = run({"list", "vector_add"}).out;
  EXPECT_NE(one.find("--n "), std::string::npos) << one;
  EXPECT_EQ(one.find("\ngemm "), std::string::npos) << one;
}

TEST(CommandLine, RunChecksOneRungOrTheLadder) {
  const Outcome one = run({"run", "vector_add/02", "--n", "1000", "--seed", "7"});
  EXPECT_EQ(one.status, 0) << one.err;
  EXPECT_NE(one.out.find("n=1000, random data from seed 7"), std::string::npos) << one.out;
  EXPECT_NE(one.out.find("1 right, 0 wrong, 0 skipped"), std::string::npos) << one.out;
  const Outcome all = run({"run", "vector_add", "--n=33"});
  EXPECT_EQ(all.status, 0) << all.err;
  const json ladder = json::parse(run({"list", "vector_add", "--json"}).out)["operations"][0]["variants"];
  for (const auto& variant : ladder) {
    EXPECT_NE(all.out.find(variant["name"].get<std::string>()), std::string::npos) << all.out;
  }
}

TEST(CommandLine, AFieldMayShareItsNameWithAWordOfTheCommand) {
  EXPECT_NE(run({"run", "dropout", "--n", "10", "--seed", "9"}).out.find("seed=9"), std::string::npos);
}

TEST(CommandLine, BenchMeasuresChecksAndWritesFiles) {
  const ScratchFolder folder;
  const std::string result = (folder / "r.json").string(), plot = (folder / "p.svg").string();
  const Outcome outcome = run({"bench", "vector_add", "--n", "5000", "--variant", "01,02", "--seconds", "0",
                               "--json", result, "--plot", plot});
  ASSERT_EQ(outcome.status, 0) << outcome.err;
  const json measured = json::parse(get(result));
  EXPECT_EQ(measured["problem"], "n=5000");
  EXPECT_EQ(measured["cost"]["bytes"], 60000);
  for (const char* fact : {"device", "machine", "compiler", "commit", "date"}) {
    EXPECT_FALSE(measured["environment"][fact].get<std::string>().empty()) << fact;
  }
  ASSERT_EQ(measured["rungs"].size(), 2u);
  for (const auto& rung : measured["rungs"]) {
    const auto& seconds = rung["seconds"];
    EXPECT_GE(seconds["samples"], 10);
    EXPECT_LE(seconds["min"], seconds["median"]);
    EXPECT_LE(seconds["median"], seconds["max"]);
    EXPECT_NEAR(rung["gb_per_s"].get<double>(), 60000 / seconds["median"].get<double>() * 1e-9, 1e-9);
  }
  EXPECT_EQ(measured["rungs"][0]["x_first"], 1.0);
  const std::string svg = get(plot);
  EXPECT_TRUE(svg.starts_with("<svg ") && svg.ends_with("</svg>\n"));
}

TEST(CommandLine, BenchSaysWhereItCannotWrite) {
  expect_refused(
      run({"bench", "vector_add", "--n", "9", "--variant", "02", "--seconds", "0", "--json", "/proc/r.json"}),
      1, {"/proc/r.json: cannot be written"});
  // Before anything is measured or trained.
  for (const char* command : {"bench", "eval", "train"}) {
    const Outcome refused =
        run({command, std::string(command) == "bench" ? "relu" : "mnist", "--json", "/nowhere/r.json"});
    expect_refused(refused, 1, {"/nowhere/r.json: cannot be written: No such file"});
    EXPECT_EQ(refused.out, "") << command;
  }
  expect_refused(run({"bench", "relu", "--json", "--samples=10"}), 2, {"--json", "wants a file's name"});
  expect_refused(run({"bench", "relu", "--json", "-"}), 2, {"--json", "wants a file's name, got '-'"});
  expect_refused(run({"bench", "relu", "--json", "r", "--plot", "./r"}), 2, {"would be written to", "too"});
  EXPECT_FALSE(std::filesystem::exists("r"));
}

TEST(CommandLine, ABenchmarkOfNothingIsRefused) {
  expect_refused(run({"bench", "gemm", "--m", "0"}), 2, {"[gemm] nothing to measure"});
}

TEST(CommandLine, WhatIsPrintedMustArrive) {
  EXPECT_EQ(run({"list"}).status, 0);
  const std::string line =
      "'" + std::string(GRIDSTRIDE_BINARY_DIR) + "/bin/gridstride' run relu --n 5 >/dev/full 2>/dev/null";
  EXPECT_EQ(WEXITSTATUS(std::system(line.c_str())), 1);
}

TEST(CommandLine, AProfileIsAnotherBuild) {
  expect_refused(run({"profile", "vector_add/02", "--n", "10"}), 2, {"./gridstride profile"});
}

TEST(CommandLine, TestsAreTheBootstrapsBusiness) {
  expect_refused(run({"test", "-k", "anything"}), 2, {"./gridstride test"});
}

}  // namespace
}  // namespace gridstride
