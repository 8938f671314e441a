#include <fmt/format.h>

#include <nlohmann/json.hpp>

#include "cli/command.hpp"
#include "kernels/core/registry.hpp"

namespace gridstride::cli {
namespace {

struct Options {
  std::string op;
  bool json = false;
};

// Whether a variant can run the problem that the benchmark would give it.
std::string availability(const Problem& problem, const VariantInfo& variant) {
  const std::string why = problem.why_not(variant.name);
  return why.empty() ? "runs" : "not here: " + why;
}

void show(const AnyOperation& op, bool details) {
  const auto problem = op.bench_problem(device());
  const auto variants = op.variants();
  std::size_t width = 0;
  for (const auto& v : variants) width = std::max(width, v.name.size());

  fmt::print("\n{}  {}\n", op.name(), op.title());
  for (const auto& v : variants) {
    const bool chosen = v.name == problem->policy();
    const std::string state = availability(*problem, v);
    fmt::print("  {} {:<{}}  {}{}{}\n", chosen ? '*' : ' ', v.name, width, v.idea,
               v.deterministic ? "" : "; bits vary from run to run",
               state == "runs" ? "" : "  [" + state + "]");
  }
  if (!details) return;
  fmt::print("\n  numbers, with what the benchmark takes\n");
  for (const auto& field : problem->schema().fields) {
    fmt::print("    --{:<14} {:<10} {}\n", field.name, field.show(), field.help);
  }
}

nlohmann::ordered_json to_json(const AnyOperation& op) {
  const auto problem = op.bench_problem(device());
  nlohmann::ordered_json out{{"operation", op.name()}, {"title", op.title()}, {"policy", problem->policy()}};
  auto& fields = out["fields"] = nlohmann::ordered_json::array();
  for (const auto& field : problem->schema().fields) {
    fields.push_back({{"name", field.name}, {"help", field.help}, {"bench", field.show()}});
  }
  auto& variants = out["variants"] = nlohmann::ordered_json::array();
  for (const auto& v : op.variants()) {
    const std::string why = problem->why_not(v.name);
    variants.push_back({{"name", v.name},
                        {"idea", v.idea},
                        {"library", v.library},
                        {"deterministic", v.deterministic},
                        {"runs", why.empty()},
                        {"why_not", why},
                        {"suffers", v.suffers},
                        {"cures", v.cures}});
  }
  return out;
}

int list(const Options& options) {
  auto ops = operations();
  if (!options.op.empty()) ops = {&find_operation(options.op)};
  if (options.json) {
    auto all = nlohmann::ordered_json::array();
    for (const auto* op : ops) all.push_back(to_json(*op));
    fmt::print("{}\n",
               nlohmann::ordered_json{{"device", GRIDSTRIDE_DEVICE_NAME}, {"operations", all}}.dump(2));
    return 0;
  }
  announce_device();
  fmt::print("{} {}; * marks the variant that training takes at this size\n", ops.size(),
             ops.size() == 1 ? "ladder" : "ladders");
  for (const auto* op : ops) show(*op, !options.op.empty());
  return 0;
}

Action declare(CLI::App& app) {
  const auto options = std::make_shared<Options>();
  app.add_option("op", options->op, "one operation, with its numbers");
  app.add_flag("--json", options->json, "for a machine to read");
  return [options] { return list(*options); };
}

GRIDSTRIDE_COMMAND("list", "the ladders: variant, idea, and whether it runs here", declare);

}  // namespace
}  // namespace gridstride::cli
