#include <string_view>
#include <unordered_map>

#include "emulator/translator/passes.hpp"
#include "emulator/translator/walk.hpp"

namespace gridstride::translator {
namespace {

enum class Action { remove, remove_with_group, align, force_inline, no_inline };

const std::unordered_map<std::string_view, Action>& actions() {
  static const std::unordered_map<std::string_view, Action> kActions = {
      {"__global__", Action::remove},
      {"__device__", Action::remove},
      {"__host__", Action::remove},
      {"__constant__", Action::remove},
      {"__managed__", Action::remove},
      {"__grid_constant__", Action::remove},
      {"__launch_bounds__", Action::remove_with_group},
      {"__maxnreg__", Action::remove_with_group},
      {"__cluster_dims__", Action::remove_with_group},  // kernels.cpp has read it
      {"__align__", Action::align},
      {"__builtin_align__", Action::align},
      {"__forceinline__", Action::force_inline},
      {"__noinline__", Action::no_inline},
  };
  return kActions;
}

/// Whether the declaration around the `__forceinline__` at i says `inline` by itself, which may not be said
/// twice.
bool already_inline(const Source& source, std::size_t i) {
  for (std::size_t k = statement_begin(source, i); k < source.size(); k = source.skip(k)) {
    const char c = source.mark(k);
    if (c == '(' && k > i && !takes_attribute_group(source.spell(k - 1))) break;
    if (c == ';' || c == '{' || c == '}') break;
    if (source.is(k, "inline") || (k < i && source.is(k, "__forceinline__"))) return true;
  }
  return false;
}

std::string force_inline(const Source& source, std::size_t i) {
  // On a lambda it stands between the captures or parameters and the body, where neither word is allowed.
  std::size_t after = i + 1;
  while (source.is_identifier(after) && actions().count(source.spell(after)) > 0) ++after;
  if (source.mark(after) == '(' || source.mark(after) == '{') return "";
  return already_inline(source, i) ? "__attribute__((always_inline))"
                                   : "inline __attribute__((always_inline))";
}

void rewrite_word(const Source& source, Edits& edits, std::size_t i, Action action) {
  const Token& token = source[i];
  const bool group = source.mark(i + 1) == '(' && source.match(i + 1) != kNone;
  switch (action) {
    case Action::remove:
      edits.replace(token.begin, token.end, "");
      break;
    case Action::remove_with_group: {
      const std::size_t last = group ? source.match(i + 1) : i;
      edits.replace(token.begin, source[last].end, line_structure(source, i, last));
      break;
    }
    case Action::align:
      if (!group) break;
      edits.replace(token.begin, token.end, "__attribute__((aligned");
      edits.insert(source[source.match(i + 1)].end, "))");
      break;
    case Action::force_inline:
      edits.replace(token.begin, token.end, force_inline(source, i));
      break;
    case Action::no_inline:
      edits.replace(token.begin, token.end, "__attribute__((noinline))");
      break;
  }
}

bool is_for_nvcc(std::string_view directive) {
  std::size_t at = directive.find_first_not_of(" \t", 1);
  if (at == std::string_view::npos || directive.substr(at, 6) != "pragma") return false;
  at = directive.find_first_not_of(" \t", at + 6);
  if (at == std::string_view::npos) return false;
  directive.remove_prefix(at);
  for (std::string_view word : {"unroll", "nounroll", "nv_", "hd_warning_disable", "diag_", "nvcc"}) {
    if (directive.substr(0, word.size()) == word) return true;
  }
  return false;
}

}  // namespace

void rewrite_keywords(const Source& source, Edits& edits) {
  for (std::size_t i = 0; i < source.size(); ++i) {
    if (!source.is_identifier(i)) continue;
    const std::string_view word = source.spell(i);
    if (word.size() < 8 || word[0] != '_' || word[1] != '_') continue;
    if (word == "__attribute__" && source.mark(i + 1) == '(' && source.match(i + 1) != kNone) {
      i = source.match(i + 1);  // libstdc++ writes __noinline__ in there, and means what g++ means
      continue;
    }
    const auto action = actions().find(word);
    if (action != actions().end()) rewrite_word(source, edits, i, action->second);
  }
  for (const Directive& directive : source.directives()) {
    if (is_for_nvcc(source.text().substr(directive.begin, directive.end - directive.begin))) {
      edits.replace(directive.begin, directive.end, "");
    }
  }
}

}  // namespace gridstride::translator
