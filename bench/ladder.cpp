#include "bench/ladder.hpp"

#include <algorithm>
#include <cmath>

#include "kernels/core/trial.hpp"

namespace gridstride::bench {
namespace {

double quantile(const std::vector<double>& sorted, double q) {
  const double at = q * static_cast<double>(sorted.size() - 1);
  const auto below = static_cast<std::size_t>(at);
  const auto above = std::min(below + 1, sorted.size() - 1);
  return sorted[below] + (at - static_cast<double>(below)) * (sorted[above] - sorted[below]);
}

double ratio(double a, double b) { return b > 0 ? a / b : 0; }

// The judge stands before and behind the clock: what is timed must be right, and must have stayed right.
bool judge(Trial& trial, Rung& rung, cudaStream_t stream) {
  try {
    trial.launch(rung.variant.name, stream);
    const Verdict verdict = trial.judge();
    if (verdict.passed) return true;
    rung.why_not = verdict.why;
  } catch (const std::exception& error) {
    rung.why_not = error.what();
  }
  rung.wrong = true;
  return false;
}

bool chosen(const LadderOptions& options, std::string_view name) {
  return options.variants.empty() || std::ranges::find(options.variants, name) != options.variants.end();
}

struct Samples {
  Rung* rung;
  std::vector<double> seconds;
  double total = 0;
  bool enough(const LadderOptions& o) const {
    const int count = static_cast<int>(seconds.size());
    return count >= o.min_samples && (total >= o.min_seconds || count >= o.max_samples);
  }
};

}  // namespace

Roof higher(const Roof& a, const Roof& b) {
  return {std::max(a.copy_bytes_per_s, b.copy_bytes_per_s), std::max(a.flops_per_s, b.flops_per_s),
          a.flops_source};
}

Summary summarize(std::vector<double> seconds) {
  if (seconds.empty()) return {};
  std::ranges::sort(seconds);
  return {quantile(seconds, 0.5),  seconds.front(),         seconds.back(),
          quantile(seconds, 0.25), quantile(seconds, 0.75), static_cast<int>(seconds.size())};
}

double Ladder::roof_seconds() const {
  return std::max(ratio(cost.bytes, roof.copy_bytes_per_s), ratio(cost.flops, roof.flops_per_s));
}

double Ladder::library_seconds() const {
  double best = 0;
  for (const auto& rung : rungs) {
    const double median = rung.seconds.median;
    if (rung.variant.library && median > 0 && (best == 0 || median < best)) best = median;
  }
  return best;
}

double Ladder::first_seconds() const {
  for (const auto& rung : rungs) {
    if (rung.seconds.median > 0) return rung.seconds.median;
  }
  return 0;
}

bool Ladder::all_right() const { return std::ranges::none_of(rungs, &Rung::wrong); }

Ladder measure_ladder(const AnyOperation& op, const Problem& problem, Rig& rig, const Roof& roof,
                      const LadderOptions& options) {
  Ladder ladder;
  ladder.operation = op.name();
  ladder.title = op.title();
  ladder.problem = problem.clone()->label();
  ladder.cost = problem.cost();
  ladder.roof = roof;
  for (const auto& variant : op.variants()) {
    if (chosen(options, variant.name))
      ladder.rungs.push_back({.variant = variant, .why_not = problem.why_not(variant.name)});
  }

  Trial trial(problem, options.seed);
  std::vector<Samples> running;
  for (auto& rung : ladder.rungs) {
    if (!rung.why_not.empty() || !judge(trial, rung, rig.stream())) continue;
    const auto enqueue = [&] { trial.relaunch(rung.variant.name, rig.stream()); };
    if (rig.cold_seconds(enqueue) < Rig::shortest_cold_seconds()) {
      ladder.cold_cache = false;
      ladder.launches_per_sample = 32;
    }
    running.push_back({&rung, {}});
  }
  while (!std::ranges::all_of(running, [&](const Samples& s) { return s.enough(options); })) {
    for (auto& s : running) {
      if (s.enough(options)) continue;
      const auto enqueue = [&] { trial.relaunch(s.rung->variant.name, rig.stream()); };
      const int launches = ladder.launches_per_sample;
      const double each = ladder.cold_cache ? rig.cold_seconds(enqueue) : rig.warm_seconds(enqueue, launches);
      s.seconds.push_back(each);
      s.total += each * launches;
    }
  }
  for (auto& s : running) {
    if (judge(trial, *s.rung, rig.stream())) s.rung->seconds = summarize(s.seconds);
  }
  return ladder;
}

nlohmann::ordered_json to_json(const Ladder& ladder) {
  nlohmann::ordered_json out;
  out["operation"] = ladder.operation;
  out["title"] = ladder.title;
  out["problem"] = ladder.problem;
  out["cost"] = {{"flops", ladder.cost.flops}, {"bytes", ladder.cost.bytes}};
  out["roof"] = {{"copy_gb_per_s", ladder.roof.copy_bytes_per_s * 1e-9},
                 {"gflop_per_s", ladder.roof.flops_per_s * 1e-9},
                 {"gflop_per_s_source", ladder.roof.flops_source},
                 {"seconds", ladder.roof_seconds()}};
  out["cold_cache"] = ladder.cold_cache;
  out["launches_per_sample"] = ladder.launches_per_sample;
  auto& rungs = out["rungs"] = nlohmann::ordered_json::array();
  for (const auto& rung : ladder.rungs) {
    nlohmann::ordered_json one;
    one["variant"] = rung.variant.name;
    one["idea"] = rung.variant.idea;
    one["library"] = rung.variant.library;
    one["measured"] = rung.seconds.samples > 0;
    if (rung.seconds.samples > 0) {
      const Summary& s = rung.seconds;
      one["seconds"] = {{"median", s.median},
                        {"min", s.min},
                        {"max", s.max},
                        {"lower_quartile", s.lower_quartile},
                        {"upper_quartile", s.upper_quartile},
                        {"samples", s.samples}};
      one["gb_per_s"] = ratio(ladder.cost.bytes, s.median) * 1e-9;
      one["gflop_per_s"] = ratio(ladder.cost.flops, s.median) * 1e-9;
      one["of_roof"] = ratio(ladder.roof_seconds(), s.median);
      if (ladder.library_seconds() > 0) one["x_library"] = ratio(ladder.library_seconds(), s.median);
      one["x_first"] = ratio(ladder.first_seconds(), s.median);
    } else {
      one["why_not"] = rung.why_not;
      one["wrong"] = rung.wrong;
    }
    rungs.push_back(std::move(one));
  }
  return out;
}

}  // namespace gridstride::bench
