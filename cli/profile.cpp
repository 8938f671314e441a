#include <fmt/format.h>

#include "cli/command.hpp"
#include "cli/problem_words.hpp"
#include "cli/report.hpp"
#include "framework/io/atomic_file.hpp"
#include "kernels/core/stream.hpp"
#include "kernels/core/trial.hpp"

#if GRIDSTRIDE_PROFILES
#include "gridstride/emulator/profile.hpp"
#include "gridstride/emulator/races.hpp"
#include "gridstride/emulator/schedule.hpp"
#endif

namespace gridstride::cli {
namespace {

struct Options {
  std::string target;
  std::string json, csv;
  uint64_t blocks = 0;
  uint64_t seed = 1;
};

#if GRIDSTRIDE_PROFILES

/// Launches once more, looked at for races instead of being counted.
emulator::RaceFindings find_races(Trial& trial, const std::string& variant, const Stream& stream) {
  emulator::check_races(true);
  trial.launch(variant, stream);
  GRIDSTRIDE_CUDA(cudaDeviceSynchronize());
  emulator::check_races(false);
  return emulator::take_races();
}

/// Whether the bits of the results are others when threads and blocks run in other orders.
bool depends_on_order(Trial& trial, const std::string& variant, const Stream& stream) {
  using emulator::Order;
  const emulator::Schedule own = emulator::schedule();
  emulator::set_traced_blocks(1);  // they were all counted before
  const auto bits = [&](emulator::Schedule schedule) {
    emulator::set_schedule(schedule);
    trial.launch(variant, stream);
    return trial.results();
  };
  const auto forward = bits({});
  const bool differs = bits({Order::Reversed, 0}) != forward || bits({Order::Random, 1}) != forward ||
                       bits({Order::Random, 2}) != forward;
  emulator::set_schedule(own);
  emulator::take_profile();
  return differs;
}

std::string order_text(bool differs, bool deterministic) {
  if (!differs)
    return "order:  the same bits with threads and blocks forward, reversed and in two random orders";
  return deterministic
             ? "order:  the bits of the result depend on the order of threads, which this rung denies"
             : "order:  the bits of the result depend on the order of threads, as this rung says";
}

int count(const Options& options, const AnyOperation& op, const std::string& variant, Problem& problem) {
  announce_device();
  fmt::print("{}/{}: {}, random data from seed {}\n\n", op.name(), variant, problem.label(), options.seed);
  const Stream stream;
  Trial trial(problem, options.seed);
  emulator::set_traced_blocks(options.blocks);
  emulator::take_profile();
  trial.launch(variant, stream);
  const Verdict verdict = trial.judge();
  const auto kernels = emulator::take_profile();
  if (kernels.empty()) {
    throw std::runtime_error(fmt::format("{}/{} launched no kernel of this project's", op.name(), variant));
  }
  fmt::print("{}", emulator::profile_table(kernels));
  const emulator::RaceFindings races = find_races(trial, variant, stream);
  const bool is_ordered = find_variant(op, variant).deterministic;
  const bool differs = depends_on_order(trial, variant, stream);
  fmt::print("{}{}\n", emulator::races_text(races), order_text(differs, is_ordered));
  if (!options.json.empty()) io::write_file(options.json, emulator::profile_json(kernels, &races));
  if (!options.csv.empty()) io::write_file(options.csv, emulator::profile_csv(kernels));
  if (!verdict.passed) throw std::runtime_error("the result is wrong: " + verdict.why);
  return races.count() == 0 && (!differs || !is_ordered) ? 0 : 1;
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
  app.add_option("--seed", options->seed, "seed of the random inputs");
  const auto words = std::make_shared<ProblemWords>(app);
  return [options, words] { return profile(*options, *words); };
}

GRIDSTRIDE_COMMAND("profile", "what a variant's kernels do to memory and warps, line by line; on the CPU",
                   declare);

}  // namespace
}  // namespace gridstride::cli
