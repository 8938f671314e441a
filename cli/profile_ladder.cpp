#include "cli/profile_ladder.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <nlohmann/json.hpp>

#include "bench/environment.hpp"
#include "cli/command.hpp"
#include "cli/report.hpp"
#include "kernels/core/stream.hpp"
#include "kernels/core/trial.hpp"

#if GRIDSTRIDE_PROFILES
#include "gridstride/emulator/findings.hpp"
#endif

namespace gridstride::cli {

#if GRIDSTRIDE_PROFILES

namespace {

using emulator::Counts;
using emulator::Finding;

/// One rung, all its kernels together.
struct Rung {
  VariantInfo variant;
  std::string why_not;  // not empty: it was not profiled, and this is the reason
  bool wrong = false;
  Counts total{};
  uint64_t warps = 0;
  std::vector<Finding> findings{};  // the heaviest first, of all that the rung asks of memory

  std::vector<std::string_view> kinds() const {
    std::vector<std::string_view> names;
    for (const Finding& finding : findings) {
      const auto name = emulator::about(finding.kind).name;
      if (std::ranges::find(names, name) == names.end()) names.push_back(name);
    }
    return names;
  }
};

double ratio(uint64_t a, uint64_t b) { return b == 0 ? 0 : static_cast<double>(a) / static_cast<double>(b); }

Rung profile(Trial& trial, const VariantInfo& variant, cudaStream_t stream) {
  Rung rung{.variant = variant, .why_not = trial.problem().why_not(variant.name)};
  if (!rung.why_not.empty()) return rung;
  emulator::take_profile();
  trial.launch(variant.name, stream);
  const Verdict verdict = trial.judge();
  const auto kernels = emulator::take_profile();
  if (!verdict.passed) return {.variant = variant, .why_not = verdict.why, .wrong = true};
  if (kernels.empty()) rung.why_not = "launches no kernel of this project's";
  for (const auto& kernel : kernels) rung.total += kernel.total, rung.warps += kernel.traced_warps;
  for (const auto& kernel : kernels) {
    for (Finding finding : emulator::findings(kernel)) {
      finding.weight *= ratio(kernel.total.memory_requests(), rung.total.memory_requests());
      rung.findings.push_back(std::move(finding));
    }
  }
  std::ranges::stable_sort(rung.findings, std::ranges::greater{}, &Finding::weight);
  return rung;
}

std::string cell(uint64_t a, uint64_t b) { return b == 0 ? "" : fmt::format("{:.2f}", ratio(a, b)); }
std::string cell(uint64_t a) { return a == 0 ? "" : fmt::format("{}", a); }

void show(const Rung& rung, std::size_t width) {
  if (!rung.why_not.empty()) {
    fmt::print("  {:<{}}  {}{}\n", rung.variant.name, width,
               rung.wrong ? "WRONG: " : "not profiled: ", rung.why_not);
    return;
  }
  const Counts& c = rung.total;
  fmt::print("  {:<{}}  {:>10} {:>7} {:>7} {:>11} {:>11} {:>6.2f} {:>8}  {}\n", rung.variant.name, width,
             c.global_sectors(), cell(c.load_sectors, c.load_requests),
             cell(c.store_sectors, c.store_requests), cell(c.shared_wavefronts()), cell(c.conflicts()),
             ratio(c.lanes, c.instructions), cell(c.block_barriers, rung.warps),
             fmt::join(rung.kinds(), ", "));
}

nlohmann::ordered_json to_json(const Rung& rung) {
  nlohmann::ordered_json out{{"variant", rung.variant.name}, {"idea", rung.variant.idea}};
  out["profiled"] = rung.why_not.empty();
  if (!rung.why_not.empty()) {
    out["why_not"] = rung.why_not;
    return out;
  }
  out["warps"] = rung.warps;
  for (const auto& counter : emulator::counter_names())
    out["counters"][counter.name] = rung.total.*counter.value;
  auto& findings = out["findings"] = nlohmann::ordered_json::array();
  for (const Finding& finding : rung.findings) {
    findings.push_back({{"kind", emulator::about(finding.kind).name},
                        {"line", finding.line},
                        {"weight", finding.weight},
                        {"text", finding.text}});
  }
  return out;
}

}  // namespace

int profile_ladder(const AnyOperation& op, Problem& problem, uint64_t seed, const std::string& json) {
  announce_device();
  fmt::print("{}: {}, random data from seed {}\n\n", op.name(), problem.label(), seed);
  const auto variants = op.variants();
  std::size_t width = 0;
  for (const auto& variant : variants) width = std::max(width, variant.name.size());
  fmt::print("  {:<{}}  {:>10} {:>7} {:>7} {:>11} {:>11} {:>6} {:>8}\n", "", width, "global", "sectors", "a",
             "shared", "bank", "active", "barriers");
  fmt::print("  {:<{}}  {:>10} {:>7} {:>7} {:>11} {:>11} {:>6} {:>8}  {}\n", "rung", width, "sectors",
             "a load", "store", "wavefronts", "conflicts", "lanes", "a warp", "findings");
  const Stream stream;
  Trial trial(problem, seed);
  nlohmann::ordered_json out{{"operation", op.name()}, {"title", op.title()}, {"problem", problem.label()}};
  auto& rungs = out["rungs"] = nlohmann::ordered_json::array();
  bool wrong = false;
  for (const auto& variant : variants) {
    const Rung rung = profile(trial, variant, stream);
    show(rung, width);
    std::fflush(stdout);
    rungs.push_back(to_json(rung));
    wrong |= rung.wrong;
  }
  fmt::print("\n./gridstride profile {}/{} tells of a rung line by line, and its findings in words\n",
             op.name(), variants.front().name);
  out["environment"] = bench::environment(repository_root());
  if (!json.empty()) write_json(json, out);
  return wrong ? 1 : 0;
}

#else

int profile_ladder(const AnyOperation&, Problem&, uint64_t, const std::string&) {
  throw UsageError(
      "this program's kernels do not tell what they do; ./gridstride profile builds and starts one whose do");
}

#endif

}  // namespace gridstride::cli
