/// What the tests of kernels/device/ptx share: they run wherever the device has the instructions.
#pragma once

#include <gtest/gtest.h>

#include <cstdint>
#include <cstring>
#include <random>
#include <vector>

#include "kernels/core/launch.hpp"
#include "kernels/device/ptx/ptx.cuh"
#include "tests/kernels/memory.hpp"

namespace gridstride::testing_support {

/// Major and minor compute capability of the device, as in sm_90.
inline int architecture() {
  cudaDeviceProp properties{};
  GRIDSTRIDE_CUDA(cudaGetDeviceProperties(&properties, 0));
  return 10 * properties.major + properties.minor;
}

#define GRIDSTRIDE_NEEDS_SM(NUMBER)                                \
  if (::gridstride::testing_support::architecture() < (NUMBER)) {  \
    GTEST_SKIP() << "needs sm_" #NUMBER ", this device is sm_"     \
                 << ::gridstride::testing_support::architecture(); \
  }

/// A GPU may be done before anybody waits; here work is done when it is waited for, so a missing wait shows.
inline bool work_is_done_when_waited_for() { return GRIDSTRIDE_TWINS != 0; }

inline std::vector<int> random_integers(std::size_t count, int least, int most, unsigned seed) {
  std::mt19937 random(seed);
  std::uniform_int_distribution<int> draw(least, most);
  std::vector<int> out(count);
  for (int& value : out) value = draw(random);
  return out;
}

}  // namespace gridstride::testing_support
