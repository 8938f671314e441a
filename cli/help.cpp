#include <fmt/core.h>

#include "cli/command.hpp"
#include "kernels/core/registry.hpp"

namespace gridstride::cli {
namespace {

// The bootstrap prints these lines too, before anything is built.
constexpr const char* kFooter = R"help(
  help COMMAND            a command's options
  --device cpu|cuda|auto  where kernels run: the emulator, a GPU, or a GPU if one answers
  --yes                   install missing packages without a question
)help";

int help(const std::string& about) {
  const auto all = commands();
  if (about.empty()) {
    fmt::print("usage: gridstride COMMAND [WORDS...]\n\n");
    for (const auto& command : all) fmt::print("  {:<9}{}\n", command.name, command.summary);
    fmt::print("{}", kFooter);
    return 0;
  }
  std::vector<std::string> names;
  for (const auto& command : all) {
    if (command.name == about) return run_command(command, {"--help"});
    names.emplace_back(command.name);
  }
  throw UsageError("no command '" + about + "'" + did_you_mean(about, names));
}

Action declare(CLI::App& app) {
  const auto about = std::make_shared<std::string>();
  app.add_option("command", *about, "the command to explain");
  return [about] { return help(*about); };
}

GRIDSTRIDE_COMMAND("help", "this overview, or the options of one command", declare);

}  // namespace
}  // namespace gridstride::cli
