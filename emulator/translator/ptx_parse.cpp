#include "emulator/translator/ptx_parse.hpp"

#include <algorithm>
#include <charconv>

namespace gridstride::translator::ptx {
namespace {

bool is_digit(char c) { return c >= '0' && c <= '9'; }
bool is_alphanumeric(char c) { return is_digit(c) || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }
bool starts_word(char c) {
  return (is_alphanumeric(c) && !is_digit(c)) || c == '_' || c == '$' || c == '%' || c == '.';
}
bool continues_word(char c) { return is_alphanumeric(c) || c == '_' || c == '$' || c == '.'; }

class Parser {
 public:
  explicit Parser(std::string_view text) : text_(text) {}

  std::vector<Statement> statements() {
    std::vector<Statement> all;
    for (skip_space(); at_ < text_.size(); skip_space()) {
      if (take(';')) continue;
      if (take('{')) {
        all.push_back({Statement::Kind::open, {}, {}, {}});
      } else if (take('}')) {
        all.push_back({Statement::Kind::close, {}, {}, {}});
      } else {
        all.push_back(statement());
      }
    }
    return all;
  }

  /// Letters, dots and `::`, as in ld.global.L1::no_allocate.u32, %tid.x or a register's name.
  std::string_view word() {
    const std::size_t begin = at_;
    if (begin >= text_.size() || !starts_word(text_[begin])) return {};
    for (++at_; at_ < text_.size(); ++at_) {
      if (text_.substr(at_, 2) == "::") {
        ++at_;
      } else if (text_[at_] == '%' && at_ == begin + 1) {  // %%laneid, which is %laneid
        continue;
      } else if (!continues_word(text_[at_])) {
        break;
      }
    }
    return text_.substr(begin, at_ - begin);
  }

  void skip_space() {
    while (at_ < text_.size()) {
      if (text_.substr(at_, 2) == "//") {
        at_ = std::min(text_.find('\n', at_), text_.size());
      } else if (text_.substr(at_, 2) == "/*") {
        const std::size_t close = text_.find("*/", at_ + 2);
        at_ = close == std::string_view::npos ? text_.size() : close + 2;
      } else if (std::string_view(" \t\r\n\v\f").find(text_[at_]) != std::string_view::npos) {
        ++at_;
      } else {
        return;
      }
    }
  }

  bool take(char c) {
    skip_space();
    if (at_ >= text_.size() || text_[at_] != c) return false;
    ++at_;
    return true;
  }

 private:
  [[noreturn]] void fail() const {
    throw ParseError(
        std::string(text_.substr(at_, std::min(text_.find_first_of(";\n", at_), at_ + 30) - at_)));
  }

  void expect(char c) {
    if (!take(c)) fail();
  }

  Statement statement() {
    Statement s{Statement::Kind::instruction, {}, {}, {}};
    if (take('@')) {
      const bool negated = take('!');
      s.guard.push_back(simple_operand());
      s.guard[0].negated = negated;
      skip_space();
    }
    s.opcode = word();
    if (s.opcode.empty()) fail();
    for (const std::string_view mode :
         {"all", "any", "uni", "ballot"}) {  // CUB's way to write vote.sync.MODE
      const std::string swapped = "vote." + std::string(mode) + ".sync";
      if (s.opcode.starts_with(swapped))
        s.opcode.replace(0, swapped.size(), "vote.sync." + std::string(mode));
    }
    if (s.opcode == ".reg") return declaration();
    if (take(':')) return {Statement::Kind::instruction, s.opcode + ':', {}, {}};
    while (!take(';')) {
      skip_space();
      if (at_ == text_.size()) break;  // the last semicolon is often left out
      s.operands.push_back(operand());
      if (!take(',') && !take(';')) {
        skip_space();
        if (at_ < text_.size() && text_[at_] != '}') fail();
        break;
      }
      if (text_[at_ - 1] == ';') break;
    }
    return s;
  }

  /// `.reg .b32 a, %r<4>;`
  Statement declaration() {
    skip_space();
    Statement s{Statement::Kind::declaration, std::string(word()), {}, {}};
    do {
      Operand name = simple_operand();
      if (name.kind != Operand::Kind::name) fail();
      if (!take('<')) {
        s.operands.push_back(std::move(name));
        continue;
      }
      skip_space();
      unsigned count = 0;
      const std::string digits = number();
      std::from_chars(digits.data(), digits.data() + digits.size(), count);
      constexpr unsigned kMost = 1024;
      if (count > kMost) fail();
      expect('>');
      for (unsigned i = 0; i < count; ++i) {
        s.operands.push_back({Operand::Kind::name, name.text + std::to_string(i), {}});
      }
    } while (take(','));
    expect(';');
    return s;
  }

  Operand operand() {
    if (take('{')) {
      Operand vector{Operand::Kind::vector, {}, {}};
      do vector.parts.push_back(simple_operand());
      while (take(','));
      expect('}');
      return vector;
    }
    if (take('[')) {
      Operand address{Operand::Kind::address, "0", {simple_operand()}};
      skip_space();
      if (take('+')) {
        skip_space();
        address.text = number();
      } else if (at_ < text_.size() && text_[at_] == '-') {
        address.text = number();
      }
      expect(']');
      return address;
    }
    const bool negated = take('!');
    Operand simple = simple_operand();
    simple.negated = negated;
    if (!take('|')) return simple;
    return {Operand::Kind::pair, {}, {std::move(simple), simple_operand()}};
  }

  Operand simple_operand() {
    skip_space();
    if (at_ >= text_.size()) fail();
    if (text_[at_] == '%' && at_ + 1 < text_.size() && is_digit(text_[at_ + 1])) {
      const std::size_t begin = ++at_;
      while (at_ < text_.size() && is_digit(text_[at_])) ++at_;
      return {Operand::Kind::numbered, std::string(text_.substr(begin, at_ - begin)), {}};
    }
    if (text_[at_] == '-' || is_digit(text_[at_])) return {Operand::Kind::literal, number(), {}};
    std::string name(word());
    if (name.substr(0, 2) == "%%") name.erase(0, 1);
    if (name.empty()) fail();
    return {Operand::Kind::name, std::move(name), {}};
  }

  /// 12, -0x1F, 0f3F800000, 1.5e-3
  std::string number() {
    const std::size_t begin = at_;
    if (at_ < text_.size() && text_[at_] == '-') ++at_;
    if (at_ >= text_.size() || !is_digit(text_[at_])) fail();
    const bool coded = text_[at_] == '0' && at_ + 1 < text_.size() && is_alphanumeric(text_[at_ + 1]);
    for (; at_ < text_.size(); ++at_) {
      const bool exponent =
          !coded && (text_[at_ - (at_ > begin)] == 'e' || text_[at_ - (at_ > begin)] == 'E');
      const bool sign = exponent && (text_[at_] == '-' || text_[at_] == '+');
      if (!is_alphanumeric(text_[at_]) && text_[at_] != '.' && !sign) break;
    }
    return std::string(text_.substr(begin, at_ - begin));
  }

  std::string_view text_;
  std::size_t at_ = 0;
};

}  // namespace

std::vector<Statement> parse(std::string_view text) { return Parser(text).statements(); }

std::string_view first_opcode(std::string_view text) {
  Parser parser(text);
  while (parser.take('{') || parser.take(';')) continue;
  if (parser.take('@')) {
    parser.take('!');
    parser.word();
  }
  parser.skip_space();
  return parser.word();
}

}  // namespace gridstride::translator::ptx
