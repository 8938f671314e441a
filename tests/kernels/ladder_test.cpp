// Every variant on every case, against the reference.
#include <gtest/gtest.h>

#include <algorithm>
#include <iostream>

#include "kernels/core/stream.hpp"
#include "kernels/core/trial.hpp"
#include "tests/kernels/rungs.hpp"

#if __has_include("gridstride/emulator/schedule.hpp")
#include "gridstride/emulator/schedule.hpp"
#endif

namespace gridstride {
namespace {

using testing_support::all_rungs;
using testing_support::Rung;
using testing_support::rung_name;

class LadderTest : public ::testing::TestWithParam<Rung> {
 protected:
  /// The cases that the variant can run here; notes why the others cannot.
  std::vector<std::unique_ptr<Problem>> runnable_cases() {
    std::vector<std::unique_ptr<Problem>> runnable;
    for (auto& problem : GetParam().op->cases()) {
      const std::string why = problem->why_not(GetParam().variant.name);
      if (why.empty()) {
        runnable.push_back(std::move(problem));
      } else {
        left_out_ = problem->label() + ": " + why;
        ++left_out_count_;
      }
    }
    return runnable;
  }

  std::string left_out_;  ///< the last case that cannot run, and why
  int left_out_count_ = 0;
};

TEST_P(LadderTest, AgreesWithReference) {
  const auto& [op, variant] = GetParam();
  const auto cases = runnable_cases();
  if (cases.empty()) GTEST_SKIP() << "cannot run here: " << left_out_;
  if (left_out_count_ > 0) std::cout << left_out_count_ << " cases left out, such as " << left_out_ << "\n";

  const Stream stream;
  for (const auto& problem : cases) {
    // Once as the allocator gives memory, once off by an element; a library may ask for aligned memory.
    for (const int64_t skew_elems : {0, 1}) {
      const uint64_t seed = 11 + static_cast<uint64_t>(skew_elems);
      const Verdict verdict =
          try_variant(*problem, variant.name, seed, stream, variant.library ? 0 : skew_elems);
      EXPECT_TRUE(verdict.passed) << op->name() << "/" << variant.name << " " << problem->label()
                                  << " seed=" << seed << " skew=" << skew_elems << ": " << verdict.why;
    }
  }
}

/// Launches in other orders of blocks, warps and lanes, where the device lets us choose; else just once more.
template <class Launch>
void in_other_orders(const Launch& launch) {
#if __has_include("gridstride/emulator/schedule.hpp")
  const emulator::Schedule before = emulator::schedule();
  for (const emulator::Order order :
       {emulator::Order::Forward, emulator::Order::Reversed, emulator::Order::Random}) {
    emulator::set_schedule({order, 3});
    launch();
  }
  emulator::set_schedule(before);
#else
  launch();
#endif
}

TEST_P(LadderTest, GivesTheSameBitsInEveryOrder) {
  const auto& [op, variant] = GetParam();
  if (!variant.deterministic) GTEST_SKIP() << "not deterministic, and says so";
  const auto cases = runnable_cases();
  if (cases.empty()) GTEST_SKIP() << "cannot run here: " << left_out_;

  const auto largest = std::ranges::max_element(cases, {}, [](const auto& p) { return p->cost().bytes; });
  const Stream stream;
  Trial trial(**largest, 13);
  trial.launch(variant.name, stream);
  const auto first = trial.results();
  in_other_orders([&] {
    trial.launch(variant.name, stream);
    EXPECT_EQ(first, trial.results()) << op->name() << "/" << variant.name << " " << (*largest)->label();
  });
}

INSTANTIATE_TEST_SUITE_P(Rungs, LadderTest, ::testing::ValuesIn(all_rungs()), rung_name);

}  // namespace
}  // namespace gridstride
