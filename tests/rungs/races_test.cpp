// No rung races, goes out of bounds or reads what nobody wrote: every variant, on its own small cases, with
// every access looked at.
#include <cuda_runtime.h>
#include <gtest/gtest.h>

#include <string>

#include "gridstride/emulator/races.hpp"
#include "kernels/core/trial.hpp"

namespace gridstride {
namespace {

constexpr double kMostWork = 2e6;  // operations and bytes of a case: to look at an access costs a hundred
constexpr int kMostCases = 10;     // of those, the first

bool is_small(const Problem& problem) {
  const Cost cost = problem.cost();
  return cost.flops + cost.bytes <= kMostWork;
}

class RungRaces : public ::testing::TestWithParam<std::string> {};

TEST_P(RungRaces, AreNone) {
  const AnyOperation& op = find_operation(GetParam());
  for (const VariantInfo& rung : op.variants()) {
    if (rung.library) continue;
    int tried = 0;
    for (const auto& problem : op.cases()) {
      if (tried == kMostCases || !is_small(*problem) || !problem->why_not(rung.name).empty()) continue;
      SCOPED_TRACE(std::string(rung.name) + " " + problem->label());
      Trial trial(*problem, 1);
      emulator::check_races(true);
      trial.launch(rung.name, nullptr);
      ASSERT_EQ(cudaDeviceSynchronize(), cudaSuccess);
      emulator::check_races(false);
      const emulator::RaceFindings found = emulator::take_races();
      EXPECT_TRUE(found.is_complete);
      EXPECT_TRUE(found.races.empty() && found.wrong.empty()) << emulator::races_text(found);
      // Cases with nothing to do launch nothing.
      tried += found.accesses != 0;
    }
    EXPECT_TRUE(tried > 0 || !rung.built) << rung.name << " was not looked at";
  }
}

std::vector<std::string> ladders() {
  std::vector<std::string> names;
  for (const AnyOperation* op : operations()) names.emplace_back(op->name());
  return names;
}

INSTANTIATE_TEST_SUITE_P(, RungRaces, ::testing::ValuesIn(ladders()),
                         [](const auto& name) { return name.param; });

}  // namespace
}  // namespace gridstride
