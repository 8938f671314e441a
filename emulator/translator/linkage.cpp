#include <set>
#include <string>

#include "emulator/translator/passes.hpp"
#include "emulator/translator/walk.hpp"

namespace gridstride::translator {
namespace {

/// A declaration at namespace scope, as far as linkage depends on it.
struct Declaration {
  bool has_linkage = false;  // it says extern, static, inline or the like by itself
  bool for_host = false;     // __host__ or __global__
  bool is_template = false;  // functions of templates may be defined in several files
  bool specializes = false;  // template <>
  bool qualified = false;    // A::f
  bool is_type = false;      // defines or names a type, and declares nothing else
  std::size_t name = kNone;  // the function's name
};

bool says_linkage(std::string_view word) {
  return word == "static" || word == "inline" || word == "extern" || word == "constexpr" ||
         word == "consteval" || word == "__forceinline__" || word == "friend" || word == "typedef" ||
         word == "using" || word == "__inline__" || word == "__inline" || word == "__shared__";
}

bool is_class_key(std::string_view word) {
  return word == "struct" || word == "class" || word == "union" || word == "enum";
}

Declaration read_declaration(const Source& source, std::size_t first) {
  Declaration out;
  for (std::size_t i = first, steps = 0; i != kNone && i < source.size() && steps < kReach; ++steps) {
    const std::string_view word = source.spell(i);
    const char c = source.mark(i);
    if (c == ';' || c == '=' || c == '}') break;
    if (c == '[' && !source.is(i + 1, "[")) break;
    if (c == '{') {
      // A type's definition; what follows it may still declare a variable.
      out.is_type = out.is_type && source.match(i) != kNone && source.mark(source.match(i) + 1) == ';';
      break;
    }
    if (c == '(' && i > first && !takes_attribute_group(source.spell(i - 1))) {
      out.name = i - 1;
      out.qualified = i >= 2 && source.is(i - 2, "::");
      break;
    }
    if (word == "template") {
      out.is_template = true;
      out.specializes = source.mark(i + 1) == '<' && source.mark(i + 2) == '>';
      const std::size_t after = source.mark(i + 1) == '<' ? after_angle(source, i + 1) : kNone;
      i = after == kNone ? i + 1 : after;
      continue;
    }
    out.has_linkage |= says_linkage(word);
    out.for_host |= word == "__host__" || word == "__global__";
    out.is_type |= is_class_key(word);
    i = source.skip(i);
  }
  return out;
}

std::set<std::string_view> friends(const Source& source) {
  std::set<std::string_view> out;
  for (std::size_t i = 0; i < source.size(); ++i) {
    if (!source.is(i, "friend")) continue;
    const Declaration declaration = read_declaration(source, i);
    if (declaration.name != kNone) out.insert(source.spell(declaration.name));
  }
  return out;
}

/// Whether the word at i stands on a lambda: between its captures and its parameters.
bool in_expression(const Source& source, std::size_t first, std::size_t i) {
  if (first > 0 && (source.mark(first - 1) == '(' || source.mark(first - 1) == '[')) return true;
  for (std::size_t k = first; k < i; k = source.skip(k)) {
    if (source.mark(k) == '=') return true;
  }
  return false;
}

bool is_device_word(std::string_view word) {
  return word == "__device__" || word == "__constant__" || word == "__managed__";
}

}  // namespace

void make_internal(const Source& source, Edits& edits) {
  const std::set<std::string_view> known_as_external = friends(source);
  std::size_t previous = kNone;
  for (std::size_t i = 0; i < source.size(); ++i) {
    if (!source.is_identifier(i) || !is_device_word(source.spell(i)) || !at_namespace_scope(source, i))
      continue;
    const std::size_t first = statement_begin(source, i);
    if (first == previous || (i > 0 && is_class_key(source.spell(i - 1)))) continue;
    previous = first;
    if (in_expression(source, first, i)) continue;
    const Declaration declaration = read_declaration(source, first);
    if (declaration.has_linkage || declaration.for_host || declaration.is_type) continue;
    if (declaration.is_template && !declaration.specializes) continue;
    const bool function = declaration.name != kNone;
    // Members and specializations take no `static`.
    const bool merged = declaration.qualified || declaration.specializes ||
                        (function && known_as_external.count(source.spell(declaration.name)) > 0);
    if (merged && !function) continue;
    edits.insert(source[i].begin, merged ? "inline " : "__attribute__((unused)) static ");
  }
}

}  // namespace gridstride::translator
