#include "emulator/driver/toolchain.hpp"

#include <filesystem>
#include <fstream>
#include <stdexcept>

namespace gridstride::driver {
namespace {

std::string expand(std::string text, const std::string& prefix) {
  static const std::string kPlace = "{prefix}";
  for (std::size_t at = 0; (at = text.find(kPlace, at)) != std::string::npos; at += prefix.size()) {
    text.replace(at, kPlace.size(), prefix);
  }
  return text;
}

}  // namespace

Toolchain find_toolchain() {
  const std::filesystem::path prefix =
      std::filesystem::read_symlink("/proc/self/exe").parent_path().parent_path();
  const std::string file = prefix / "lib/gridstride/cc.conf";
  std::ifstream in(file);
  if (!in) throw std::runtime_error("'" + file + "' is missing; build or install the emulator again");
  Toolchain out;
  for (std::string line; std::getline(in, line);) {
    const std::size_t space = line.find(' ');
    if (space == std::string::npos) continue;
    const std::string key = line.substr(0, space);
    const std::string value = expand(line.substr(space + 1), prefix);
    if (key == "compiler") out.compiler = value;
    if (key == "include") out.include = value;
    if (key == "translator") out.translator = value;
    if (key == "version") out.version = value;
    if (key == "compile") out.compile.push_back(value);
    if (key == "optimize") out.optimize.push_back(value);
    if (key == "profile") out.profile.push_back(value);
    if (key == "link") out.link.push_back(value);
  }
  return out;
}

}  // namespace gridstride::driver
