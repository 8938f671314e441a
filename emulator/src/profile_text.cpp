/// Profiles as a table, to be read.
#include <sstream>
#include <utility>

#include "gridstride/emulator/findings.hpp"
#include "gridstride/emulator/profile.hpp"
#include "profile_words.hpp"
#include "what_if.hpp"

namespace gridstride::emulator {
namespace {

constexpr std::uint64_t kSectorBytes = 32;

std::string text(dim3 v) { return format("(%u,%u,%u)", v.x, v.y, v.z); }

// Columns of the table: empty where there is nothing to tell.
std::string number(std::uint64_t value) { return value == 0 ? "" : grouped(value); }
std::string quotient(std::uint64_t a, std::uint64_t b) { return b == 0 ? "" : format("%.2f", ratio(a, b)); }
std::string percent(std::uint64_t a, std::uint64_t b) {
  return b == 0 ? "" : format("%.0f%%", 100 * ratio(a, b));
}

std::string row(const Counts& c) {
  return format("%13s %6s %6s %13s %6s %6s %13s %6s %11s", number(c.instructions).c_str(),
                quotient(c.lanes, c.instructions).c_str(),
                percent(c.divergent + c.divergent_steps, c.instructions + c.steps).c_str(),
                number(c.global_requests()).c_str(),
                quotient(c.global_sectors(), c.global_requests()).c_str(),
                percent(c.global_bytes(), kSectorBytes * c.global_sectors()).c_str(),
                number(c.shared_requests()).c_str(),
                quotient(c.shared_wavefronts(), c.shared_requests()).c_str(), number(c.conflicts()).c_str());
}

constexpr const char* kHead =
    "                 warp active diver-        global sector/  bytes        shared  wave/        bank\n"
    "  line   instructions  lanes   gent      requests    req.   used      requests   req.   conflicts\n";

/// How full a processor is, and how full it would be if the kernel took something else.
std::string occupancy(const KernelProfile& kernel) {
  const BlockNeeds& needs = kernel.needs;
  const Occupancy now = occupancy_of(needs);
  std::string registers = needs.registers == 0
                              ? "registers unknown: give --registers N, or GRIDSTRIDE_REGISTERS"
                              : format("%u registers a thread", needs.registers);
  if (!kernel.registers_from.empty()) registers += ", from " + kernel.registers_from;
  std::string out = format(
      "  occupancy       %.0f %%: %u block%s of %u threads, limited by %s; %s bytes of shared memory, %s\n",
      now.percent(), now.blocks, now.blocks == 1 ? "" : "s", needs.threads, now.limit,
      grouped(needs.shared_bytes).c_str(), registers.c_str());
  out += "  what if         ";
  const char* between = "";
  for (const auto& [change, other] : what_if(needs)) {
    out += std::exchange(between, ", ") + change + format(": %.0f %%", occupancy_of(other).percent());
  }
  return out + "\n";
}

std::string roofline(const KernelProfile& kernel) {
  constexpr double kTera = 1e12;
  const Roofline r = roofline_of(kernel);
  if (r.peak == 0) return {};
  return format(
      "  roofline        %.2f flop/byte, under the roof of %s (ridge at %.2f): at most %.2f TFLOP/s of %.2f "
      "on %s\n",
      r.intensity, r.memory_bound ? "memory" : "arithmetic", r.ridge, r.attainable / kTera, r.peak / kTera,
      kernel.gpu.c_str());
}

/// How unevenly the warps of a block arrive, over all barriers and at each.
std::string barriers(const KernelProfile& kernel) {
  if (kernel.total.barrier_work == 0) return {};
  std::string out = format(
      "  barriers        the busiest warp of a block does %.2f times the mean warp's work on the way to one",
      kernel.total.imbalance());
  std::string each;
  std::size_t lines = 0;
  for (const LineProfile& line : kernel.lines) {
    if (line.counts.barrier_work == 0) continue;
    const std::string place = line.file == kernel.file ? "line " : name_of(line.file) + ":";
    each +=
        format("%s %s%u %.2f", lines++ == 0 ? ":" : ",", place.c_str(), line.line, line.counts.imbalance());
  }
  return out + (lines > 1 ? each : "") + "\n";
}

std::string summary(const KernelProfile& kernel) {
  const Counts& c = kernel.total;
  std::string out;
  const auto global = [&](const char* what, std::uint64_t requests, std::uint64_t sectors,
                          std::uint64_t bytes) {
    if (requests == 0) return;
    out += format(
        "  global %-8s %s requests, %s sectors, %.2f a request; %s of the %s bytes moved were asked for\n",
        what, grouped(requests).c_str(), grouped(sectors).c_str(), ratio(sectors, requests),
        format("%.1f %%", 100 * ratio(bytes, kSectorBytes * sectors)).c_str(),
        grouped(kSectorBytes * sectors).c_str());
  };
  const auto shared = [&](const char* what, std::uint64_t requests, std::uint64_t wavefronts,
                          std::uint64_t ideal) {
    if (requests == 0) return;
    out += format("  shared %-8s %s requests, %s wavefronts, %s ideal: %s conflicts\n", what,
                  grouped(requests).c_str(), grouped(wavefronts).c_str(), grouped(ideal).c_str(),
                  grouped(wavefronts - ideal).c_str());
  };
  global("loads", c.load_requests, c.load_sectors, c.load_bytes);
  global("stores", c.store_requests, c.store_sectors, c.store_bytes);
  global("atomics", c.atomic_requests, c.atomic_sectors, c.atomic_bytes);
  shared("loads", c.shared_load_requests, c.shared_load_wavefronts, c.shared_load_ideal);
  shared("stores", c.shared_store_requests, c.shared_store_wavefronts, c.shared_store_ideal);
  shared("atomics", c.shared_atomic_requests, c.shared_atomic_wavefronts, c.shared_atomic_ideal);
  if (const std::uint64_t atomics = c.atomic_requests + c.shared_atomic_requests; atomics != 0) {
    out += format("  atomics         %.2f lanes of a warp on one address\n", ratio(c.atomic_turns, atomics));
  }
  if (c.local_requests != 0) {
    out += format("  local memory    %s requests, %s bytes\n", grouped(c.local_requests).c_str(),
                  grouped(c.local_bytes).c_str());
  }
  if (c.global_sectors() != 0) {
    out += format(
        "  caches          %.1f %% of loads found in L1, %.1f %% of the rest in L2; %s bytes from and to "
        "memory, for "
        "%s different ones (a model of %s)\n",
        100 * ratio(c.l1_hit_sectors, c.load_sectors), 100 * ratio(c.l2_hit_sectors, c.l2_sectors),
        grouped(c.dram_bytes()).c_str(), grouped(kernel.footprint_bytes).c_str(), kernel.gpu.c_str());
  }
  if (!kernel.knows_flops) {
    out += "  arithmetic      unknown: objdump (of binutils) is missing, or cannot read the program\n";
  } else if (c.flops() != 0) {
    out += "  arithmetic     ";
    for (const auto& [flops, precision] :
         {std::pair(c.fp16_flops, "fp16"), std::pair(c.fp32_flops, "fp32"), std::pair(c.fp64_flops, "fp64"),
          std::pair(c.tensor_flops, "tensor-core")}) {
      if (flops != 0) out += format(" %s %s flops", grouped(flops).c_str(), precision);
    }
    out += "\n";
  }
  out += roofline(kernel) + occupancy(kernel);
  out += format(
      "  warps           %.2f active lanes at an instruction; %.2f %% of the basic blocks diverged; "
      "%.2f barriers a warp\n",
      ratio(c.lanes, c.instructions), 100 * ratio(c.divergent_steps, c.steps),
      ratio(c.block_barriers, kernel.traced_warps));
  return out + barriers(kernel);
}

/// Each in a paragraph of lines that fit beside each other.
std::string in_words(const std::vector<Finding>& findings) {
  constexpr std::size_t kColumns = 110;
  std::string out;
  for (const Finding& finding : findings) {
    std::string row = "  *";
    std::istringstream words(finding.text);
    for (std::string word; words >> word; row += " " + word) {
      if (row.size() + 1 + word.size() <= kColumns) continue;
      out += row + "\n";
      row = "   ";
    }
    out += row + "\n";
  }
  return out;
}

}  // namespace

std::string profile_table(const std::vector<KernelProfile>& kernels) {
  Sources sources;
  std::string out;
  for (const KernelProfile& kernel : kernels) {
    out += kernel.name + " (" + shown(kernel.file) + ":" + std::to_string(kernel.line) + "), " +
           grouped(kernel.launches) + (kernel.launches == 1 ? " launch" : " launches") + ", grid " +
           text(kernel.grid) + ", block " + text(kernel.block) + ", " +
           (kernel.traced_blocks == kernel.blocks
                ? "all " + grouped(kernel.blocks)
                : grouped(kernel.traced_blocks) + " of " + grouped(kernel.blocks)) +
           " blocks traced\n";
    if (kernel.lines.empty()) {
      out += "  nothing was counted\n\n";
      continue;
    }
    out += summary(kernel) + in_words(findings(kernel)) + kHead;
    std::string file;
    for (const LineProfile& line : kernel.lines) {
      if (line.file != file) out += (line.file.empty() ? "(line unknown)" : shown(line.file)) + "\n";
      file = line.file;
      out += format("%6u  ", line.line) + row(line.counts) + "  " + sources.at(line.file, line.line) + "\n";
    }
    out += "\n";
  }
  return out;
}

}  // namespace gridstride::emulator
