#include <fmt/format.h>

#include "cli/command.hpp"
#include "cli/problem_words.hpp"
#include "kernels/core/stream.hpp"
#include "kernels/core/trial.hpp"

namespace gridstride::cli {
namespace {

struct Options {
  std::string target;
  uint64_t seed = 1;
};

int run(const Options& options, const ProblemWords& words) {
  const auto [op, wanted] = parse_target(options.target);
  const auto problem = op->bench_problem(device());
  words.apply(*op, *problem);
  if (!wanted.empty()) require_runnable(*op, *problem, wanted);

  announce_device();
  fmt::print("{}: {}\n{}, random data from seed {}\n", op->name(), op->title(), problem->label(),
             options.seed);
  const Stream stream;
  Trial trial(*problem, options.seed);
  int failed = 0, skipped = 0, passed = 0;
  for (const auto& variant : op->variants()) {
    if (!wanted.empty() && variant.name != wanted) continue;
    if (const std::string why = problem->why_not(variant.name); !why.empty()) {
      ++skipped;
      fmt::print("  skipped  {:<24} {}\n", variant.name, why);
      continue;
    }
    Verdict verdict;
    try {
      trial.launch(variant.name, stream);
      verdict = trial.judge();
    } catch (const std::exception& error) {
      verdict = {false, error.what()};
    }
    ++(verdict.passed ? passed : failed);
    fmt::print("  {}  {:<24} {}\n", verdict.passed ? "right  " : "WRONG  ", variant.name,
               verdict.passed ? "agrees with the reference" : verdict.why);
    std::fflush(stdout);
  }
  fmt::print("{} right, {} wrong, {} skipped\n", passed, failed, skipped);
  return failed > 0 || passed == 0 ? 1 : 0;
}

Action declare(CLI::App& app) {
  const auto options = std::make_shared<Options>();
  app.add_option("target", options->target, "OP for its whole ladder, OP/VARIANT for one rung (gemm/03)")
      ->required();
  app.add_option("--seed", options->seed, "seed of the random inputs");
  const auto words = std::make_shared<ProblemWords>(app);
  return [options, words] { return run(*options, *words); };
}

GRIDSTRIDE_COMMAND("run", "run an operation and check it against the reference", declare);

}  // namespace
}  // namespace gridstride::cli
