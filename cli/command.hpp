#pragma once

#include <CLI/CLI.hpp>
#include <filesystem>
#include <functional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

namespace gridstride::cli {

/// Wrong use: an unknown word, flag or shape. One line on stderr, exit status 2. std::invalid_argument counts
/// as the same; every other exception is a failure: one line, exit status 1.
class UsageError : public std::runtime_error {
  using std::runtime_error::runtime_error;
};

/// What a command does once its words are parsed; returns the exit status.
using Action = std::function<int()>;

/// A subcommand is one file, `cli/<name>.cpp`, that ends with GRIDSTRIDE_COMMAND; no other file knows of it.
struct Command {
  std::string_view name;
  std::string_view summary;      ///< one line for `gridstride help`
  Action (*declare)(CLI::App&);  ///< adds its options to the parser
  /// In place of declare: for words that are not ours to parse.
  int (*forward)(const std::vector<std::string>& words) = nullptr;
};

/// All commands, in the order of their names.
std::vector<Command> commands();

/// Parse the words behind `gridstride <command>` and run it. Throws UsageError.
int run_command(const Command& command, std::vector<std::string> words);

/// The first line of a command's output: which device the kernels run on. Left out where stdout is JSON.
void announce_device();

/// The root of the source tree: data/ and bench/results/ lie there.
std::filesystem::path repository_root();

struct RegisterCommand {
  explicit RegisterCommand(const Command& command);
};

}  // namespace gridstride::cli

/// At the end of `cli/<name>.cpp`. The bootstrap's help reads this line too: keep name and summary plain
/// literals.
#define GRIDSTRIDE_COMMAND(name, summary, ...) \
  static const ::gridstride::cli::RegisterCommand registration({name, summary, __VA_ARGS__})
