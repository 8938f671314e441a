#pragma once
#include <string>
#include <string_view>

namespace gridstride::driver {

/// What an option of nvcc's asks of us.
enum class Meaning {
  // what to make
  output,
  output_folder,
  compile,
  compile_relocatable,
  preprocess,
  dependencies,
  user_dependencies,
  device_link,
  archive,
  link,
  shared,
  run,
  // how
  host_compiler,
  language,
  standard,
  optimize,
  debug,
  device_debug,
  line_info,
  architecture,
  generate_code,
  relocatable,
  default_stream,
  fast_math,
  extended_lambda,
  relaxed_constexpr,
  werror,
  no_warnings,
  to_compiler,
  to_linker,
  // for the preprocessor
  include_path,
  system_path,
  include_file,
  define,
  undefine,
  depfile_switch,
  depfile_value,
  // for the linker
  library,
  library_path,
  // about the work itself
  response_file,
  dry_run,
  verbose,
  keep,
  check,
  profile,
  version,
  help,
  // for a GPU's assembler and linker
  satisfied,  // holds here without our doing anything
  no_effect,  // named in a note
  refused,    // would make something that a CPU cannot use
};

enum class Takes { nothing, value };

struct Option {
  std::string_view long_name;   // without dashes; nvcc takes one dash or two
  std::string_view short_name;  // without its dash, or empty
  Takes takes;
  Meaning meaning;
};

/// An option as it stands on the line.
struct FoundOption {
  const Option* option = nullptr;  // none: a flag that nvcc does not know
  bool has_value = false;          // joined to it: -Idir, -std=c++17
  std::string value;
};

FoundOption find_option(std::string_view word);

}  // namespace gridstride::driver
