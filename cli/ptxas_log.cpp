// What ptxas says, and the kernels that it means.
#include "cli/ptxas_log.hpp"

#include <cxxabi.h>

#include <algorithm>
#include <cstdlib>
#include <memory>
#include <regex>
#include <sstream>
#include <utility>

#include "cli/replaced.hpp"

namespace gridstride::cli {
namespace {

/// A kernel's name, and what its template was given.
struct Name {
  std::string function;
  std::vector<std::string> arguments;
};

/// Cuts at separators that stand within no brackets.
std::vector<std::string> split(std::string_view text, char separator) {
  std::vector<std::string> parts(1);
  int depth = 0;
  for (const char c : text) {
    depth += c == '<' || c == '(' || c == '{' ? 1 : c == '>' || c == ')' || c == '}' ? -1 : 0;
    if (c == separator && depth == 0) {
      parts.emplace_back();
    } else {
      parts.back() += c;
    }
  }
  return parts;
}

/// An argument of a template without what compilers spell in several ways: `64u`, `(int)64`, `n::T`.
std::string plain(std::string text) {
  for (const auto& [gnu, other] : {std::pair("long long unsigned int", "unsigned long long"),
                                   {"long unsigned int", "unsigned long"},
                                   {"long int", "long"},
                                   {"short unsigned int", "unsigned short"},
                                   {"short int", "short"}}) {
    text = replaced(text, gnu, other);
  }
  static const std::regex kScope("[A-Za-z_{][\\w}]*::"), kCast("^\\(.*\\)"), kSuffix("\\b(\\d+)[ul]+\\b");
  text = std::regex_replace(replaced(text, " ", ""), kScope, "");
  return std::regex_replace(std::regex_replace(text, kCast, ""), kSuffix, "$1");
}

/// "f [with int k = 64; int64_t = long int]": arguments come first, then what names of types stand for.
Name of_pretty(std::string_view pretty) {
  constexpr std::string_view kWith = " [with ";
  const std::size_t with = pretty.find(kWith);
  Name name{std::string(pretty.substr(0, with)), {}};
  if (with == std::string_view::npos) return name;
  pretty.remove_prefix(with + kWith.size());
  for (const std::string& one : split(pretty.substr(0, pretty.rfind(']')), ';')) {
    constexpr std::string_view kIs = " = ";
    const std::size_t is = one.find(kIs);
    if (is != std::string::npos) name.arguments.push_back(plain(one.substr(is + kIs.size())));
  }
  return name;
}

/// "void f<64>(float*)", of a template, or "f(float*)".
Name of_symbol(const std::string& symbol) {
  int status = 0;
  const std::unique_ptr<char, decltype(&std::free)> demangled(
      abi::__cxa_demangle(symbol.c_str(), nullptr, nullptr, &status), &std::free);
  if (demangled == nullptr) return {symbol, {}};
  std::string text = replaced(demangled.get(), "(anonymous namespace)", "{anonymous}");
  if (text.starts_with("void ")) text.erase(0, 5);
  Name name;
  int depth = 0;
  for (std::size_t at = 0, from = 0; at < text.size(); ++at) {
    if (text[at] == '<' && depth++ == 0) {
      name.function = text.substr(0, at);
      from = at + 1;
    } else if (text[at] == '>' && --depth == 0) {
      for (const auto& one : split(std::string_view(text).substr(from, at - from), ',')) {
        name.arguments.push_back(plain(one));
      }
    } else if (text[at] == '(' && depth == 0) {
      if (name.function.empty()) name.function = text.substr(0, at);
      break;
    }
  }
  return name;
}

}  // namespace

std::vector<PtxasKernel> parse_ptxas(std::string_view log) {
  static const std::regex kKernel("Compiling entry function '([^']+)'"), kSpills("(\\d+) bytes spill stores"),
      kRegisters("Used (\\d+) registers");
  std::vector<PtxasKernel> kernels;
  std::istringstream lines{std::string(log)};
  bool is_open = false;
  std::smatch match;
  for (std::string line; std::getline(lines, line);) {
    if (std::regex_search(line, match, kKernel)) {
      kernels.push_back({match[1], 0, 0});
      is_open = true;
    } else if (is_open && std::regex_search(line, match, kSpills)) {
      kernels.back().spilled_bytes = static_cast<unsigned>(std::stoul(match[1]));
    } else if (is_open && std::regex_search(line, match, kRegisters)) {
      kernels.back().registers = static_cast<unsigned>(std::stoul(match[1]));
      is_open = false;  // functions that are called follow
    }
  }
  std::erase_if(kernels, [](const PtxasKernel& kernel) { return kernel.registers == 0; });
  return kernels;
}

std::vector<PtxasKernel> kernels_named(std::string_view name, const std::vector<PtxasKernel>& kernels) {
  const Name wanted = of_pretty(name);
  std::vector<PtxasKernel> of_template, exact;
  for (const PtxasKernel& kernel : kernels) {
    const Name found = of_symbol(kernel.symbol);
    if (found.function != wanted.function) continue;
    of_template.push_back(kernel);
    if (found.arguments.size() <= wanted.arguments.size() &&
        std::equal(found.arguments.begin(), found.arguments.end(), wanted.arguments.begin())) {
      exact.push_back(kernel);
    }
  }
  return exact.empty() ? of_template : exact;
}

}  // namespace gridstride::cli
