#include "emulator/driver/nvcc_line.hpp"

#include <algorithm>
#include <array>
#include <cstdlib>
#include <fstream>
#include <iterator>
#include <stdexcept>
#include <string_view>

#include "emulator/driver/words.hpp"

namespace gridstride::driver {
namespace {

using std::string_view;

template <std::size_t N>
bool any_of(const std::array<string_view, N>& words, string_view word) {
  return std::find(words.begin(), words.end(), word) != words.end();
}

bool starts_with(string_view word, string_view start) { return word.substr(0, start.size()) == start; }

[[noreturn]] void refuse(const std::string& why) { throw std::invalid_argument(why); }

/// `cu` of `dir/x.cu`, and `so` of `libx.so.1.2`.
string_view extension(string_view path) {
  const string_view name = path.substr(path.rfind('/') + 1);
  if (name.find(".so.") != string_view::npos) return "so";
  const std::size_t dot = name.rfind('.');
  return dot == string_view::npos ? "" : name.substr(dot + 1);
}

Input::Kind kind_of(Language language, const std::string& path) {
  static constexpr std::array<string_view, 5> kCpp = {"cpp", "cc", "cxx", "C", "c++"};
  static constexpr std::array<string_view, 5> kLinkable = {"o", "obj", "a", "so", "lo"};
  const string_view end = extension(path);
  if (any_of(kLinkable, end)) return Input::Kind::linkable;
  if (language == Language::cuda || (language == Language::by_name && end == "cu")) return Input::Kind::cuda;
  if (language == Language::cpp || (language == Language::by_name && any_of(kCpp, end)))
    return Input::Kind::cpp;
  if (language == Language::c || (language == Language::by_name && end == "c")) return Input::Kind::c;
  static constexpr std::array<string_view, 4> kDeviceCode = {"ptx", "cubin", "fatbin", "gpu"};
  if (any_of(kDeviceCode, end))
    refuse("'" + path + "' is code for a GPU; compile the CUDA C++ it was made from");
  refuse("do not know what to do with '" + path +
         "'; sources end in .cu, .cpp, .cc, .cxx or .c, or -x names their language");
}

bool is_true(const std::string& value) { return value == "true" || value == "1" || value == "yes"; }

/// What -Werror may be followed by.
bool is_warning_kind(string_view word) {
  static constexpr std::array<string_view, 8> kKinds = {
      "all-warnings",          "cross-execution-space-call", "reorder",
      "default-stream-launch", "ext-lambda-captures-this",   "deprecated-declarations",
      "missing-launch-bounds", "deprecated-gpu-targets"};
  return any_of(kKinds, word.substr(0, word.find(',')));
}

/// The runtime that nvcc links, which is ours here.
bool is_runtime(string_view library) {
  static constexpr std::array<string_view, 6> kNames = {"cudart", "cudart_static", "cudadevrt",
                                                        "cuda",   "cudart_shared", "nvToolsExt"};
  return any_of(kNames, library);
}

/// Libraries of the CUDA Toolkit that have no counterpart here.
bool is_toolkit_library(string_view library) {
  static constexpr std::array<string_view, 14> kStems = {
      "cublas", "cublasLt", "cufft", "cufftw", "curand", "cusolver",  "cusparse",
      "cudnn",  "nccl",     "nvrtc", "nvjpeg", "npp",    "nvidia-ml", "cutensor"};
  return std::any_of(kStems.begin(), kStems.end(), [&](string_view stem) {
    if (!starts_with(library, stem)) return false;
    const string_view rest = library.substr(stem.size());
    return rest.empty() || rest[0] == '_' || stem == "npp" || rest == "Mg" || rest == "Lt";
  });
}

Words with_environment(const Words& words) {
  const auto from = [](const char* name) {
    const char* text = std::getenv(name);
    return text ? split_words(text) : Words{};
  };
  Words all = from("NVCC_PREPEND_FLAGS");
  append(all, words);
  append(all, from("NVCC_APPEND_FLAGS"));
  return all;
}

Words read_response_file(const std::string& path) {
  std::ifstream in(path, std::ios::binary);
  if (!in) refuse("cannot read the options file '" + path + "'");
  const std::string text((std::istreambuf_iterator<char>(in)), {});
  return split_words(text);
}

}  // namespace

NvccLine::NvccLine(const Words& words) {
  read(with_environment(words));
  check();
}

void NvccLine::read(const Words& words, int depth) {
  if (depth > 8) refuse("options files include each other");
  for (std::size_t at = 0; at < words.size(); ++at) {
    const std::string& word = words[at];
    if (word.size() > 1 && word[0] == '@') {
      read(read_response_file(word.substr(1)), depth + 1);
    } else if (word.size() > 1 && word[0] == '-') {
      read_option(words, at, depth);
    } else {
      add_input(word);
    }
  }
}

void NvccLine::read_option(const Words& words, std::size_t& at, int depth) {
  const std::string& word = words[at];
  FoundOption found = find_option(word);
  if (!found.option) return forward(word);
  const Option& option = *found.option;
  if (option.meaning == Meaning::werror) {
    if (!found.has_value && at + 1 < words.size() && is_warning_kind(words[at + 1]))
      found.value = words[++at];
  } else if (option.takes == Takes::value && !found.has_value) {
    if (at + 1 >= words.size()) refuse("'" + word + "' lacks its value");
    found.value = words[++at];
  } else if (option.takes == Takes::nothing && found.has_value && !is_true(found.value)) {
    return;  // --extended-lambda=false
  }
  apply(option, word, found.value, depth);
}

void NvccLine::apply(const Option& option, const std::string& word, const std::string& value, int depth) {
  const auto each = [&](Words& target, const std::string& flag) {
    for (const std::string& part : split_list(value)) append(target, {flag + part});
  };
  switch (option.meaning) {
    case Meaning::output:
      output = value;
      break;
    case Meaning::output_folder:
      output_folder = value;
      break;
    case Meaning::compile:
      goal = Goal::objects;
      break;
    case Meaning::compile_relocatable:
      goal = Goal::objects;
      relocatable = true;
      break;
    case Meaning::preprocess:
      goal = Goal::preprocessed;
      break;
    case Meaning::dependencies:
    case Meaning::user_dependencies:
      goal = Goal::dependencies;
      dependency_switch = option.meaning == Meaning::dependencies ? "-M" : "-MM";
      break;
    case Meaning::device_link:
      goal = Goal::device_link;
      break;
    case Meaning::archive:
      goal = Goal::archive;
      break;
    case Meaning::link:
      break;
    case Meaning::shared:
      shared = true;
      break;
    case Meaning::run:
      runs = true;
      break;

    case Meaning::host_compiler:
      host_compiler = value;
      break;
    case Meaning::language:
      if (value == "cu") {
        language_ = Language::cuda;
      } else if (value == "c++") {
        language_ = Language::cpp;
      } else if (value == "c") {
        language_ = Language::c;
      } else {
        refuse("-x wants cu, c++ or c, got '" + value + "'");
      }
      for (Input& input : inputs) input.kind = kind_of(language_, input.path);  // for those before it, too
      break;
    case Meaning::standard:
      standard = value;
      break;
    case Meaning::optimize:
      optimization = value;
      break;
    case Meaning::debug:
      debug = true;
      break;
    case Meaning::device_debug:
      debug = device_debug = true;
      break;
    case Meaning::line_info:
      line_info = true;
      break;
    case Meaning::architecture:
    case Meaning::generate_code:
      add_architecture(value);
      break;
    case Meaning::relocatable:
      relocatable = is_true(value);
      break;
    case Meaning::default_stream:
      if (value == "per-thread") preprocessor.push_back("-DCUDA_API_PER_THREAD_DEFAULT_STREAM=1");
      break;
    case Meaning::fast_math:
      preprocessor.push_back("-D__USE_FAST_MATH__=1");
      break;
    case Meaning::extended_lambda:
      preprocessor.push_back("-D__CUDACC_EXTENDED_LAMBDA__=1");
      break;
    case Meaning::relaxed_constexpr:
      preprocessor.push_back("-D__CUDACC_RELAXED_CONSTEXPR__=1");
      break;
    case Meaning::werror:
      if (value.empty() || value.find("all-warnings") != std::string::npos) compiler.push_back("-Werror");
      break;
    case Meaning::no_warnings:
      compiler.push_back("-w");
      break;
    case Meaning::to_compiler:
      for (const std::string& part : split_list(value)) append(compiler, split_words(part));
      break;
    case Meaning::to_linker:
      for (const std::string& part : split_list(value)) {
        for (const std::string& flag : split_words(part)) append(linker, {"-Xlinker", flag});
      }
      break;

    case Meaning::include_path:
      each(preprocessor, "-I");
      break;
    case Meaning::system_path:
      for (const std::string& part : split_list(value)) append(preprocessor, {"-isystem", part});
      break;
    case Meaning::include_file:
      for (const std::string& part : split_list(value)) append(preprocessor, {"-include", part});
      break;
    case Meaning::define:
      preprocessor.push_back("-D" + value);
      break;
    case Meaning::undefine:
      preprocessor.push_back("-U" + value);
      break;
    case Meaning::depfile_switch:
      depfile.push_back('-' + std::string(option.short_name));
      break;
    case Meaning::depfile_value:
      names_depfile |= option.short_name == "MF";
      names_target |= option.short_name != "MF";
      append(depfile, {'-' + std::string(option.short_name), value});
      break;

    case Meaning::library:
      for (const std::string& part : split_list(value)) add_library(part);
      break;
    case Meaning::library_path:
      each(linker, "-L");
      break;

    case Meaning::response_file:
      for (const std::string& part : split_list(value)) read(read_response_file(part), depth + 1);
      break;
    case Meaning::dry_run:
      dry_run = true;
      break;
    case Meaning::verbose:
      verbose = true;
      break;
    case Meaning::keep:
      keep = true;
      break;
    case Meaning::profile:
      profiles = true;
      break;
    case Meaning::check:
      checks = true;
      break;
    case Meaning::version:
      goal = Goal::version;
      break;
    case Meaning::help:
      goal = Goal::help;
      break;

    case Meaning::satisfied:
      break;
    case Meaning::no_effect: {
      const bool apart = option.takes == Takes::value && word.find('=') == std::string::npos;
      no_effect.push_back(apart ? word + ' ' + value : word);
      break;
    }
    case Meaning::refused:
      refuse("'" + word +
             "' asks for code that only a GPU can run; the emulator makes programs and objects for this "
             "machine");
  }
}

/// Flags that are not nvcc's: its users pass them on with -Xcompiler, other drivers take them as they are.
void NvccLine::forward(const std::string& word) {
  static constexpr std::array<string_view, 8> kLinker = {"-Wl,",     "-static", "-rdynamic", "-nostdlib",
                                                         "-fuse-ld", "-Wp,",    "-no-pie",   "-pie"};
  static constexpr std::array<string_view, 8> kCompiler = {"-W",    "-f",  "-m", "-pthread",
                                                           "-pipe", "-pg", "-g", "-ped"};
  const auto fits = [&](string_view start) { return starts_with(word, start); };
  if (std::any_of(kLinker.begin(), kLinker.end(), fits)) {
    linker.push_back(word);
  } else if (std::any_of(kCompiler.begin(), kCompiler.end(), fits)) {
    compiler.push_back(word);
  } else {
    refuse("unknown option '" + word + "' (see: gridstride cc --help)");
  }
}

void NvccLine::add_input(const std::string& path) { inputs.push_back({path, kind_of(language_, path)}); }

/// The number in `sm_86`, `compute_90a`, `arch=compute_80,code=[sm_80,sm_86]`; the highest of all that are
/// named counts, as it would on a GPU that is newer than all of them.
void NvccLine::add_architecture(const std::string& text) {
  for (std::size_t at = text.find('_'); at != std::string::npos; at = text.find('_', at + 1)) {
    architecture = std::max(architecture, 10 * std::atoi(text.c_str() + at + 1));
  }
}

void NvccLine::add_library(const std::string& name) {
  if (is_runtime(name)) return;
  if (is_toolkit_library(name)) {
    missing_libraries.push_back(name);
  } else {
    linker.push_back("-l" + name);
  }
}

void NvccLine::check() const {
  if (goal == Goal::version || goal == Goal::help) return;
  if (checks && profiles) {
    refuse("--check and --profile each instrument kernels in their own way; compile twice");
  }
  if (inputs.empty()) {
    refuse(
        "no input files; the form is: gridstride cc [OPTIONS] FILE.cu ... -o PROGRAM (see: gridstride cc "
        "--help)");
  }
  const auto compiled = std::count_if(inputs.begin(), inputs.end(),
                                      [](const Input& input) { return input.kind != Input::Kind::linkable; });
  const bool one_output = goal == Goal::objects || goal == Goal::preprocessed || goal == Goal::dependencies;
  if (one_output && !output.empty() && compiled > 1) {
    refuse("-o names one file, but " + std::to_string(compiled) +
           " would be written; leave it out, or give -odir");
  }
  if (one_output && compiled == 0)
    refuse("'" + inputs[0].path + "' needs no compiling; it is for the linker");
}

}  // namespace gridstride::driver
