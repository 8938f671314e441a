#pragma once

#include <gtest/gtest.h>

#include <ostream>
#include <string>
#include <vector>

#include "kernels/core/registry.hpp"

namespace gridstride::testing_support {

/// One variant of one operation: a parameter of the tests that visit the whole registry.
struct Rung {
  const AnyOperation* op = nullptr;
  VariantInfo variant;
};

inline void PrintTo(const Rung& rung, std::ostream* out) {
  *out << rung.op->name() << "/" << rung.variant.name;
}

inline std::vector<Rung> all_rungs() {
  std::vector<Rung> rungs;
  for (const auto* op : operations()) {
    for (const auto& variant : op->variants()) rungs.push_back({op, variant});
  }
  return rungs;
}

/// "gemm_03_shared_tile"
inline std::string rung_name(const ::testing::TestParamInfo<Rung>& info) {
  return std::string(info.param.op->name()) + "_" + std::string(info.param.variant.name);
}

}  // namespace gridstride::testing_support
