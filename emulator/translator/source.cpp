#include "emulator/translator/source.hpp"

#include <algorithm>
#include <array>
#include <charconv>

#include "emulator/translator/lexer.hpp"

namespace gridstride::translator {
namespace {

/// Reads `# 12 "file.cu" 2` or `#line 12 "file.cu"`; false for a pragma.
bool read_linemarker(std::string_view directive, Location& out) {
  std::size_t at = directive.find_first_not_of(" \t", 1);
  if (at == std::string_view::npos) return false;
  if (directive.substr(at, 4) == "line") at = directive.find_first_not_of(" \t", at + 4);
  if (at == std::string_view::npos) return false;
  const auto number = std::from_chars(directive.data() + at, directive.data() + directive.size(), out.line);
  if (number.ec != std::errc()) return false;
  const std::size_t open = directive.find('"', at);
  const std::size_t close = open == std::string_view::npos ? open : directive.find('"', open + 1);
  if (close != std::string_view::npos) out.file = directive.substr(open + 1, close - open - 1);
  return true;
}

int bracket_type(char c) {
  switch (c) {
    case '(':
    case ')':
      return 0;
    case '[':
    case ']':
      return 1;
    case '{':
    case '}':
      return 2;
    default:
      return -1;
  }
}

}  // namespace

Source::Source(std::string_view text, std::string_view name) : text_(text), name_(name) {
  lex(text_, tokens_, directives_);
  pair_brackets();
}

char Source::mark(std::size_t i) const {
  if (i >= tokens_.size()) return '\0';
  const Token& token = tokens_[i];
  return token.kind == Kind::punctuator && token.end - token.begin == 1 ? text_[token.begin] : '\0';
}

void Source::pair_brackets() {
  match_.assign(size(), kNone);
  parent_.assign(size(), kNone);
  std::vector<std::size_t> open;
  std::array<int, 3> waiting{};
  for (std::size_t i = 0; i < size(); ++i) {
    const char c = mark(i);
    const int type = bracket_type(c);
    if (type >= 0 && (c == ')' || c == ']' || c == '}') && waiting[type] > 0) {
      // A closing bracket drops unclosed ones of other types inside it; the compiler will complain of them.
      while (bracket_type(mark(open.back())) != type) {
        --waiting[bracket_type(mark(open.back()))];
        open.pop_back();
      }
      match_[i] = open.back();
      match_[open.back()] = i;
      --waiting[type];
      open.pop_back();
    }
    parent_[i] = open.empty() ? kNone : open.back();
    if (c == '(' || c == '[' || c == '{') {
      open.push_back(i);
      ++waiting[type];
    }
  }
}

std::size_t Source::skip(std::size_t i) const {
  if (i >= size()) return kNone;
  switch (mark(i)) {
    case '(':
    case '[':
    case '{':
      return match_[i] == kNone ? kNone : match_[i] + 1;
    case ')':
    case ']':
    case '}':
      return kNone;
    default:
      return i + 1;
  }
}

Location Source::locate(std::size_t byte) const {
  Location where{name_, 1};
  std::size_t from = 0;
  for (const Directive& directive : directives_) {
    if (directive.begin > byte) break;
    if (read_linemarker(text_.substr(directive.begin, directive.end - directive.begin), where)) {
      from = std::min<std::size_t>(directive.end + 1, text_.size());
    }
  }
  if (byte > from) {
    where.line += static_cast<unsigned>(std::count(text_.begin() + from, text_.begin() + byte, '\n'));
  }
  return where;
}

}  // namespace gridstride::translator
