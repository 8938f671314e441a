#pragma once
#include <string>

#include "emulator/driver/process.hpp"
#include "emulator/translator/translate.hpp"

namespace gridstride::driver {

/// A compiler's command line, as CMake hands it to a launcher:
///   [--launcher WORD]... COMPILER FLAGS -o x.cu.o -c x.cu
/// Two words are not the compiler's: `-x cu` says that the source is CUDA whatever its name is, and
/// `-rdc=false` that what is declared for the device is this file's own.
class CommandLine {
 public:
  /// Takes the words after the program's own name. Throws std::invalid_argument for a line that is not of
  /// this form.
  explicit CommandLine(const Words& words);

  /// Whether there is CUDA source to translate; anything else is the compiler's own business.
  bool compiles_cuda() const { return !source_.empty(); }

  const std::string& source() const { return source_; }
  const std::string& object() const { return object_; }
  translator::Linkage linkage() const { return linkage_; }
  /// The command without anything of ours.
  Words plain() const;
  /// Preprocesses the source to standard output, and writes the depfile if one was asked for.
  Words preprocess() const;
  /// Compiles translated source from `file`; needs neither include paths nor macros.
  Words compile(const std::string& file, bool uses_cub = false) const;

 private:
  void read(const Words& arguments);

  Words launcher_;
  std::string compiler_;
  Words arguments_;     // everything after the compiler
  Words common_;        // flags for both steps
  Words preprocessor_;  // flags for the first step only
  Words action_;        // -c, -S or -fsyntax-only, and -o
  std::string source_, object_;
  translator::Linkage linkage_ = translator::Linkage::external;
  bool wants_depfile_ = false, names_depfile_ = false, names_target_ = false;
};

}  // namespace gridstride::driver
