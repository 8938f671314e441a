#pragma once

#include <filesystem>
#include <functional>
#include <string>
#include <vector>

#include "cli/ptxas_log.hpp"

namespace gridstride::cli {

/// NVIDIA's compiler, in PATH or where it is installed; empty where there is none.
std::filesystem::path find_nvcc();

struct PtxasReport {
  std::vector<PtxasKernel> kernels;
  std::string why_not;  ///< a line, where the source was not compiled
};

/// What ptxas says of the kernels in `root`/`source` on an architecture, such as "sm_90a". Answers are kept
/// in the user's cache, until the source, a file that it includes or nvcc is another; `begins` is called
/// before nvcc, which takes its time.
PtxasReport ptxas_report(const std::filesystem::path& nvcc, const std::filesystem::path& root,
                         const std::filesystem::path& source, const std::string& architecture,
                         const std::function<void()>& begins);

}  // namespace gridstride::cli
