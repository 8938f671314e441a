#include "framework/optim/schedule.hpp"

#include <gtest/gtest.h>

#include <cmath>

namespace gridstride::optim {
namespace {

TEST(Schedule, ConstantIsConstant) { EXPECT_EQ(constant(0.3)(12345), 0.3); }

TEST(Schedule, CosineGoesFromTheFirstToTheLastStep) {
  const Schedule lr = cosine(1, 11, 0.1);
  EXPECT_DOUBLE_EQ(lr(0), 1);
  EXPECT_NEAR(lr(5), 0.55, 1e-12);
  EXPECT_NEAR(lr(10), 0.1, 1e-12);
}

// torch.optim.lr_scheduler.OneCycleLR(max_lr=0.1, total_steps=20, cycle_momentum=False)
TEST(Schedule, OneCycleIsPyTorchs) {
  const Schedule lr = one_cycle(0.1, 20);
  EXPECT_NEAR(lr(0), 0.004, 1e-12);
  EXPECT_NEAR(lr(5), 0.1, 1e-12);
  EXPECT_NEAR(lr(3), 0.0668328157, 1e-9);
  EXPECT_NEAR(lr(12), 0.0500002000, 1e-9);
  EXPECT_NEAR(lr(19), 4e-7, 1e-12);
}

TEST(Schedule, IsANumberForTheShortestRuns) {
  for (int64_t total = 1; total <= 12; ++total) {
    for (int64_t step = 0; step < total; ++step) {
      for (const double lr : {one_cycle(0.1, total)(step), cosine(0.1, total)(step)}) {
        EXPECT_TRUE(std::isfinite(lr) && lr >= 0 && lr <= 0.1) << step << " of " << total << ": " << lr;
      }
    }
  }
}

}  // namespace
}  // namespace gridstride::optim
