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
  bool of_ladder = false;  // nobody asked for this rung in particular
  std::string wrong = {};  // why its result is
};

#if GRIDSTRIDE_PROFILES

void prepare(const Options& options) {
  // Grids that are made as large as the device should be those of a GPU, and the same on every machine.
  if (std::getenv("GRIDSTRIDE_GPU") == nullptr) emulator::choose_gpu("h200");
  emulator::set_traced_blocks(options.blocks);
}

emulator::NamedProfile count(const Options& options, Subject& subject) {
  emulator::NamedProfile profile{fmt::format("{}/{}", subject.op->name(), subject.variant), {}};
  fmt::print("{}: {}, random data from seed {}\n", profile.name, subject.problem->label(), options.seed);
  const Stream stream;
  Trial trial(*subject.problem, options.seed);
  emulator::take_profile();
  trial.launch(subject.variant, stream);
  if (const Verdict verdict = trial.judge(); !verdict.passed) subject.wrong = verdict.why;
  profile.kernels = emulator::take_profile();
  if (profile.kernels.empty() && !subject.of_ladder) {
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
    if (profiles.back().kernels.empty()) {
      fmt::print("\nlaunches no kernel of this project's\n\n");
      profiles.pop_back();
      continue;
    }
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

void prepare(const Options&) {}

int tell(const Options&, std::vector<Subject>&) {
  throw UsageError(
      "this program's kernels do not tell what they do; ./gridstride profile builds and starts one whose do");
}

#endif

/// All rungs of a ladder that can run here.
void add_rungs(std::vector<Subject>& subjects, const AnyOperation& op, const Problem& problem,
               const ProblemWords& words) {
  for (const VariantInfo& variant : op.variants()) {
    if (!problem.why_not(variant.name).empty()) continue;
    subjects.push_back({&op, std::string(variant.name), op.bench_problem(device()), true});
    words.apply(op, *subjects.back().problem);
  }
}

int profile(const Options& options, const ProblemWords& words) {
  const size_t count = options.targets.size();
  if (options.diff && count != 2) {
    throw UsageError(fmt::format("--diff wants two variants, such as gemm/01 gemm/02; got {}", count));
  }
  if (!options.csv.empty() && (count != 1 || options.diff)) {
    throw UsageError("--csv wants one variant; --json and --html take several");
  }
  prepare(options);
  std::vector<Subject> subjects;
  for (const std::string& target : options.targets) {
    const auto [op, variant] = parse_target(target);
    auto problem = op->bench_problem(device());
    words.apply(*op, *problem);
    if (variant.empty()) {
      if (options.diff || !options.csv.empty()) {
        throw UsageError(fmt::format("{}, such as {}/{}",
                                     options.diff ? "--diff wants two variants" : "--csv wants one variant",
                                     op->name(), op->variants().front().name));
      }
      if (count == 1 && options.html.empty()) {
        return profile_ladder(*op, *problem, options.seed, options.json);
      }
      add_rungs(subjects, *op, *problem, words);
      continue;
    }
    require_runnable(*op, *problem, variant);
    subjects.push_back({op, variant, std::move(problem)});
  }
  return tell(options, subjects);
}

Action declare(CLI::App& app) {
  const auto options = std::make_shared<Options>();
  app.add_option("target", options->targets,
                 "OP/VARIANT: the rung to profile (gemm/03), or several; OP: the whole ladder")
      ->required();
  app.add_flag("--diff", options->diff, "two rungs beside each other, and what changed");
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
