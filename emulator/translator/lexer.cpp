#include "emulator/translator/lexer.hpp"

namespace gridstride::translator {
namespace {

bool is_digit(char c) { return c >= '0' && c <= '9'; }
bool starts_identifier(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' || c == '$' || (c & 0x80);
}
bool continues_identifier(char c) { return starts_identifier(c) || is_digit(c); }

class Lexer {
 public:
  Lexer(std::string_view text, std::vector<Token>& tokens, std::vector<Directive>& directives)
      : text_(text), tokens_(tokens), directives_(directives) {}

  void run() {
    bool line_start = true;
    while (at_ < text_.size()) {
      const char c = text_[at_];
      if (c == '\n') {
        line_start = true;
        ++at_;
      } else if (c == ' ' || c == '\t' || c == '\r' || c == '\v' || c == '\f') {
        ++at_;
      } else if (c == '/' && peek(1) == '/') {
        to_line_end();
      } else if (c == '/' && peek(1) == '*') {
        const std::size_t end = text_.find("*/", at_ + 2);
        at_ = end == std::string_view::npos ? text_.size() : end + 2;
      } else if (c == '#' && line_start) {
        const std::size_t begin = at_;
        to_line_end();
        directives_.push_back({narrow(begin), narrow(at_)});
      } else {
        line_start = false;
        token(c);
      }
    }
  }

 private:
  static std::uint32_t narrow(std::size_t n) { return static_cast<std::uint32_t>(n); }
  char peek(std::size_t ahead) const { return at_ + ahead < text_.size() ? text_[at_ + ahead] : '\0'; }

  void to_line_end() {
    while (at_ < text_.size() && text_[at_] != '\n') at_ += (text_[at_] == '\\' && peek(1) == '\n') ? 2 : 1;
  }

  void token(char c) {
    const std::size_t begin = at_;
    Kind kind = Kind::punctuator;
    if (starts_identifier(c)) {
      while (at_ < text_.size() && continues_identifier(text_[at_])) ++at_;
      kind = prefixed_literal(text_.substr(begin, at_ - begin)) ? Kind::literal : Kind::identifier;
    } else if (is_digit(c) || (c == '.' && is_digit(peek(1)))) {
      number();
      kind = Kind::number;
    } else if (c == '"' || c == '\'') {
      quoted();
      kind = Kind::literal;
    } else {
      at_ += punctuator_length();
    }
    tokens_.push_back({narrow(begin), narrow(at_), kind});
  }

  /// An identifier that turns out to be the prefix of a literal takes the literal along.
  bool prefixed_literal(std::string_view prefix) {
    const char next = peek(0);
    if (next != '"' && next != '\'') return false;
    if (next == '"' && prefix.back() == 'R' && prefix.size() <= 3) {
      const auto rest = prefix.substr(0, prefix.size() - 1);
      if (rest.empty() || rest == "u8" || rest == "u" || rest == "U" || rest == "L") return raw_string();
    }
    if (prefix != "u8" && prefix != "u" && prefix != "U" && prefix != "L") return false;
    quoted();
    return true;
  }

  bool raw_string() {
    const std::size_t open = text_.find('(', at_);
    if (open == std::string_view::npos || open - at_ > 17) return false;
    const std::string close = ")" + std::string(text_.substr(at_ + 1, open - at_ - 1)) + "\"";
    const std::size_t end = text_.find(close, open);
    at_ = end == std::string_view::npos ? text_.size() : end + close.size();
    return true;
  }

  void quoted() {
    const char quote = text_[at_++];
    while (at_ < text_.size() && text_[at_] != quote && text_[at_] != '\n') {
      at_ += (text_[at_] == '\\' && at_ + 1 < text_.size()) ? 2 : 1;
    }
    if (at_ < text_.size() && text_[at_] == quote) ++at_;
  }

  void number() {
    for (++at_; at_ < text_.size(); ++at_) {
      const char c = text_[at_], before = text_[at_ - 1];
      const bool exponent = before == 'e' || before == 'E' || before == 'p' || before == 'P';
      const bool separator = c == '\'' && continues_identifier(peek(1));
      if (!continues_identifier(c) && c != '.' && !separator && !((c == '+' || c == '-') && exponent)) return;
    }
  }

  std::size_t punctuator_length() const {
    for (std::string_view longer : {"<=>", "<<=", ">>=", "->", "::", "<=", ">="}) {
      if (text_.substr(at_, longer.size()) == longer) return longer.size();
    }
    return 1;
  }

  std::string_view text_;
  std::vector<Token>& tokens_;
  std::vector<Directive>& directives_;
  std::size_t at_ = 0;
};

}  // namespace

void lex(std::string_view text, std::vector<Token>& tokens, std::vector<Directive>& directives) {
  tokens.reserve(text.size() / 5);
  Lexer(text, tokens, directives).run();
}

}  // namespace gridstride::translator
