#include "emulator/driver/command_line.hpp"

#include <algorithm>
#include <array>
#include <stdexcept>
#include <string_view>

namespace gridstride::driver {
namespace {

using std::string_view;

bool ends_with(string_view word, string_view end) {
  return word.size() > end.size() && word.substr(word.size() - end.size()) == end;
}

template <std::size_t N>
bool any_of(const std::array<string_view, N>& words, string_view word) {
  return std::find(words.begin(), words.end(), word) != words.end();
}

/// Flags of the preprocessor whose value may be joined to them or be the next word.
string_view preprocessor_flag(string_view word) {
  static constexpr std::array<string_view, 13> kFlags = {
      "-include", "-imacros", "-isystem", "-iquote", "-idirafter", "-iprefix", "-iwithprefixbefore",
      "-MF",      "-MT",      "-MQ",      "-I",      "-D",         "-U"};
  for (const string_view flag : kFlags) {
    if (word.substr(0, flag.size()) == flag) return flag;
  }
  return "";
}

bool is_depfile_switch(string_view word) {
  static constexpr std::array<string_view, 4> kFlags = {"-MD", "-MMD", "-MP", "-MG"};
  return any_of(kFlags, word);
}

/// Other flags whose value is the next word.
bool takes_next_word(string_view word) {
  static constexpr std::array<string_view, 12> kFlags = {"-Xclang", "-Xlinker", "-Xassembler", "-arch",
                                                         "-target", "-L",       "-l",          "-T",
                                                         "--param", "-u",       "-aux-info",   "-wrapper"};
  return any_of(kFlags, word);
}

/// `x` for `dir/x.cu`.
std::string stem(const std::string& source) {
  const std::string name = source.substr(source.rfind('/') + 1);
  return name.substr(0, name.rfind('.'));
}

}  // namespace

CommandLine::CommandLine(const Words& words) {
  std::size_t at = 0;
  while (at + 1 < words.size() && words[at] == "--launcher") {
    launcher_.push_back(words[at + 1]);
    at += 2;
  }
  if (at >= words.size()) {
    throw std::invalid_argument(
        "no compiler named; the form is: gridstride-cudacc [--launcher WORD]... g++ FLAGS -c FILE.cu -o "
        "FILE.o");
  }
  compiler_ = words[at];
  arguments_.assign(words.begin() + at + 1, words.end());
  read(arguments_);
  if (!source_.empty() && object_.empty()) object_ = stem(source_) + ".o";
}

void CommandLine::read(const Words& arguments) {
  Words sources;
  bool stops_early = false, compiles = false, cuda = false;
  for (std::size_t i = 0; i < arguments.size(); ++i) {
    const std::string& word = arguments[i];
    const auto value = [&]() -> const std::string& {
      if (i + 1 >= arguments.size()) throw std::invalid_argument("'" + word + "' lacks its value");
      return arguments[++i];
    };
    if (word == "-o") {
      object_ = value();
      action_.insert(action_.end(), {"-o", object_});
    } else if (word == "-c" || word == "-S" || word == "-fsyntax-only") {
      action_.push_back(word);
      compiles = true;
    } else if (word == "-E" || word == "-M" || word == "-MM") {
      stops_early = true;
    } else if (word == "-x") {
      cuda = value() == "cu";  // the compiler is told C++ in any case
    } else if (word == "-rdc=true" || word == "-rdc=false") {
      linkage_ = word == "-rdc=true" ? translator::Linkage::external : translator::Linkage::internal;
    } else if (is_depfile_switch(word)) {
      wants_depfile_ |= word == "-MD" || word == "-MMD";
      preprocessor_.push_back(word);
    } else if (const string_view flag = preprocessor_flag(word); !flag.empty()) {
      names_depfile_ |= flag == "-MF";
      names_target_ |= flag == "-MT" || flag == "-MQ";
      preprocessor_.push_back(word);
      if (word == flag) preprocessor_.push_back(value());
    } else if (takes_next_word(word)) {
      common_.push_back(word);
      common_.push_back(value());
    } else if ((cuda || ends_with(word, ".cu")) && word[0] != '-') {
      sources.push_back(word);
    } else {
      common_.push_back(word);
    }
  }
  if (sources.empty() || stops_early) return;
  if (sources.size() > 1 || !compiles) {
    throw std::invalid_argument("one .cu file at a time, with -c; got " + std::to_string(sources.size()) +
                                (compiles ? "" : " without -c"));
  }
  source_ = sources[0];
}

Words CommandLine::plain() const {
  Words out = launcher_;
  out.push_back(compiler_);
  out.insert(out.end(), arguments_.begin(), arguments_.end());
  return out;
}

Words CommandLine::preprocess() const {
  Words out = {compiler_};
  out.insert(out.end(), common_.begin(), common_.end());
  out.insert(out.end(), preprocessor_.begin(), preprocessor_.end());
  if (wants_depfile_ && !names_depfile_) {
    const std::size_t dot = object_.rfind('.');
    out.insert(out.end(), {"-MF", object_.substr(0, dot) + ".d"});
  }
  if (wants_depfile_ && !names_target_) out.insert(out.end(), {"-MT", object_});
  // nvcc includes it before the first line, too.
  out.insert(out.end(),
             {"-D__GRIDSTRIDE_TRANSLATES__=1", "-include", "cuda_runtime.h", "-E", "-x", "c++", source_});
  return out;
}

Words CommandLine::compile(const std::string& file, bool uses_cub) const {
  Words out = launcher_;
  out.push_back(compiler_);
  // Kernels read floats through int4 and halves through uint4; nvcc lets them.
  out.push_back("-fno-strict-aliasing");
  // CUB gives members the names of the templates they are made of; g++ minds, nvcc does not.
  if (uses_cub) out.push_back("-fpermissive");
  out.insert(out.end(), common_.begin(), common_.end());
  out.insert(out.end(), action_.begin(), action_.end());
  if (std::find(action_.begin(), action_.end(), "-o") == action_.end() &&
      std::find(action_.begin(), action_.end(), "-c") != action_.end()) {
    out.insert(out.end(), {"-o", object_});
  }
  out.insert(out.end(), {"-x", "c++-cpp-output", file});
  return out;
}

}  // namespace gridstride::driver
