#include <unistd.h>

#include <cstdlib>
#include <filesystem>

#include "cli/command.hpp"

namespace gridstride::cli {
namespace {

// The compiler is a program of its own: it is built without the kernels, and installed without this program.
int forward(const std::vector<std::string>& words) {
  const auto program = std::filesystem::read_symlink("/proc/self/exe").parent_path() / "gridstride-cc";
  std::vector<char*> arguments{const_cast<char*>(program.c_str())};
  for (const auto& word : words) arguments.push_back(const_cast<char*>(word.c_str()));
  arguments.push_back(nullptr);
  execv(program.c_str(), arguments.data());
  throw UsageError(
      "the compiler for the CPU is not built beside this program; start it with ./gridstride cc");
}

GRIDSTRIDE_COMMAND("cc", "compile any CUDA C++ program for the CPU; takes nvcc's command line", nullptr,
                   forward);

}  // namespace
}  // namespace gridstride::cli
