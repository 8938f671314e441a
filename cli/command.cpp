#include "cli/command.hpp"

#include <fmt/core.h>

#include <algorithm>
#include <cstdlib>
#include <memory>
#include <thread>

#include "kernels/core/registry.hpp"

namespace gridstride::cli {
namespace {

std::vector<Command>& all() {
  static std::vector<Command> registered;
  return registered;
}

// CLI11 would only name the word; we also name its neighbours.
void reject_unknown(const CLI::App& app, const std::string& command) {
  for (const auto* sub : app.get_subcommands()) reject_unknown(*sub, command + " " + sub->get_name());
  const auto unknown = app.remaining();
  if (unknown.empty()) return;
  const std::string word = unknown.front().substr(0, unknown.front().find('='));
  std::vector<std::string> known;
  if (word.starts_with("-")) {
    for (const auto* option : app.get_options()) {
      for (const auto& name : option->get_lnames()) known.push_back("--" + name);
    }
  } else {
    for (const auto* sub : app.get_subcommands(nullptr)) known.push_back(sub->get_name());
  }
  throw UsageError(fmt::format("{}: unexpected '{}'{} (see: gridstride {} --help)", command, word,
                               did_you_mean(word, known), command));
}

void accept_unknown(CLI::App& app) {
  app.allow_extras();
  for (auto* sub : app.get_subcommands(nullptr)) accept_unknown(*sub);
}

void check_device(const std::string& wanted) {
  if (wanted == "auto" || wanted == GRIDSTRIDE_DEVICE_NAME) return;
  if (wanted != "cpu" && wanted != "cuda") {
    throw UsageError("--device wants cpu, cuda or auto, got '" + wanted + "'");
  }
  throw UsageError("this program is built for " GRIDSTRIDE_DEVICE_NAME "; ./gridstride --device " + wanted +
                   " builds and starts the other one");
}

}  // namespace

RegisterCommand::RegisterCommand(const Command& command) { all().push_back(command); }

std::vector<Command> commands() {
  auto sorted = all();
  std::ranges::sort(sorted, {}, &Command::name);
  return sorted;
}

int run_command(const Command& command, std::vector<std::string> words) {
  if (command.forward) return command.forward(words);
  const std::string name(command.name);
  CLI::App app{std::string(command.summary), "gridstride " + name};
  app.option_defaults()->multi_option_policy(
      CLI::MultiOptionPolicy::TakeLast);  // the last word wins, as elsewhere
  std::string wanted = "auto";
  app.add_option("--device", wanted, "cpu (the emulator), cuda (a GPU) or auto");
  const Action action = command.declare(app);
  accept_unknown(app);
  std::ranges::reverse(words);  // CLI11 takes them from the back
  try {
    app.parse(words);
  } catch (const CLI::Success& help) {
    return app.exit(help);
  } catch (const CLI::ParseError& error) {
    throw UsageError(fmt::format("{}: {} (see: gridstride {} --help)", name, error.what(), name));
  }
  reject_unknown(app, name);
  check_device(wanted);
  return action();
}

void announce_device() {
  if (device() == Device::cpu) {
    fmt::print("device: cpu, the emulator on {} hardware threads\n", std::thread::hardware_concurrency());
  } else {
    const auto& gpu = device_info();
    fmt::print("device: cuda, {} (sm_{}, {} multiprocessors)\n", gpu.name, gpu.compute_capability,
               gpu.multiprocessors);
  }
}

std::filesystem::path repository_root() {
  const char* root = std::getenv("GRIDSTRIDE_ROOT");
  return root && *root ? root : GRIDSTRIDE_SOURCE_DIR;
}

}  // namespace gridstride::cli
