#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <stdexcept>
#include <string_view>

#include "emulator/driver/cc.hpp"
#include "emulator/driver/words.hpp"

namespace gridstride::driver {
namespace {

using Goal = NvccLine::Goal;
using Kind = Input::Kind;
namespace fs = std::filesystem;

/// The architecture that device code sees where nobody names one; nvcc 13 compiles for the same.
constexpr int kArchitecture = 750;
/// Older than that, programs bring functions of their own that the emulator has, and go long ways around
/// votes and matches.
constexpr int kOldestArchitecture = 700;

std::string host_compiler(const NvccLine& line, const Toolchain& toolchain) {
  for (const char* name : {"NVCC_CCBIN", "CXX"}) {
    const char* value = std::getenv(name);
    if (line.host_compiler.empty() && value && *value) return value;
  }
  if (line.host_compiler.empty()) return toolchain.compiler;
  if (fs::is_directory(line.host_compiler)) return fs::path(line.host_compiler) / "g++";
  const fs::path given = line.host_compiler;  // nvcc is often told gcc, and takes g++
  if (given.filename() == "gcc") return given.parent_path() / "g++";
  if (given.filename() == "clang") return given.parent_path() / "clang++";
  return given;
}

/// The variable that makes a program check itself when it runs does so when it is compiled.
bool asked_to_check() {
  const char* value = std::getenv("GRIDSTRIDE_CHECK");
  return value != nullptr && std::string_view(value) == "1";
}

/// The emulator's headers are C++20; what is older is raised to it.
std::string standard(const std::string& asked) {
  if (asked.empty()) return "-std=gnu++20";
  const std::size_t plus = asked.rfind('+');
  const std::string year = plus == std::string::npos ? asked : asked.substr(plus + 1);
  static constexpr std::string_view kOlder[] = {"98", "03", "11", "0x", "14", "1y", "17", "1z"};
  const bool older = std::find(std::begin(kOlder), std::end(kOlder), year) != std::end(kOlder);
  return "-std=" + (older ? asked.substr(0, plus + 1) + "20" : asked);
}

/// A folder of the CUDA Toolkit: its headers would come in the way of ours.
bool is_toolkit(const std::string& folder) { return fs::exists(fs::path(folder) / "crt/host_defines.h"); }

Words without_toolkit(const Words& preprocessor) {
  Words out;
  for (std::size_t i = 0; i < preprocessor.size(); ++i) {
    const std::string& word = preprocessor[i];
    if (word == "-isystem" && i + 1 < preprocessor.size() && is_toolkit(preprocessor[i + 1])) {
      ++i;
    } else if (word.rfind("-I", 0) != 0 || !is_toolkit(word.substr(2))) {
      out.push_back(word);
    }
  }
  return out;
}

class Planner {
 public:
  Planner(const NvccLine& line, const Toolchain& toolchain, const std::string& scratch)
      : line_(line), toolchain_(toolchain), scratch_(scratch), compiler_(host_compiler(line, toolchain)) {}

  std::vector<Step> plan() {
    switch (line_.goal) {
      case Goal::device_link:
        device_link();
        break;
      case Goal::preprocessed:
      case Goal::dependencies:
        for (const Input& input : line_.inputs) preprocess(input);
        break;
      case Goal::objects:
        for (const Input& input : line_.inputs) {
          if (input.kind != Kind::linkable) compile(input, object_beside(input));
        }
        break;
      default:
        link();
    }
    return std::move(steps_);
  }

 private:
  Words compile_flags(Kind kind) const {
    Words out = {compiler_};
    if (kind != Kind::c) out.push_back(standard(line_.standard));
    append(out, toolchain_.compile);
    out.push_back(line_.shared ? "-fPIC" : "-fno-pie");
    if (line_.debug) out.push_back("-g");
    // Reports tell lines, also of programs that nobody meant to debug.
    if (!line_.debug && (line_.line_info || kind == Kind::cuda || checks_)) out.push_back("-g1");
    const std::string& level = line_.optimization;
    if (!level.empty()) out.push_back("-O" + level);
    // nvcc optimizes device code unless -G says otherwise, and this one compilation is of host and device
    // code.
    const bool optimizes = level.empty() ? !line_.device_debug : level != "0";
    if (kind == Kind::cuda && optimizes) append(out, toolchain_.optimize);
    append(out, line_.compiler);
    if (kind == Kind::cuda && line_.profiles) {
      append(out, tracing());
    } else if (kind == Kind::cuda && checks_) {
      append(out, instrumentation());
    }
    if (kind == Kind::cuda) append(out, macros());
    out.push_back("-I" + toolchain_.include);
    append(out, without_toolkit(line_.preprocessor));
    return out;
  }

  /// Calls of the emulator's own functions at array indices, vector accesses, and every load and store.
  Words instrumentation() const {
    Words out = {"-D__GRIDSTRIDE_CHECK__=1", "-fsanitize=bounds,alignment"};
    Words asked = toolchain_.compile;
    append(asked, line_.compiler);
    const auto is_sanitizer = [](const std::string& word) { return word.starts_with("-fsanitize="); };
    if (std::any_of(asked.begin(), asked.end(), is_sanitizer)) return out;  // it does not go with others
    append(out, {"-fsanitize=thread", "-U__SANITIZE_THREAD__"});
    // Else clang takes `x += 1` for a store alone.
    if (is_clang()) append(out, {"-mllvm", "-tsan-compound-read-before-write"});
    // What is volatile may be a flag, no data.
    append(out, is_clang() ? Words{"-mllvm", "-tsan-distinguish-volatile"}
                           : Words{"--param=tsan-distinguish-volatile=1", "-Wno-tsan"});
    return out;
  }

