/// Kernels that race, each beside one that does not: what must be told of them.
#pragma once

#include <string>
#include <vector>

#include "gridstride/emulator/races.hpp"
#include "tests/emulator/runtime_fixture.hpp"

namespace gridstride::emulator {

enum class Expected { Nothing, Note, Warp, Block, Grid };

struct RaceCase {
  std::string name, file;
  Expected expected;
  void (*launch)(int* g);  // zeros, 65536 of them
};

inline std::vector<RaceCase>& race_cases() {
  static std::vector<RaceCase> cases;
  return cases;
}

/// The lines of a race end in "// RACES name".
#define RACE_CASE(NAME, EXPECTED, ...)                                                                \
  const bool registered_##NAME = (race_cases().push_back({#NAME, __FILE__, Expected::EXPECTED,        \
                                                          [](int* g) { NAME<<<__VA_ARGS__>>>(g); }}), \
                                  true)

}  // namespace gridstride::emulator
