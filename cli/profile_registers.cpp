#include "cli/profile_registers.hpp"

#if GRIDSTRIDE_PROFILES

#include <fmt/format.h>

#include <algorithm>
#include <cstdio>

#include "cli/command.hpp"
#include "cli/ptxas_registers.hpp"
#include "gridstride/emulator/gpu.hpp"

namespace gridstride::cli {
namespace {

constexpr const char* kGive = "give them with --registers N";

void add_registers(emulator::KernelProfile& kernel, const std::vector<PtxasKernel>& all,
                   const std::string& architecture) {
  const auto of_name = kernels_named(kernel.name, all);
  if (of_name.empty()) {
    fmt::print("registers: ptxas tells of no kernel {}: {}\n", kernel.name, kGive);
    return;
  }
  const auto [least, most] = std::ranges::minmax(of_name, {}, &PtxasKernel::registers);
  if (least.registers != most.registers) {
    fmt::print("registers: {} to {}, for ptxas tells of several {}: {}\n", least.registers, most.registers,
               kernel.name, kGive);
    return;
  }
  kernel.needs.registers = most.registers;
  kernel.registers_from = "ptxas for " + architecture;
  if (most.spilled_bytes != 0) {
    kernel.registers_from += fmt::format(", and {} bytes that did not fit", most.spilled_bytes);
  }
}

}  // namespace

void add_registers(const std::filesystem::path& source, std::vector<emulator::KernelProfile>& kernels) {
  static const std::filesystem::path nvcc = find_nvcc();
  if (nvcc.empty() || kernels.empty()) return;
  const std::string architecture = emulator::modelled_architecture();
  const PtxasReport report = ptxas_report(nvcc, repository_root(), source, architecture, [&] {
    fmt::print("registers: {} compiles {} for {}, which takes some seconds; the answer is kept\n",
               nvcc.string(), source.string(), architecture);
    std::fflush(stdout);
  });
  if (!report.why_not.empty()) {
    fmt::print("registers: unknown, for nvcc says '{}': {}\n", report.why_not, kGive);
    return;
  }
  for (emulator::KernelProfile& kernel : kernels) add_registers(kernel, report.kernels, architecture);
}

}  // namespace gridstride::cli

#endif