  /// Calls of the emulator's own functions at every access, call and branch.
  Words tracing() const {
    if (is_clang()) throw std::invalid_argument("--profile needs g++: clang instruments what it has changed");
    if (toolchain_.profile.empty()) {
      throw std::invalid_argument("--profile and an emulator built with sanitizers do not go together");
    }
    return toolchain_.profile;
  }

  bool is_clang() const { return fs::path(compiler_).filename().string().starts_with("clang"); }

  /// What nvcc predefines. Host and device code are compiled in one go, hence __CUDA_ARCH__ is always there
  /// (see docs/adr/0004-one-pass.md).
  Words macros() const {
    const int asked = line_.architecture == 0 ? kArchitecture : line_.architecture;
    Words out = {"-D__NVCC__=1",
                 "-D__CUDACC__=1",
                 "-D__CUDACC_VER_MAJOR__=13",
                 "-D__CUDACC_VER_MINOR__=0",
                 "-D__CUDACC_VER_BUILD__=0",
                 "-D__CUDA_ARCH__=" + std::to_string(std::max(asked, kOldestArchitecture))};
    if (line_.relocatable) out.push_back("-D__CUDACC_RDC__=1");
    if (line_.debug) out.push_back("-D__CUDACC_DEBUG__=1");
    return out;
  }

  std::string object_beside(const Input& input) const {
    if (!line_.output.empty()) return line_.output;
    return (fs::path(line_.output_folder) / fs::path(input.path).stem()).string() + ".o";
  }

  /// Every compiled file of a program needs an object of its own, whatever their names are.
  std::string object_in_scratch(const Input& input) {
    return scratch_ + '/' + std::to_string(steps_.size()) + '-' + fs::path(input.path).stem().string() + ".o";
  }

  /// The depfile is named after what the user gets, and so is its target.
  Words depfile(const std::string& made) const {
    Words out = line_.depfile;
    if (out.empty()) return out;
    if (!line_.names_depfile) append(out, {"-MF", fs::path(made).replace_extension(".d")});
    if (!line_.names_target) append(out, {"-MT", made});
    return out;
  }

  void compile(const Input& input, const std::string& object) {
    const bool cuda = input.kind == Kind::cuda;
    Words command = compile_flags(input.kind);
    append(command, depfile(line_.goal == Goal::objects ? object : program_name()));
    if (cuda) command.push_back(line_.relocatable ? "-rdc=true" : "-rdc=false");
    append(command, {"-x",
                     cuda                      ? "cu"
                     : input.kind == Kind::cpp ? "c++"
                                               : "c",
                     "-c", input.path, "-o", object});
    steps_.push_back({std::move(command), cuda, object});
  }

  void preprocess(const Input& input) {
    Words command = compile_flags(input.kind);
    command.push_back(line_.goal == Goal::preprocessed ? "-E" : line_.dependency_switch);
    append(command, line_.depfile);
    if (input.kind == Kind::cuda)
      append(command, {"-D__GRIDSTRIDE_TRANSLATES__=1", "-include", "cuda_runtime.h"});
    append(command, {"-x", input.kind == Kind::c ? "c" : "c++", input.path});
    if (!line_.output.empty()) append(command, {"-o", line_.output});
    steps_.push_back({std::move(command), false, ""});
  }

  /// Device code needs no linking of its own here, but who asks for an object gets one.
  void device_link() {
    const std::string object = line_.output.empty() ? "a_dlink.o" : line_.output;
    steps_.push_back(
        {{compiler_, line_.shared ? "-fPIC" : "-fno-pie", "-x", "c++", "-c", "/dev/null", "-o", object},
         false,
         object});
  }

  std::string program_name() const {
    if (!line_.output.empty()) return line_.output;
    return line_.goal == Goal::archive ? "a.a" : "a.out";
  }

  void link() {
    Words objects;
    for (const Input& input : line_.inputs) {
      if (input.kind == Kind::linkable) {
        objects.push_back(input.path);
        continue;
      }
      const std::string object = object_in_scratch(input);
      compile(input, object);
      objects.push_back(object);
    }
    const std::string made = program_name();
    steps_.push_back({link_command(objects, made), false, made});
    if (line_.runs) steps_.push_back({{fs::absolute(made)}, false, ""});
  }

  Words link_command(const Words& objects, const std::string& made) const {
    Words command = {"ar", "rcs", made};
    if (line_.goal == Goal::program) {
      command = {compiler_, line_.shared ? "-shared" : "-no-pie"};
      append(command, line_.compiler);
      append(command, {"-o", made});
    }
    append(command, objects);
    if (line_.goal != Goal::program) return command;
    append(command, line_.linker);
    // There is one device in a process: a shared library uses that of the program that loads it.
    if (!line_.shared) append(command, toolchain_.link);
    return command;
  }

  const NvccLine& line_;
  const Toolchain& toolchain_;
  const std::string& scratch_;
  const std::string compiler_;
  const bool checks_ = line_.checks || asked_to_check();
  std::vector<Step> steps_;
};

}  // namespace

std::vector<Step> plan(const NvccLine& line, const Toolchain& toolchain, const std::string& scratch) {
  return Planner(line, toolchain, scratch).plan();
}

}  // namespace gridstride::driver
