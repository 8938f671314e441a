#include <fmt/format.h>
#include <unistd.h>

#include <cstdlib>
#include <nlohmann/json.hpp>
#include <set>
#include <thread>

#include "bench/environment.hpp"
#include "cli/command.hpp"
#include "kernels/core/registry.hpp"

namespace gridstride::cli {
namespace {

double memory_gib() {
  return static_cast<double>(sysconf(_SC_PHYS_PAGES)) * static_cast<double>(sysconf(_SC_PAGE_SIZE)) /
         (1 << 30);
}

// What the ladders lack on this machine: one line per missing library or device.
std::set<std::string> missing_needs(int& built, int& all) {
  std::set<std::string> needs;
  for (const auto* op : operations()) {
    for (const auto& variant : op->variants()) {
      ++all;
      if (variant.built) {
        ++built;
      } else {
        needs.emplace(variant.needs);
      }
    }
  }
  return needs;
}

int doctor(bool json) {
  int built = 0, all = 0;
  const auto needs = missing_needs(built, all);
  auto facts = bench::environment(repository_root());
  facts["memory_gib"] = memory_gib();
  facts["operations"] = operations().size();
  facts["variants"] = all;
  facts["variants_built"] = built;
  facts["variants_need"] = needs;
  if (json) {
    fmt::print("{}\n", facts.dump(2));
    return 0;
  }
  announce_device();
  for (const auto& [name, value] : facts.items()) {
    if (name == "date" || name == "variants_need" || name == "device") continue;
    const std::string text = value.is_string()         ? value.get<std::string>()
                             : value.is_number_float() ? fmt::format("{:.1f}", value.get<double>())
                                                       : value.dump();
    fmt::print("  {:<18} {}\n", name, text);
  }
  for (const auto& need : needs) fmt::print("  variants that need {} stay listed and are skipped\n", need);
  return 0;
}

Action declare(CLI::App& app) {
  const auto json = std::make_shared<bool>(false);
  app.add_flag("--json", *json, "for a machine to read");
  return [json] { return doctor(*json); };
}

GRIDSTRIDE_COMMAND("doctor", "what this machine has, what is used, what is missing and how to install it",
                   declare);

}  // namespace
}  // namespace gridstride::cli
