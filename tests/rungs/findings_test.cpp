// What the rungs say of themselves: the finding that each suffers is found, and where it is cured it is not.
#include <cuda_runtime.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <set>
#include <string>

#include "gridstride/emulator/findings.hpp"
#include "gridstride/emulator/gpu.hpp"
#include "kernels/core/trial.hpp"

namespace gridstride {
namespace {

using Sizes = std::map<std::string, std::string>;  // by the field's name

/// Small, yet with a block for every multiprocessor where a ladder tells of that. A rung takes the first that
/// it can run; where nothing stands it is the benchmark's.
const std::multimap<std::string, Sizes>& problems() {
  static const std::multimap<std::string, Sizes> all = {
      {"accumulate", {{"n", "300000"}}},
      {"adamw", {{"n", "300000"}}},
      {"bias_grad", {{"outer", "16"}, {"channels", "256"}, {"inner", "64"}}},
      {"bias_grad", {{"outer", "64"}, {"channels", "256"}, {"inner", "1"}}},
      {"conv2d", {{"n", "8"}}},
      {"conv2d_dgrad", {{"n", "8"}}},
      {"conv2d_wgrad", {{"n", "8"}}},
      {"dropout", {{"n", "300000"}}},
      {"gemm", {{"m", "256"}, {"n", "256"}, {"k", "256"}}},
      {"max_pool2d", {{"n", "8"}}},
      {"max_pool2d_backward", {{"n", "8"}}},
      {"relu", {{"n", "300000"}}},
      {"relu_backward", {{"n", "300000"}}},
      {"sgd", {{"n", "300000"}}},
      {"softmax_cross_entropy", {{"n", "16384"}, {"c", "32"}}},
      {"softmax_cross_entropy_backward", {{"n", "16384"}, {"c", "32"}}},
      {"sum", {{"n", "300000"}}},
      {"transpose", {{"m", "512"}, {"n", "512"}}},
      {"vector_add", {{"n", "2000000"}}},
  };
  return all;
}

std::unique_ptr<Problem> sized(const AnyOperation& op, const Sizes& sizes) {
  auto problem = op.bench_problem(device());
  auto schema = problem->schema();
  for (const auto& [name, value] : sizes) {
    const auto field = std::ranges::find(schema.fields, name, &Field::name);
    if (field == schema.fields.end()) throw std::invalid_argument(name + " is no number of this operation");
    field->parse(value);
  }
  problem->check();
  return problem;
}

/// The problem that this rung is profiled on; null where it cannot run here.
std::unique_ptr<Problem> problem_of(const AnyOperation& op, const VariantInfo& rung) {
  const auto [first, last] = problems().equal_range(std::string(op.name()));
  if (first == last) {
    auto problem = op.bench_problem(device());
    return problem->why_not(rung.name).empty() ? std::move(problem) : nullptr;
  }
  for (auto at = first; at != last; ++at) {
    auto problem = sized(op, at->second);
    if (problem->why_not(rung.name).empty()) return problem;
  }
  return nullptr;
}

using Found = std::map<std::string_view, std::string>;  // the words, by the finding's name

Found find(const Problem& problem, const VariantInfo& rung) {
  Trial trial(problem, 1);
  emulator::take_profile();
  trial.launch(rung.name, nullptr);
  const Verdict verdict = trial.judge();
  EXPECT_TRUE(verdict.passed) << verdict.why;
  Found found;
  for (const auto& kernel : emulator::take_profile()) {
    for (const auto& finding : emulator::findings(kernel)) {
      found.emplace(emulator::about(finding.kind).name, kernel.name + ": " + finding.text);
    }
  }
  return found;
}

bool has(const std::vector<std::string_view>& names, std::string_view name) {
  return std::ranges::find(names, name) != names.end();
}

class Rungs : public ::testing::TestWithParam<std::string> {
 protected:
  void SetUp() override { emulator::choose_gpu("h200"); }
};

TEST_P(Rungs, SufferAndCureWhatTheySay) {
  const AnyOperation& op = find_operation(GetParam());
  std::vector<VariantInfo> below;
  std::set<std::string_view> cured;
  const VariantInfo* top = nullptr;
  const auto rungs = op.variants();
  for (const VariantInfo& rung : rungs) {
    if (rung.library) continue;
    SCOPED_TRACE(rung.name);
    const auto problem = problem_of(op, rung);
    if (problem == nullptr) continue;
    const Found found = find(*problem, rung);
    for (const auto name : rung.suffers) EXPECT_TRUE(found.contains(name)) << name << " is not found";
    for (const auto name : rung.cures) {
      EXPECT_FALSE(found.contains(name)) << found.at(name);
      EXPECT_TRUE(std::ranges::any_of(below, [&](const VariantInfo& r) { return has(r.suffers, name); }))
          << "no rung below suffers " << name;
      cured.insert(name);
    }
    for (const auto& [name, words] : found) {
      EXPECT_TRUE(!cured.contains(name) || has(rung.suffers, name)) << "cured below: " << words;
    }
    if (!rung.cures.empty()) top = &rung;
    below.push_back(rung);
  }
  if (top == nullptr) return;
  for (const auto name : top->suffers) EXPECT_FALSE(cured.contains(name)) << top->name << " suffers " << name;
}

std::vector<std::string> names_of_operations() {
  std::vector<std::string> names;
  for (const AnyOperation* op : operations()) names.emplace_back(op->name());
  return names;
}
INSTANTIATE_TEST_SUITE_P(, Rungs, ::testing::ValuesIn(names_of_operations()),
                         [](const auto& info) { return info.param; });

TEST(RungsNames, AreThoseOfFindings) {
  std::set<std::string_view> known;
  for (const auto& kind : emulator::finding_kinds()) known.insert(kind.name);
  for (const AnyOperation* op : operations()) {
    for (const VariantInfo& rung : op->variants()) {
      for (const auto name : rung.suffers) EXPECT_TRUE(known.contains(name)) << rung.name << ": " << name;
      for (const auto name : rung.cures) EXPECT_TRUE(known.contains(name)) << rung.name << ": " << name;
    }
  }
}

}  // namespace
}  // namespace gridstride
