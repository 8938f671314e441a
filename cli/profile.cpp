#include <fmt/format.h>

#include "cli/command.hpp"
#include "cli/problem_words.hpp"
#include "cli/report.hpp"
#include "framework/io/atomic_file.hpp"
#include "kernels/core/stream.hpp"
#include "kernels/core/trial.hpp"

#if GRIDSTRIDE_PROFILES
#include "gridstride/emulator/profile.hpp"
#endif

namespace gridstride::cli {
namespace {

struct Options {
  std::string target;
  std::string json, csv;
  uint64_t blocks = 0;
  unsigned registers = 0;
  uint64_t seed = 1;
};

#if GRIDSTRIDE_PROFILES

int count(const Options& options, const AnyOperation& op, const std::string& variant, Problem& problem) {
  announce_device();
  fmt::print("{}/{}: {}, random data from seed {}\n\n", op.name(), variant, problem.label(), options.seed);
  const Stream stream;
  Trial trial(problem, options.seed);
  emulator::set_traced_blocks(options.blocks);
  emulator::take_profile();
  trial.launch(variant, stream);
  const Verdict verdict = trial.judge();
  auto kernels = emulator::take_profile();
  for (auto& kernel : kernels) {
    if (options.registers != 0) kernel.needs.registers = options.registers;
  }
  if (kernels.empty()) {
    throw std::runtime_error(fmt::format("{}/{} launched no kernel of this project's", op.name(), variant));
  }
  fmt::print("{}", emulator::profile_table(kernels));
  if (!options.json.empty()) io::write_file(options.json, emulator::profile_json(kernels));
  if (!options.csv.empty()) io::write_file(options.csv, emulator::profile_csv(kernels));
  if (!verdict.passed) throw std::runtime_error("the result is wrong: " + verdict.why);
  return 0;
}

#else

int count(const Options&, const AnyOperation&, const std::string&, Problem&) {
  throw UsageError(
      "this program's kernels do not tell what they do; ./gridstride profile builds and starts one whose do");
}

#endif

int profile(const Options& options, const ProblemWords& words) {
  const auto [op, variant] = parse_target(options.target);
  if (variant.empty()) {
    throw UsageError(fmt::format("profile wants one variant, such as {}/{} (see: gridstride list {})",
                                 op->name(), op->variants().front().name, op->name()));
  }
  const auto problem = op->bench_problem(device());
  words.apply(*op, *problem);
  require_runnable(*op, *problem, variant);
  return count(options, *op, variant, *problem);
}

Action declare(CLI::App& app) {
  const auto options = std::make_shared<Options>();
  app.add_option("target", options->target, "OP/VARIANT: the rung to profile (gemm/03)")->required();
  add_output_file(app, "--json", options->json, "write all counters for a machine to read");
  add_output_file(app, "--csv", options->csv, "write the counters of every line for a spreadsheet");
  app.add_option("--blocks", options->blocks,
                 "trace so many blocks of every launch, spread over the grid; else all")
      ->check(CLI::Range(uint64_t{1}, ~uint64_t{0}));
  app.add_option("--registers", options->registers,
                 "a thread's registers, of which occupancy is told (ptxas -v knows them)")
      ->check(CLI::Range(1, 255));
  app.add_option("--seed", options->seed, "seed of the random inputs");
  const auto words = std::make_shared<ProblemWords>(app);
  return [options, words] { return profile(*options, *words); };
}

GRIDSTRIDE_COMMAND("profile", "what a variant's kernels do to memory and warps, line by line; on the CPU",
                   declare);

}  // namespace
}  // namespace gridstride::cli
