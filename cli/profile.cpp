#include <fmt/format.h>

#include <algorithm>
#include <cstdio>
#include <cstdlib>

#include "cli/command.hpp"
#include "cli/problem_words.hpp"
#include "cli/profile_ladder.hpp"
#include "cli/profile_registers.hpp"
#include "cli/report.hpp"
#include "framework/io/atomic_file.hpp"
#include "kernels/core/stream.hpp"
#include "kernels/core/trial.hpp"

#if GRIDSTRIDE_PROFILES
#include "gridstride/emulator/gpu.hpp"
#include "gridstride/emulator/profile.hpp"
#include "gridstride/emulator/races.hpp"
#include "gridstride/emulator/schedule.hpp"
#endif

namespace gridstride::cli {
namespace {

struct Options {
  std::vector<std::string> targets;
  std::string json, csv, html;
  bool diff = false;
  uint64_t blocks = 0;
  unsigned registers = 0;
  uint64_t seed = 1;
};

/// One rung, and what it is to compute.
struct Subject {
  const AnyOperation* op;
  std::string variant;
  std::unique_ptr<Problem> problem;
  std::string wrong;  // what is not as it should be

  std::string name() const { return fmt::format("{}/{}", op->name(), variant); }
};

#if GRIDSTRIDE_PROFILES

void prepare(const Options& options) {
  emulator::check_settings();  // before anything is printed
  // Grids that are made as large as the device should be those of a GPU, and the same on every machine.
  if (std::getenv("GRIDSTRIDE_GPU") == nullptr) emulator::choose_gpu("h200");
  emulator::set_traced_blocks(options.blocks);
}

/// Launches once more, looked at for races instead of being counted.
emulator::RaceFindings find_races(Trial& trial, const std::string& variant, const Stream& stream) {
  emulator::check_races(true);
  trial.launch(variant, stream);
  GRIDSTRIDE_CUDA(cudaDeviceSynchronize());
  emulator::check_races(false);
  return emulator::take_races();
}

/// What was read unwritten may not matter: it is told, and no failure.
bool goes_out_of_bounds(const emulator::RaceFindings& found) {
  return std::ranges::any_of(found.wrong, [](const emulator::WrongAccess& wrong) {
    return wrong.kind == emulator::WrongAccess::Kind::OutOfBounds;
  });
}

/// Whether the bits of the results are others when threads and blocks run in other orders.
bool depends_on_order(Trial& trial, const Options& options, const std::string& variant,
                      const Stream& stream) {
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
  emulator::set_traced_blocks(options.blocks);
  emulator::take_profile();
  return differs;
}

std::string order_text(bool differs, bool deterministic) {
  if (!differs) {
    return "order:  the same bits with threads and blocks forward, reversed and in two random orders";
  }
  return deterministic
             ? "order:  the bits of the result depend on the order of threads, which this rung denies"
             : "order:  the bits of the result depend on the order of threads, as this rung says";
}

/// Neither --registers nor GRIDSTRIDE_REGISTERS told them.
bool knows_no_registers(const std::vector<emulator::KernelProfile>& kernels) {
  return std::ranges::all_of(kernels, [](const auto& kernel) { return kernel.needs.registers == 0; });
}

emulator::NamedProfile count(const Options& options, Subject& subject) {
  emulator::NamedProfile profile{.name = subject.name()};
  fmt::print("{}: {}, random data from seed {}\n", profile.name, subject.problem->label(), options.seed);
  std::fflush(stdout);  // what comes takes its time
  const Stream stream;
  Trial trial(*subject.problem, options.seed);
  emulator::take_profile();
  trial.launch(subject.variant, stream);
  if (const Verdict verdict = trial.judge(); !verdict.passed) {
    subject.wrong = "the result is wrong: " + verdict.why;
  }
  profile.kernels = emulator::take_profile();
  for (auto& kernel : profile.kernels) {
    if (options.registers != 0) kernel.needs.registers = options.registers;
  }
  if (knows_no_registers(profile.kernels)) {
    add_registers(fmt::format("kernels/{}/{}.cu", subject.op->name(), subject.variant), profile.kernels);
  }
  if (profile.kernels.empty() && subject.wrong.empty()) {
    fmt::print("\nlaunches no kernel of this project's: nothing to count\n\n");
    return profile;
  }
  if (!options.diff) fmt::print("\n{}", emulator::profile_table(profile.kernels));
  std::fflush(stdout);

  profile.races = find_races(trial, subject.variant, stream);
  const bool is_ordered = find_variant(*subject.op, subject.variant).deterministic;
  const bool differs = depends_on_order(trial, options, subject.variant, stream);
  fmt::print("{}{}\n", emulator::races_text(*profile.races), order_text(differs, is_ordered));
  if (!subject.wrong.empty()) return profile;
  if (profile.races->count() != 0) subject.wrong = "threads race";
  if (goes_out_of_bounds(*profile.races)) subject.wrong = "a thread accesses what is not its memory";
  if (differs && is_ordered) subject.wrong = "the result depends on the order of threads";
  return profile;
}

std::string to_json(const Options& options, const std::vector<emulator::NamedProfile>& profiles) {
  if (options.diff) return emulator::profile_diff_json(profiles[0], profiles[1]);
  if (profiles.size() > 1) return emulator::profile_json(profiles);
  const auto& [name, kernels, races] = profiles[0];
  return emulator::profile_json(kernels, races ? &*races : nullptr);
}

int tell(const Options& options, std::vector<Subject>& subjects) {
  announce_device();
  std::vector<emulator::NamedProfile> profiles;
  for (Subject& subject : subjects) profiles.push_back(count(options, subject));
  if (options.diff) fmt::print("\n{}", emulator::profile_diff(profiles[0], profiles[1]));
  if (!options.json.empty()) io::write_file(options.json, to_json(options, profiles));
  if (!options.csv.empty()) io::write_file(options.csv, emulator::profile_csv(profiles[0].kernels));
  if (!options.html.empty()) io::write_file(options.html, emulator::profile_html(profiles));
  for (const Subject& subject : subjects) {
    if (!subject.wrong.empty()) throw std::runtime_error(subject.name() + ": " + subject.wrong);
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

int profile(const Options& options, const ProblemWords& words) {
  const size_t count = options.targets.size();
  if (options.diff && count != 2) {
    throw UsageError(fmt::format("--diff wants two variants, such as gemm/01 gemm/02; got {}", count));
  }
  prepare(options);
  std::vector<Subject> subjects;
  for (const std::string& target : options.targets) {
    const auto [op, variant] = parse_target(target);
    const auto add = [&, op = op](std::string_view name) -> Subject& {
      subjects.push_back({op, std::string(name), op->bench_problem(device()), {}});
      words.apply(*op, *subjects.back().problem);
      return subjects.back();
    };
    if (options.diff && !subjects.empty() && subjects.front().op != op) {
      throw UsageError(fmt::format("--diff wants two rungs of one ladder; {} and {} are two",
                                   subjects.front().op->name(), op->name()));
    }
    if (!variant.empty()) {
      require_runnable(*op, *add(variant).problem, variant);
      continue;
    }
    if (options.diff) throw UsageError(fmt::format("--diff wants two variants; {} is a ladder", op->name()));
    if (count == 1 && options.html.empty() && options.csv.empty()) {
      const auto problem = op->bench_problem(device());
      words.apply(*op, *problem);
      return profile_ladder(*op, *problem, options.seed, options.json);
    }
    for (const VariantInfo& rung : op->variants()) {
      if (rung.library) continue;
      const std::string why_not = add(rung.name).problem->why_not(rung.name);
      if (why_not.empty()) continue;
      fmt::print("{}: not profiled: {}\n", subjects.back().name(), why_not);
      subjects.pop_back();
    }
  }
  if (options.diff && subjects[0].variant == subjects[1].variant) {
    throw UsageError(fmt::format("--diff wants two variants; {} is the same as itself", subjects[0].name()));
  }
  if (subjects.empty()) throw UsageError("no rung can run this problem here, so there is nothing to profile");
  if (!options.csv.empty() && (subjects.size() != 1 || options.diff)) {
    throw UsageError(fmt::format("--csv wants one variant, such as {}; --json and --html take several",
                                 subjects.front().name()));
  }
  return tell(options, subjects);
}

Action declare(CLI::App& app) {
  const auto options = std::make_shared<Options>();
  app.add_option("target", options->targets,
                 "OP/VARIANT: the rung to profile (gemm/03), or several; OP: its ladder, a line a rung")
      ->required();
  app.add_flag("--diff", options->diff, "two rungs beside each other, and what changed");
  add_output_file(app, "--json", options->json, "write all counters for a machine to read");
  add_output_file(app, "--csv", options->csv, "write the counters of every line for a spreadsheet");
  add_output_file(app, "--html", options->html, "write a page with the sources, counters and pictures");
  app.add_option("--blocks", options->blocks,
                 "trace so many blocks of every launch, spread over the grid; else all")
      ->check(CLI::Range(int64_t{1}, INT64_MAX));
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
