// The `gridstride` program: finds the command, and turns every error into one line and an exit status.
#include <algorithm>
#include <cerrno>
#include <csignal>
#include <cstdio>
#include <cstring>
#include <exception>
#include <string>
#include <vector>

#include "cli/command.hpp"
#include "kernels/core/registry.hpp"

namespace {

using namespace gridstride::cli;

const Command& find_command(const std::vector<Command>& all, std::string name) {
  if (name == "--help" || name == "-h") name = "help";
  std::vector<std::string> names;
  for (const auto& command : all) {
    if (command.name == name) return command;
    names.emplace_back(command.name);
  }
  throw UsageError("no command '" + name + "'" + gridstride::did_you_mean(name, names) +
                   " (see: gridstride help)");
}

int fail(int status, std::string line) {
  std::ranges::replace(line, '\n', ' ');
  std::fflush(stdout);
  std::fprintf(stderr, "gridstride: %s\n", line.c_str());
  return status;
}

}  // namespace

int main(int argc, char** argv) {
  // A file that grows over its limit is then an error like any other, and not the end of the process.
  std::signal(SIGXFSZ, SIG_IGN);
  try {
    std::vector<std::string> words(argv + 1, argv + argc);
    const auto all = commands();
    const Command& command = find_command(all, words.empty() ? "help" : words.front());
    if (!words.empty()) words.erase(words.begin());
    const int status = run_command(command, std::move(words));
    // What was printed counts only if it arrived.
    if (std::fflush(stdout) != 0 || std::ferror(stdout) != 0) {
      return fail(1, std::string("the output cannot be written: ") + std::strerror(errno) +
                         "; give it another place");
    }
    return status;
  } catch (const UsageError& error) {
    return fail(2, error.what());
  } catch (const std::invalid_argument& error) {
    return fail(2, error.what());
  } catch (const std::bad_alloc&) {
    return fail(1, "out of memory; try a smaller size");
  } catch (const std::exception& error) {
    return fail(1, error.what());
  }
}
