#pragma once
#include <string>
#include <string_view>

#include "emulator/translator/translate.hpp"

namespace gridstride::translator {

/// The translation with every run of white space as one space and none at the ends, so that expectations read
/// like source; the emulator's namespace is written `E::`.
inline std::string translated(std::string_view source) {
  std::string out;
  for (const char c : translate(source)) {
    const bool space = c == ' ' || c == '\n' || c == '\t';
    if (!space) out += c;
    if (space && !out.empty() && out.back() != ' ') out += ' ';
  }
  while (!out.empty() && out.back() == ' ') out.pop_back();
  const std::string name = "::gridstride::emulator::";
  for (std::size_t at; (at = out.find(name)) != std::string::npos;) out.replace(at, name.size(), "E::");
  return out;
}

}  // namespace gridstride::translator
