#include "cli/command.hpp"

namespace gridstride::cli {
namespace {

// The tests are programs of their own; building and starting them is the bootstrap's work.
Action declare(CLI::App& app) {
  app.add_option("-k", "only tests whose name contains this")->expected(1);
  app.allow_extras();
  return []() -> int {
    throw UsageError(
        "the tests are started by the script at the root: ./gridstride test [-k FILTER] [--asan]");
  };
}

GRIDSTRIDE_COMMAND("test", "build and run the tests, and name those that this machine cannot run", declare);

}  // namespace
}  // namespace gridstride::cli
