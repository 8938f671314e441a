#include "emulator/translator/walk.hpp"

#include <algorithm>
#include <array>

namespace gridstride::translator {
namespace {

template <std::size_t N>
bool any_of(const std::array<std::string_view, N>& words, std::string_view word) {
  return std::find(words.begin(), words.end(), word) != words.end();
}

/// Words that can stand before an expression, and so are no part of it.
bool introduces_expression(std::string_view word) {
  static constexpr std::array<std::string_view, 16> kWords = {
      "return", "else", "do",    "case",   "throw",    "co_return", "co_await", "co_yield",
      "goto",   "if",   "while", "switch", "operator", "and",       "or",       "not"};
  return any_of(kWords, word);
}

bool names_something(const Source& source, std::size_t i) {
  return source.is_identifier(i) && !introduces_expression(source.spell(i));
}

/// Whether the group opened at i is the condition of if, while, for or switch.
bool is_condition(const Source& source, std::size_t open) {
  if (open == 0) return false;
  if (source.is(open - 1, "constexpr")) return true;
  static constexpr std::array<std::string_view, 4> kWords = {"if", "while", "for", "switch"};
  return any_of(kWords, source.spell(open - 1));
}

/// Whether a postfix expression ends with token i, so that a group or subscript after it belongs to it.
bool can_be_applied(const Source& source, std::size_t i) {
  switch (source.mark(i)) {
    case ')':
      return source.match(i) != kNone && !is_condition(source, source.match(i));
    case ']':
      return true;
    case '>': {
      const std::size_t open = angle_open(source, i);
      return open != kNone && open > 0 && names_something(source, open - 1);
    }
    default:
      return names_something(source, i);
  }
}

/// Whether the brace at i opens a namespace or a linkage specification.
bool opens_namespace(const Source& source, std::size_t i) {
  for (std::size_t k = i; k-- > 0 && i - k < 64;) {
    if (source.is(k, "namespace")) return true;
    if (source[k].kind == Kind::literal) return k > 0 && source.is(k - 1, "extern");
    const char c = source.mark(k);
    if (c == ';' || c == '{' || c == '}' || c == ')') return false;
  }
  return false;
}

}  // namespace

std::size_t angle_open(const Source& source, std::size_t close) {
  int depth = 0;
  for (std::size_t i = close, steps = 0; steps < kReach; --i, ++steps) {
    switch (source.mark(i)) {
      case '>':
        ++depth;
        break;
      case '<':
        if (i > 0 && source.mark(i - 1) == '<' && source.touches_next(i - 1)) {
          --i;  // a shift
        } else if (--depth == 0) {
          return i;
        }
        break;
      case ')':
      case ']':
      case '}':
        if (source.match(i) == kNone) return kNone;
        i = source.match(i);
        break;
      case '(':
      case '[':
      case '{':
      case ';':
        return kNone;
      default:
        break;
    }
    if (i == 0) return kNone;
  }
  return kNone;
}

std::size_t after_angle(const Source& source, std::size_t open) {
  int depth = 0;
  for (std::size_t i = open, steps = 0; i != kNone && i < source.size() && steps < kReach; ++steps) {
    const char c = source.mark(i);
    if (c == ';') return kNone;
    if (c == '<' && source.mark(i + 1) == '<' && source.touches_next(i)) {
      i += 2;  // a shift
      continue;
    }
    if (c == '<') ++depth;
    if (c == '>' && --depth == 0) return i + 1;
    i = source.skip(i);
  }
  return kNone;
}

std::size_t expression_begin(const Source& source, std::size_t end) {
  std::size_t begin = end;
  for (std::size_t steps = 0; begin > 0 && steps < kReach; ++steps) {
    std::size_t last = begin - 1;
    const char c = source.mark(last);
    if (c == ')' || c == ']') {
      begin = source.match(last);
      if (begin == kNone) return kNone;
      if (begin > 0 && source.is(begin - 1, "decltype")) return begin - 1;
      if (begin > 0 && can_be_applied(source, begin - 1)) continue;
      return c == ')' ? begin : kNone;
    }
    if (c == '>') {
      const std::size_t open = angle_open(source, last);
      if (open == kNone || open == 0) return kNone;
      last = open - 1;
    }
    if (!names_something(source, last)) return kNone;
    begin = last;
    if (begin > 0 && source.is(begin - 1, "template")) --begin;
    if (begin > 0 && source.is(begin - 1, "::")) {
      --begin;
      const bool qualified = begin > 0 && (names_something(source, begin - 1) ||
                                           source.mark(begin - 1) == '>' || source.mark(begin - 1) == ')');
      if (!qualified) return begin;
    } else if (begin > 0 && (source.mark(begin - 1) == '.' || source.is(begin - 1, "->"))) {
      --begin;
    } else {
      return begin;
    }
  }
  return kNone;
}

std::size_t statement_begin(const Source& source, std::size_t i) {
  for (std::size_t steps = 0; i > 0 && steps < kReach; ++steps) {
    const std::size_t before = i - 1;
    switch (source.mark(before)) {
      case ';':
      case '{':
      case '}':
      case ':':
      case '(':
      case '[':
        return i;
      case ')':
        if (source.match(before) == kNone || source.match(before) == 0 ||
            !takes_attribute_group(source.spell(source.match(before) - 1))) {
          return i;
        }
        i = source.match(before) - 1;
        break;
      case ']':
        if (source.match(before) == kNone) return i;
        i = source.match(before);
        break;
      default:
        i = before;
    }
  }
  return i;
}

std::size_t statement_end(const Source& source, std::size_t i) {
  for (std::size_t steps = 0; i != kNone && i < source.size() && steps < kReach; ++steps) {
    if (source.mark(i) == ';') return i;
    i = source.skip(i);
  }
  return kNone;
}

bool at_namespace_scope(const Source& source, std::size_t i) {
  for (std::size_t open = source.parent(i); open != kNone; open = source.parent(open)) {
    if (source.mark(open) == '{' && !opens_namespace(source, open)) return false;
  }
  return true;
}

std::size_t head_begin(const Source& source, std::size_t brace) {
  std::size_t first = brace;
  for (std::size_t steps = 0; first > 0 && steps < kReach; ++steps) {
    const std::size_t before = first - 1;
    const char c = source.mark(before);
    if (c == ';' || c == '{' || c == '}') break;
    const bool group = (c == ')' || c == ']') && source.match(before) != kNone;
    first = group ? source.match(before) : before;
  }
  return first;
}

std::size_t next_function_body(const Source& source, std::size_t i) {
  for (; i < source.size(); ++i) {
    if (source.mark(i) != '{' || source.match(i) == kNone || opens_namespace(source, i)) continue;
    bool parameters = false, initializer = false;
    for (std::size_t k = head_begin(source, i); k < i; k = source.skip(k)) {
      parameters |= source.mark(k) == '(' && k > 0 && !takes_attribute_group(source.spell(k - 1));
      initializer |= source.mark(k) == '=' && k > 0 && !source.is(k - 1, "operator");
    }
    if (initializer) i = source.match(i);
    if (parameters && !initializer) return i;
  }
  return kNone;
}

bool takes_attribute_group(std::string_view name) {
  static constexpr std::array<std::string_view, 9> kWords = {
      "__attribute__",     "__attribute", "alignas",          "__align__", "__builtin_align__",
      "__launch_bounds__", "__maxnreg__", "__cluster_dims__", "decltype"};
  return any_of(kWords, name);
}

}  // namespace gridstride::translator
