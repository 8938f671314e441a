// Who tests the tests? Here kernels that are wrong on purpose join the ladders of the operations, and every
// one of them must be rejected by the same trials that the right ones pass.
//
// A mutant that is only wrong when threads come in a certain order ends in that schedule's name, as in
// mutant_missing_barrier_forward; it is demanded under that schedule of the emulator and skipped elsewhere.
#include <gtest/gtest.h>

#include <algorithm>
#include <cstdlib>
#include <iostream>

#include "kernels/core/trial.hpp"
#include "tests/kernels/rungs.hpp"

namespace gridstride {
namespace {

using testing_support::all_rungs;
using testing_support::Rung;
using testing_support::rung_name;

bool is_mutant(const VariantInfo& variant) { return variant.name.starts_with("mutant_"); }

std::vector<Rung> mutants() {
  std::vector<Rung> rungs = all_rungs();
  std::erase_if(rungs, [](const Rung& rung) { return !is_mutant(rung.variant); });
  return rungs;
}

/// The only schedule that shows this mutant, or nothing.
std::string_view schedule_of(std::string_view mutant) {
  for (const std::string_view schedule : {"forward", "reversed"}) {
    if (mutant.ends_with(std::string("_").append(schedule))) return schedule;
  }
  return {};
}

/// The schedule of this process; a GPU has none to offer.
std::string_view schedule_here() {
  if (device() == Device::cuda) return "the GPU's own";
  const char* chosen = std::getenv("GRIDSTRIDE_SCHEDULE");
  return chosen ? chosen : "forward";
}

TEST(MutationTest, EveryOperationHasAMutant) {
  ASSERT_FALSE(operations().empty());
  for (const auto* op : operations()) {
    EXPECT_TRUE(std::ranges::any_of(op->variants(), is_mutant))
        << "add tests/mutation/" << op->name() << "/mutant_<what is wrong>.cu";
  }
}

class MutantTest : public ::testing::TestWithParam<Rung> {};

TEST_P(MutantTest, IsRejected) {
  const auto& [op, variant] = GetParam();
  const std::string_view wanted = schedule_of(variant.name);
  if (!wanted.empty() && wanted != schedule_here()) {
    GTEST_SKIP() << "only the schedule " << wanted << " shows it; this one is " << schedule_here();
  }
  for (const auto& problem : op->cases()) {
    if (!problem->why_not(variant.name).empty()) continue;
    for (const int64_t skew_elems : {0, 1}) {
      const Verdict verdict = try_variant(*problem, variant.name, 11, nullptr, skew_elems);
      if (verdict.passed) continue;
      std::cout << "rejected at " << problem->label() << ": " << verdict.why << "\n";
      return;
    }
  }
  ADD_FAILURE() << op->name() << "/" << variant.name
                << " passed every case: the tests do not see what it does";
}

INSTANTIATE_TEST_SUITE_P(Mutants, MutantTest, ::testing::ValuesIn(mutants()), rung_name);

}  // namespace
}  // namespace gridstride
