#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>

#include "bench/chart.hpp"
#include "bench/environment.hpp"
#include "bench/goals.hpp"
#include "bench/ladder.hpp"
#include "cli/command.hpp"
#include "cli/problem_words.hpp"
#include "cli/report.hpp"
#include "framework/io/atomic_file.hpp"

namespace gridstride::cli {
namespace {

struct Options {
  std::string target;
  std::vector<std::string> variants;
  std::string json, plot;
  bench::LadderOptions measure;
};

std::string human_time(double seconds) {
  if (seconds >= 1) return fmt::format("{:.3f} s", seconds);
  if (seconds >= 1e-3) return fmt::format("{:.3f} ms", seconds * 1e3);
  return fmt::format("{:.2f} us", seconds * 1e6);
}

void progress(const std::string& line) {
  if (isatty(STDERR_FILENO)) fmt::print(stderr, "\r\033[K{}", line);
}

void show(const bench::Ladder& l) {
  const double library = l.library_seconds();
  fmt::print("{}: {}\n{}\n", l.operation, l.title, l.problem);
  fmt::print("roof: copy {:.1f} GB/s, {:.0f} GFLOP/s; at best {} for this problem\n",
             l.roof.copy_bytes_per_s * 1e-9, l.roof.flops_per_s * 1e-9, human_time(l.roof_seconds()));
  fmt::print("{}, in turns, random data; median of the samples, spread = half the quartiles' distance\n\n",
             l.cold_cache ? "cold caches" : "short kernels: graphs of launches, warm caches");
  fmt::print("  {:<22} {:>12} {:>7} {:>8} {:>9} {:>9} {:>7} {:>10} {:>8}\n", "variant", "time", "spread",
             "samples", "GB/s", "GFLOP/s", "% roof", "x library", "x first");
  for (const auto& rung : l.rungs) {
    if (rung.seconds.samples == 0) {
      fmt::print("  {:<22} {}: {}\n", rung.variant.name, rung.wrong ? "WRONG" : "not here", rung.why_not);
      continue;
    }
    const double t = rung.seconds.median;
    fmt::print("  {:<22} {:>12} {:>6.1f}% {:>8} {:>9.1f} {:>9.1f} {:>6.1f}% {:>10} {:>8.2f}\n",
               rung.variant.name, human_time(t), 100 * rung.seconds.spread(), rung.seconds.samples,
               l.cost.bytes / t * 1e-9, l.cost.flops / t * 1e-9, 100 * l.roof_seconds() / t,
               library > 0 ? fmt::format("{:.2f}", library / t) : "-", l.first_seconds() / t);
  }
}

int goals(const Options& options, const ProblemWords& words) {
  if (device() != Device::cpu)
    throw UsageError("bench goals measures the emulator: ./gridstride --device cpu bench goals");
  if (words.any() || !options.variants.empty() || !options.plot.empty()) {
    throw UsageError("bench goals takes --json FILE and no other word");
  }
  announce_device();
  bench::Rig rig;
  bool met = true;
  const auto all = bench::measure_goals(rig);
  for (const auto& goal : all) {
    fmt::print("{:<34} {:>8.3f} {}  (goal: {} {}; {})\n", goal.name, goal.reached, goal.unit,
               goal.more_is_better ? "at least" : "at most", goal.wanted, goal.met() ? "met" : "MISSED");
    met = met && goal.met();
  }
  write_json(options.json,
             {{"environment", bench::environment(repository_root())}, {"goals", bench::to_json(all)}});
  return met ? 0 : 1;
}

int ladder(Options& options, const ProblemWords& words) {
  const auto [op, wanted] = parse_target(options.target);
  if (!wanted.empty()) options.variants.push_back(wanted);
  const auto problem = op->bench_problem(device());
  words.apply(*op, *problem);
  for (const auto& name : options.variants) {
    options.measure.variants.emplace_back(find_variant(*op, name).name);
    require_runnable(*op, *problem, options.measure.variants.back());
  }
  const auto operands = problem->schema().operands;
  const bool writes =
      std::ranges::any_of(operands, [](const Operand& o) { return o.role != Role::input && o.elems > 0; });
  if (problem->cost().bytes <= 0 || !writes)
    throw UsageError("[" + std::string(op->name()) + "] nothing to measure: " + problem->label());

  announce_device();
  bench::Rig rig;
  progress("measuring the roof");
  const bench::Roof roof = rig.measure_roof();
  progress("measuring " + std::string(op->name()));
  bench::Ladder measured = bench::measure_ladder(*op, *problem, rig, roof, options.measure);
  measured.roof = higher(roof, rig.measure_roof());
  progress("");
  show(measured);
  if (!options.json.empty()) {
    auto result = bench::to_json(measured);
    result["environment"] = bench::environment(repository_root());
    write_json(options.json, result);
  }
  if (!options.plot.empty()) {
    const std::string where =
        device() == Device::cpu ? bench::processor_name() + ", emulator" : device_info().name;
    io::write_file(options.plot, bench::draw_chart(measured, where));
  }
  return measured.all_right() ? 0 : 1;
}

Action declare(CLI::App& app) {
  const auto o = std::make_shared<Options>();
  app.add_option("target", o->target,
                 "OP, OP/VARIANT, or 'goals': what the emulator promises of its own speed")
      ->required();
  app.add_option("--variant", o->variants, "only these variants (a,b or repeated)")->delimiter(',');
  add_output_file(app, "--json", o->json, "write the result for a machine to read");
  add_output_file(app, "--plot", o->plot, "draw the ladder as SVG");
  app.add_option("--seed", o->measure.seed, "seed of the random inputs");
  app.add_option("--samples", o->measure.min_samples, "at least so many samples per variant")
      ->check(CLI::Range(1, 100000));
  app.add_option("--seconds", o->measure.min_seconds,
                 "at least so much measured time per variant, or 200 samples")
      ->check(CLI::Range(0.0, 3600.0));
  const auto words = std::make_shared<ProblemWords>(app);
  return [o, words] { return o->target == "goals" ? goals(*o, *words) : ladder(*o, *words); };
}

GRIDSTRIDE_COMMAND("bench", "the ladder measured: time, GB/s, GFLOP/s, % of the roof, x the library",
                   declare);

}  // namespace
}  // namespace gridstride::cli
