#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace gridstride::cli {

/// A kernel as NVIDIA's assembler tells of it (`ptxas -v`).
struct PtxasKernel {
  std::string symbol;
  unsigned registers = 0;      ///< of a thread
  unsigned spilled_bytes = 0;  ///< that did not fit into them
  bool operator==(const PtxasKernel&) const = default;
};

std::vector<PtxasKernel> parse_ptxas(std::string_view log);

/// Those which the emulator calls by this name: "f [with bool kTa = false; int kRows = 64]". Several where
/// the arguments of a template do not tell its instantiations apart.
std::vector<PtxasKernel> kernels_named(std::string_view name, const std::vector<PtxasKernel>& kernels);

}  // namespace gridstride::cli
