#pragma once
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace gridstride::translator {

inline constexpr std::size_t kNone = static_cast<std::size_t>(-1);
/// No construct that the translator rewrites spans more tokens than this; scans give up beyond it, so that
/// hostile input costs linear time.
inline constexpr std::size_t kReach = 4000;

enum class Kind : std::uint8_t { identifier, number, literal, punctuator };

struct Token {
  std::uint32_t begin, end;  // bytes in the text
  Kind kind;
};

/// A line that starts with '#': a linemarker or a pragma. Never a token, wherever it stands.
struct Directive {
  std::uint32_t begin, end;  // from '#' up to the newline
};

struct Location {
  std::string file;
  unsigned line;
};

/// Preprocessed C++ as tokens. '<' and '>' are always tokens of their own (unless part of <=, >=, <<=, >>=,
/// <=> or ->), because only the translator knows which of them are brackets.
class Source {
 public:
  Source(std::string_view text, std::string_view name);

  std::size_t size() const { return tokens_.size(); }
  const Token& operator[](std::size_t i) const { return tokens_[i]; }
  const std::vector<Directive>& directives() const { return directives_; }
  std::string_view text() const { return text_; }

  std::string_view spell(std::size_t i) const {
    return text_.substr(tokens_[i].begin, tokens_[i].end - tokens_[i].begin);
  }
  /// The character of a one-character punctuator; 0 for everything else and beyond either end.
  char mark(std::size_t i) const;
  bool is(std::size_t i, std::string_view spelling) const { return i < size() && spell(i) == spelling; }
  bool is_identifier(std::size_t i) const { return i < size() && tokens_[i].kind == Kind::identifier; }
  /// Nothing, not even a space, between token i and the one after it.
  bool touches_next(std::size_t i) const { return i + 1 < size() && tokens_[i].end == tokens_[i + 1].begin; }

  /// The bracket that pairs with ( [ { ) ] } at i, or kNone.
  std::size_t match(std::size_t i) const { return match_[i]; }
  /// The innermost ( [ { around token i, or kNone.
  std::size_t parent(std::size_t i) const { return parent_[i]; }
  /// The token after i, taking a bracketed group as one token. kNone at an unpaired bracket or at the end.
  std::size_t skip(std::size_t i) const;

  /// Where a byte of the text comes from, as the linemarkers tell it.
  Location locate(std::size_t byte) const;

 private:
  void pair_brackets();

  std::string_view text_;
  std::string name_;
  std::vector<Token> tokens_;
  std::vector<Directive> directives_;
  std::vector<std::size_t> match_, parent_;
};

}  // namespace gridstride::translator
