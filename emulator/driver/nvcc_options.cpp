#include "emulator/driver/nvcc_options.hpp"

#include <algorithm>
#include <iterator>

namespace gridstride::driver {
namespace {

constexpr Takes no = Takes::nothing, yes = Takes::value;
using M = Meaning;

constexpr Option kOptions[] = {
    {"output-file", "o", yes, M::output},
    {"output-directory", "odir", yes, M::output_folder},
    {"compile", "c", no, M::compile},
    {"device-c", "dc", no, M::compile_relocatable},
    {"device-w", "dw", no, M::compile},
    {"preprocess", "E", no, M::preprocess},
    {"generate-dependencies", "M", no, M::dependencies},
    {"generate-nonsystem-dependencies", "MM", no, M::user_dependencies},
    {"device-link", "dlink", no, M::device_link},
    {"lib", "lib", no, M::archive},
    {"link", "link", no, M::link},
    {"shared", "shared", no, M::shared},
    {"run", "run", no, M::run},

    {"compiler-bindir", "ccbin", yes, M::host_compiler},
    {"x", "x", yes, M::language},
    {"std", "std", yes, M::standard},
    {"optimize", "O", yes, M::optimize},
    {"debug", "g", no, M::debug},
    {"device-debug", "G", no, M::device_debug},
    {"generate-line-info", "lineinfo", no, M::line_info},
    {"gpu-architecture", "arch", yes, M::architecture},
    {"generate-code", "gencode", yes, M::generate_code},
    {"relocatable-device-code", "rdc", yes, M::relocatable},
    {"default-stream", "default-stream", yes, M::default_stream},
    {"use_fast_math", "use_fast_math", no, M::fast_math},
    {"extended-lambda", "extended-lambda", no, M::extended_lambda},
    {"expt-extended-lambda", "expt-extended-lambda", no, M::extended_lambda},
    {"expt-relaxed-constexpr", "expt-relaxed-constexpr", no, M::relaxed_constexpr},
    {"Werror", "Werror", no, M::werror},
    {"disable-warnings", "w", no, M::no_warnings},
    {"compiler-options", "Xcompiler", yes, M::to_compiler},
    {"linker-options", "Xlinker", yes, M::to_linker},

    {"include-path", "I", yes, M::include_path},
    {"system-include", "isystem", yes, M::system_path},
    {"pre-include", "include", yes, M::include_file},
    {"define-macro", "D", yes, M::define},
    {"undefine-macro", "U", yes, M::undefine},
    {"generate-dependencies-with-compile", "MD", no, M::depfile_switch},
    {"generate-nonsystem-dependencies-with-compile", "MMD", no, M::depfile_switch},
    {"generate-dependency-targets", "MP", no, M::depfile_switch},
    {"dependency-output", "MF", yes, M::depfile_value},
    {"dependency-target-name", "MT", yes, M::depfile_value},
    {"MQ", "MQ", yes, M::depfile_value},

    {"library", "l", yes, M::library},
    {"library-path", "L", yes, M::library_path},

    {"options-file", "optf", yes, M::response_file},
    {"dryrun", "dryrun", no, M::dry_run},
    {"verbose", "v", no, M::verbose},
    {"keep", "keep", no, M::keep},
    {"check", "check", no, M::check},
    {"profile", "profile", no, M::profile},
    {"save-temps", "save-temps", no, M::keep},
    {"version", "V", no, M::version},
    {"help", "h", no, M::help},

    {"gpu-code", "code", yes, M::satisfied},
    {"machine", "m", yes, M::satisfied},
    {"cudart", "cudart", yes, M::satisfied},
    {"cudadevrt", "cudadevrt", yes, M::satisfied},
    {"threads", "t", yes, M::satisfied},
    {"split-compile", "split-compile", yes, M::satisfied},
    {"diag-suppress", "diag-suppress", yes, M::satisfied},
    {"diag-error", "diag-error", yes, M::satisfied},
    {"diag-warn", "diag-warn", yes, M::satisfied},
    {"display-error-number", "err-no", no, M::satisfied},
    {"no-display-error-number", "no-err-no", no, M::satisfied},
    {"Wno-deprecated-gpu-targets", "Wno-deprecated-gpu-targets", no, M::satisfied},
    {"Wno-deprecated-declarations", "Wno-deprecated-declarations", no, M::satisfied},
    {"Wreorder", "Wreorder", no, M::satisfied},
    {"Wext-lambda-captures-this", "Wext-lambda-captures-this", no, M::satisfied},
    {"Wdefault-stream-launch", "Wdefault-stream-launch", no, M::satisfied},
    {"Wmissing-launch-bounds", "Wmissing-launch-bounds", no, M::satisfied},
    {"allow-unsupported-compiler", "allow-unsupported-compiler", no, M::satisfied},
    {"forward-unknown-to-host-compiler", "forward-unknown-to-host-compiler", no, M::satisfied},
    {"forward-unknown-to-host-linker", "forward-unknown-to-host-linker", no, M::satisfied},
    {"forward-unknown-opts", "forward-unknown-opts", no, M::satisfied},
    {"device-int128", "device-int128", no, M::satisfied},
    {"restrict", "restrict", no, M::satisfied},
    {"ftz", "ftz", yes, M::satisfied},
    {"prec-div", "prec-div", yes, M::satisfied},
    {"prec-sqrt", "prec-sqrt", yes, M::satisfied},
    {"fmad", "fmad", yes, M::satisfied},
    {"no-align-double", "no-align-double", no, M::satisfied},
    {"keep-dir", "keep-dir", yes, M::satisfied},
    {"objdir-as-tempdir", "objdir-as-tempdir", no, M::satisfied},
    {"use-local-env", "use-local-env", no, M::satisfied},
    {"static-global-template-stub", "static-global-template-stub", yes, M::satisfied},

    {"maxrregcount", "maxrregcount", yes, M::no_effect},
    {"ptxas-options", "Xptxas", yes, M::no_effect},
    {"nvlink-options", "Xnvlink", yes, M::no_effect},
    {"cicc-options", "Xcicc", yes, M::no_effect},
    {"archive-options", "Xarchive", yes, M::no_effect},
    {"resource-usage", "res-usage", no, M::no_effect},
    {"source-in-ptx", "src-in-ptx", no, M::no_effect},
    {"extra-device-vectorization", "extra-device-vectorization", no, M::no_effect},
    {"dlink-time-opt", "dlto", no, M::no_effect},
    {"dopt", "dopt", yes, M::no_effect},
    {"time", "time", yes, M::no_effect},
    {"entries", "e", yes, M::no_effect},

    {"ptx", "ptx", no, M::refused},
    {"cubin", "cubin", no, M::refused},
    {"fatbin", "fatbin", no, M::refused},
    {"optix-ir", "optix-ir", no, M::refused},
    {"ltoir", "ltoir", no, M::refused},
    {"cuda", "cuda", no, M::refused},
    {"gpu", "gpu", no, M::refused},
};

/// Short options of one letter that may be joined to their value.
bool joins_value(char letter) { return std::string_view("IDUlLOxmt").find(letter) != std::string_view::npos; }

const Option* find_name(std::string_view name, bool two_dashes) {
  const auto* found = std::find_if(std::begin(kOptions), std::end(kOptions), [&](const Option& option) {
    return name == option.long_name || (name == option.short_name && (!two_dashes || name.size() > 1));
  });
  return found == std::end(kOptions) ? nullptr : found;
}

}  // namespace

FoundOption find_option(std::string_view word) {
  const bool two_dashes = word.substr(0, 2) == "--";
  const std::string_view body = word.substr(two_dashes ? 2 : 1);
  const std::size_t equals = body.find('=');
  if (const Option* option = find_name(body.substr(0, equals), two_dashes)) {
    const bool has_value = equals != std::string_view::npos;
    return {option, has_value, std::string(has_value ? body.substr(equals + 1) : "")};
  }
  if (!two_dashes && !body.empty() && joins_value(body[0])) {
    const bool number = body.find_first_not_of("0123456789", 1) == std::string_view::npos;
    const bool is_number = body[0] == 'm' || body[0] == 't';  // -m64, but not -march
    if (!is_number || number) return {find_name(body.substr(0, 1), false), true, std::string(body.substr(1))};
  }
  return {};
}

}  // namespace gridstride::driver
