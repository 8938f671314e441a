#include "emulator/driver/cc.hpp"

#include <stdlib.h>
#include <unistd.h>

#include <cstdio>
#include <filesystem>
#include <stdexcept>

#include "emulator/driver/pipeline.hpp"
#include "emulator/driver/words.hpp"

namespace gridstride::driver {
namespace {

namespace fs = std::filesystem;

constexpr const char* kHelp = R"(usage: gridstride cc [OPTIONS] FILE.cu ... [-o PROGRAM]
Compiles CUDA C++ for this machine's CPU. Takes nvcc's command line: put it where NVCC or CC stands in a Makefile.

  -o FILE  -c  -E  -M  -MD  -dc  -dlink  -lib  -shared   what to make
  -I -D -U -L -l -std= -O -g -G -w -Xcompiler -Xlinker   as for any compiler
  -ccbin COMPILER   the C++ compiler behind it; else $CXX, else %s
  -x cu|c++|c       the language of all inputs
  -arch sm_NN       the __CUDA_ARCH__ that the program sees
  --dryrun  -v      show the commands
  --keep            keep the translated sources, as FILE.o.ii
  --check           tell every array index out of bounds, every misaligned vector, every read of shared memory
                    that nobody wrote, and the thread of every fault
  --profile         the program tells what its kernels did, line by line, when it ends (docs/profiler.md)

GRIDSTRIDE_CHECK=1 in the environment is --check here, and makes a program that runs tell every access out of
bounds, after a free, or from the wrong side.
)";

/// A folder that goes away with its contents.
class Scratch {
 public:
  explicit Scratch(bool keep) : keep_(keep) {
    path_ = (fs::temp_directory_path() / "gridstride-ccXXXXXX").string();
    if (!mkdtemp(path_.data()))
      throw std::runtime_error("cannot make a folder in " + fs::temp_directory_path().string());
  }
  Scratch(const Scratch&) = delete;
  Scratch& operator=(const Scratch&) = delete;
  ~Scratch() {
    std::error_code ignored;
    if (!keep_) fs::remove_all(path_, ignored);
  }
  const std::string& path() const { return path_; }

 private:
  bool keep_;
  std::string path_;
};

void show(const Step& step, const Toolchain& toolchain) {
  Words words = step.command;
  if (step.translates) words.insert(words.begin(), toolchain.translator);
  std::fprintf(stderr, "#$ %s\n", quote(words).c_str());
}

std::string join(const Words& words) {
  std::string out;
  for (const std::string& word : words) out += (out.empty() ? "" : ", ") + word;
  return out;
}

void print_notes(const NvccLine& line) {
  if (!line.no_effect.empty()) {
    std::fprintf(stderr, "gridstride cc: note: without effect on a CPU: %s\n", join(line.no_effect).c_str());
  }
  if (line.goal == NvccLine::Goal::program && !line.missing_libraries.empty()) {
    std::fprintf(stderr,
                 "gridstride cc: note: the emulator has no such libraries, and links without them: %s\n",
                 join(line.missing_libraries).c_str());
  }
}

int run_step(const Step& step) {
  if (step.translates) return compile_cuda(CommandLine(step.command));
  const int status = run(step.command).status;
  if (status != 0 && !step.makes.empty()) unlink(step.makes.c_str());
  return status;
}

}  // namespace

int cc(const NvccLine& line, const Toolchain& toolchain) {
  if (line.goal == NvccLine::Goal::help) {
    std::printf(kHelp, toolchain.compiler.c_str());
    return 0;
  }
  if (line.goal == NvccLine::Goal::version) {
    // Build scripts look for nvcc's words "release" and "V".
    std::printf("gridstride cc %s: CUDA C++ for the CPU\nCuda compilation tools, release 13.0, V13.0.0\n",
                toolchain.version.c_str());
    return 0;
  }
  print_notes(line);
  if (line.keep) setenv("GRIDSTRIDE_KEEP", "1", 1);
  const Scratch scratch(line.keep);
  for (const Step& step : plan(line, toolchain, scratch.path())) {
    if (line.dry_run || line.verbose) show(step, toolchain);
    if (line.dry_run) continue;
    if (const int status = run_step(step); status != 0 || interrupted()) return status;
  }
  return 0;
}

}  // namespace gridstride::driver
