#pragma once
#include <string>
#include <vector>

#include "emulator/driver/nvcc_options.hpp"
#include "emulator/driver/process.hpp"

namespace gridstride::driver {

enum class Language { by_name, cuda, cpp, c };

/// A file to work on, in the order of the line.
struct Input {
  enum class Kind { cuda, cpp, c, linkable };
  std::string path;
  Kind kind;
};

/// nvcc's command line, understood. What a GPU needs and a CPU does not is gone; all that is left is words
/// for an ordinary compiler.
class NvccLine {
 public:
  enum class Goal { program, objects, preprocessed, dependencies, device_link, archive, version, help };

  /// Takes the words after the program's own name. Throws std::invalid_argument for wrong use, and for what
  /// no CPU can make.
  explicit NvccLine(const Words& words);

  Goal goal = Goal::program;
  std::vector<Input> inputs;
  std::string output;
  std::string output_folder;

  std::string host_compiler;  // -ccbin, or empty
  std::string standard;       // -std, or empty
  std::string optimization;   // what followed -O, or empty
  bool debug = false;
  bool device_debug = false;  // optimizes nothing, unless told otherwise
  bool line_info = false;
  bool relocatable = false;
  bool shared = false;
  int architecture = 0;  // as __CUDA_ARCH__ writes it: 860; 0 if not told

  Words preprocessor;  // -I, -D and their like
  Words depfile;       // -MD and its like
  bool names_depfile = false, names_target = false;
  Words compiler;                 // flags for the host compiler, when it compiles and when it links
  Words linker;                   // libraries, their folders, flags for the linker
  std::string dependency_switch;  // -M or -MM

  bool dry_run = false, verbose = false, keep = false, checks = false, profiles = false, runs = false;
  Words no_effect;          // options to name in one note
  Words missing_libraries;  // what nvcc's own libraries are, and we have none of

 private:
  void read(const Words& words, int depth = 0);
  void read_option(const Words& words, std::size_t& at, int depth);
  void apply(const Option& option, const std::string& word, const std::string& value, int depth);
  void forward(const std::string& word);
  void add_input(const std::string& path);
  void add_architecture(const std::string& text);
  void add_library(const std::string& name);
  void check() const;

  Language language_ = Language::by_name;
};

}  // namespace gridstride::driver
