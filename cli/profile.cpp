#include <fmt/format.h>

#include <cstdlib>

#include "cli/command.hpp"
#include "cli/problem_words.hpp"
#include "cli/profile_ladder.hpp"
#include "cli/report.hpp"
#include "framework/io/atomic_file.hpp"
#include "kernels/core/stream.hpp"
#include "kernels/core/trial.hpp"

#if GRIDSTRIDE_PROFILES
#include "gridstride/emulator/gpu.hpp"
#include "gridstride/emulator/profile.hpp"
#endif

namespace gridstride::cli {
namespace {

struct Options {
  std::vector<std::string> targets;
  std::string json, csv, html;
  bool diff = false;
  uint64_t blocks = 0;
  uint64_t seed = 1;
};

/// One rung, and what it is to compute.
struct Subject {
  const AnyOperation* op;
  std::string variant;
  std::unique_ptr<Problem> problem;
  std::string wrong;  // why its result is
};

#if GRIDSTRIDE_PROFILES

<<<<<<< HEAD void prepare(const Options& options) {
  // Grids that are made as large as the device should be those of a GPU, and the same on every machine.
  if (std::getenv("GRIDSTRIDE_GPU") == nullptr) emulator::choose_gpu("h200");
  emulator::set_traced_blocks(options.blocks);
}

int count(const Options& options, const AnyOperation& op, const std::string& variant, Problem& problem) {
  announce_device();
  fmt::print("{}/{}: {}, random data from seed {}\n\n", op.name(), variant, problem.label(), options.seed);
  const Stream stream;
  Trial trial(problem, options.seed);
=======
emulator::NamedProfile count(const Options& options, Subject& subject) {
  emulator::NamedProfile profile{fmt::format("{}/{}", subject.op->name(), subject.variant), {}};
  fmt::print("{}: {}, random data from seed {}\n", profile.name, subject.problem->label(), options.seed);
  const Stream stream;
  Trial trial(*subject.problem, options.seed);
  emulator::set_traced_blocks(options.blocks);
>>>>>>> h_views
  emulator::take_profile();
  trial.launch(subject.variant, stream);
  if (const Verdict verdict = trial.judge(); !verdict.passed) subject.wrong = verdict.why;
  profile.kernels = emulator::take_profile();
  if (profile.kernels.empty()) {
    throw std::runtime_error(profile.name + " launched no kernel of this project's");
  }
  return profile;
}

std::string to_json(const Options& options, const std::vector<emulator::NamedProfile>& profiles) {
  if (options.diff) return emulator::profile_diff_json(profiles[0], profiles[1]);
  return profiles.size() == 1 ? emulator::profile_json(profiles[0].kernels)
                              : emulator::profile_json(profiles);
}

int tell(const Options& options, std::vector<Subject>& subjects) {
  announce_device();
  std::vector<emulator::NamedProfile> profiles;
  for (Subject& subject : subjects) {
    profiles.push_back(count(options, subject));
    if (!options.diff) fmt::print("\n{}", emulator::profile_table(profiles.back().kernels));
  }
  if (options.diff) fmt::print("\n{}", emulator::profile_diff(profiles[0], profiles[1]));
  if (!options.json.empty()) io::write_file(options.json, to_json(options, profiles));
  if (!options.csv.empty()) io::write_file(options.csv, emulator::profile_csv(profiles[0].kernels));
  if (!options.html.empty()) io::write_file(options.html, emulator::profile_html(profiles));
  for (const Subject& subject : subjects) {
    if (!subject.wrong.empty()) throw std::runtime_error("the result is wrong: " + subject.wrong);
  }
  return 0;
}

#else

<<<<<<< HEAD void prepare(const Options&) {}

int count(const Options&, const AnyOperation&, const std::string&, Problem&) {
=======
  int tell(const Options&, std::vector<Subject>&) {
>>>>>>> h_views
    throw UsageError(
        "this program's kernels do not tell what they do; ./gridstride profile builds and starts one whose "
        "do");
  }

#endif

  int profile(const Options& options, const ProblemWords& words) {
<<<<<<< HEAD
    const auto [op, variant] = parse_target(options.target);
    const auto problem = op->bench_problem(device());
    words.apply(*op, *problem);
    prepare(options);
    if (variant.empty()) {
      if (!options.csv.empty()) {
        throw UsageError(
            fmt::format("--csv wants one variant, such as {}/{}", op->name(), op->variants().front().name));
      }
      return profile_ladder(*op, *problem, options.seed, options.json);
    }
    require_runnable(*op, *problem, variant);
    return count(options, *op, variant, *problem);
=======
    const size_t count = options.targets.size();
    if (options.diff && count != 2) {
      throw UsageError(fmt::format("--diff wants two variants, such as gemm/01 gemm/02; got {}", count));
    }
    if (!options.csv.empty() && (count != 1 || options.diff)) {
      throw UsageError("--csv wants one variant; --json and --html take several");
    }
    std::vector<Subject> subjects;
    for (const std::string& target : options.targets) {
      const auto [op, variant] = parse_target(target);
      if (variant.empty()) {
        throw UsageError(fmt::format("profile wants one variant, such as {}/{} (see: gridstride list {})",
                                     op->name(), op->variants().front().name, op->name()));
      }
      subjects.push_back({op, variant, op->bench_problem(device()), {}});
      words.apply(*op, *subjects.back().problem);
      require_runnable(*op, *subjects.back().problem, variant);
    }
    return tell(options, subjects);
>>>>>>> h_views
  }

  Action declare(CLI::App & app) {
    const auto options = std::make_shared<Options>();
<<<<<<< HEAD
    app.add_option("target", options->target,
                   "OP/VARIANT: the rung to profile (gemm/03); OP: the whole ladder, a line a rung")
        ->required();
=======
    app.add_option("target", options->targets, "OP/VARIANT: the rung to profile (gemm/03), or several")
        ->required();
    app.add_flag("--diff", options->diff, "two rungs beside each other, and what changed");
>>>>>>> h_views
    add_output_file(app, "--json", options->json, "write all counters for a machine to read");
    add_output_file(app, "--csv", options->csv, "write the counters of every line for a spreadsheet");
    add_output_file(app, "--html", options->html, "write a page with the sources, counters and pictures");
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
