/// Kernels compiled for the profiler, and what it counts of one launch.
#pragma once

#include <numeric>

#include "gridstride/emulator/profile.hpp"
#include "tests/emulator/runtime_fixture.hpp"

namespace gridstride::emulator {

class ProfileTest : public RuntimeTest {
 protected:
  void SetUp() override {
    RuntimeTest::SetUp();
    take_profile();
  }
  void TearDown() override {
    set_traced_blocks(0);
    RuntimeTest::TearDown();
  }

  /// What the one kernel that was launched since the last time did.
  static KernelProfile profile() {
    EXPECT_EQ(cudaDeviceSynchronize(), cudaSuccess);
    std::vector<KernelProfile> kernels = take_profile();
    EXPECT_EQ(kernels.size(), 1u);
    return kernels.empty() ? KernelProfile{} : kernels.front();
  }
  static Counts counts() { return profile().total; }
};

}  // namespace gridstride::emulator
