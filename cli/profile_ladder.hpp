#pragma once

#include <cstdint>
#include <string>

#include "kernels/core/registry.hpp"

namespace gridstride::cli {

/// Profile every rung of a ladder on one problem and show them side by side, a line each; all of it goes into
/// `json` where that names a file. The exit status: 1 if a rung gave a wrong result.
int profile_ladder(const AnyOperation& op, Problem& problem, uint64_t seed, const std::string& json);

}  // namespace gridstride::cli
