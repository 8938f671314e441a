#pragma once

#if GRIDSTRIDE_PROFILES

#include <filesystem>
#include <vector>

#include "gridstride/emulator/profile.hpp"

namespace gridstride::cli {

/// Asks nvcc, where it is installed, how many registers a thread of each kernel takes. `source` is the
/// rung's, from the repository's root. Prints what takes time, and why something stays unknown.
void add_registers(const std::filesystem::path& source, std::vector<emulator::KernelProfile>& kernels);

}  // namespace gridstride::cli

#endif
