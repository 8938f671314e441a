#include "emulator/translator/shared_declaration.hpp"

#include <algorithm>
#include <array>

#include "emulator/translator/passes.hpp"
#include "emulator/translator/walk.hpp"

namespace gridstride::translator {
namespace {

using Tokens = std::vector<std::size_t>;

template <std::size_t N>
bool any_of(const std::array<std::string_view, N>& words, std::string_view word) {
  return std::find(words.begin(), words.end(), word) != words.end();
}

bool is_cv(std::string_view word) {
  static constexpr std::array<std::string_view, 5> kWords = {"const", "volatile", "__restrict__",
                                                             "__restrict", "__volatile__"};
  return any_of(kWords, word);
}

bool is_fundamental(std::string_view word) {
  static constexpr std::array<std::string_view, 9> kWords = {"unsigned", "signed", "long",   "short",   "int",
                                                             "char",     "float",  "double", "__int128"};
  return any_of(kWords, word);
}

bool is_class_key(std::string_view word) {
  static constexpr std::array<std::string_view, 4> kWords = {"struct", "class", "union", "enum"};
  return any_of(kWords, word);
}

bool is_dropped(std::string_view word) {
  static constexpr std::array<std::string_view, 6> kWords = {"extern",     "static", "__shared__",
                                                             "__device__", "inline", "thread_local"};
  return any_of(kWords, word);
}

/// The declaration's tokens, cursor in hand.
class Parser {
 public:
  Parser(const Source& source, std::size_t shared) : source_(source), shared_(shared) {
    out_.first = statement_begin(source, shared);
    out_.end = statement_end(source, shared);
    if (out_.end == kNone) fail(source, shared, "a __shared__ declaration must end with ';'");
  }

  SharedDeclaration parse() {
    collect();
    read_type();
    while (at_ < rest_.size()) {
      read_variable();
      if (at_ < rest_.size()) ++at_;  // the comma
    }
    if (out_.variables.empty()) fail(source_, shared_, "__shared__ must declare a variable");
    return std::move(out_);
  }

 private:
  std::string_view word(std::size_t n) const { return n < rest_.size() ? source_.spell(rest_[n]) : ""; }
  char mark(std::size_t n) const { return n < rest_.size() ? source_.mark(rest_[n]) : '\0'; }

  /// Sets aside storage classes and alignment, wherever they stand; the rest is type and declarators.
  void collect() {
    for (std::size_t i = out_.first; i < out_.end; ++i) {
      const std::string_view token = source_.spell(i);
      const bool group = source_.mark(i + 1) == '(' && source_.match(i + 1) != kNone;
      const bool of_class = i > out_.first && is_class_key(source_.spell(i - 1));
      if (is_dropped(token)) {
        out_.is_extern |= token == "extern";
      } else if (group && token != "decltype" && takes_attribute_group(token) && !of_class) {
        add_alignment(i);
        i = source_.match(i + 1);
      } else if (token == "[" && source_.is(i + 1, "[") && source_.touches_next(i)) {
        i = source_.match(i) == kNone ? i : source_.match(i);
      } else {
        const std::size_t next = source_.skip(i);
        if (next == kNone || next > out_.end)
          fail(source_, i, "unbalanced bracket in a __shared__ declaration");
        for (; i < next; ++i) rest_.push_back(i);
        --i;
      }
    }
  }

  void add_alignment(std::size_t i) {
    Tokens tokens;
    for (std::size_t k = i + 1; k <= source_.match(i + 1); ++k) tokens.push_back(k);
    const std::string_view word = source_.spell(i);
    const std::string group = one_line(source_, tokens);
    const bool cuda = word == "__align__" || word == "__builtin_align__";
    if (!out_.alignment.empty()) out_.alignment += ' ';
    out_.alignment += cuda ? "__attribute__((aligned" + group + "))" : std::string(word) + group;
  }

  /// Moves the type's specifiers from rest_ into specifiers_.
  void read_type() {
    bool seen = false;
    std::string cv;
    while (at_ < rest_.size()) {
      const std::string_view token = word(at_);
      if (is_cv(token)) {
        cv += std::string(token) + ' ';
        ++at_;
      } else if (is_fundamental(token)) {
        type_ += std::string(token) + ' ';
        seen = true;
        ++at_;
      } else if (!seen && is_class_key(token)) {
        read_class();
        seen = true;
      } else if (!seen && (source_.is_identifier(rest_[at_]) || token == "::")) {
        read_name();
        seen = true;
      } else {
        break;
      }
    }
    type_ = cv + type_;
    if (!type_.empty() && type_.back() == ' ') type_.pop_back();
    if (!seen || type_.empty()) fail(source_, shared_, "a __shared__ declaration needs a type");
  }

  /// `struct name`, or a definition `struct attributes name { ... }`, whose text stays where it is.
  void read_class() {
    const std::size_t key = at_++;
    std::size_t name = kNone;
    while (at_ < rest_.size() && mark(at_) != '{') {
      if (takes_attribute_group(word(at_)) && mark(at_ + 1) == '(') {
        at_ = beyond(at_ + 1);
      } else if (source_.is_identifier(rest_[at_]) && name == kNone) {
        name = at_++;
        if (mark(at_) == '<' || word(at_) == "::") {
          at_ = name;
          type_ = std::string(word(key)) + ' ';
          return read_name();
        }
        if (mark(at_) != '{' && mark(at_) != ':') break;
      } else {
        ++at_;
      }
    }
    if (mark(at_) != '{') {
      if (name == kNone) fail(source_, shared_, "a __shared__ declaration needs a type");
      type_ = std::string(word(key)) + ' ' + std::string(word(name));
      return;
    }
    out_.class_key = rest_[key];
    out_.class_close = source_.match(rest_[at_]);
    out_.class_unnamed = name == kNone;
    type_ =
        name == kNone ? "gridstride_type_" + std::to_string(source_[shared_].begin) : std::string(word(name));
    out_.class_name = type_;
    at_ = beyond(at_);
  }

  /// `typename ns::X<int>::template Y<T>::Z`, `decltype(x)`.
  void read_name() {
    const std::size_t from = at_;
    if (word(at_) == "typename") ++at_;
    for (bool more = true; more && at_ < rest_.size();) {
      if (word(at_) == "::") ++at_;
      if (word(at_) == "template") ++at_;
      if (at_ >= rest_.size() || !source_.is_identifier(rest_[at_])) break;
      const bool takes_group = word(at_) == "decltype" || word(at_) == "typeof" || word(at_) == "__typeof__";
      ++at_;
      if (takes_group && mark(at_) == '(') at_ = beyond(at_);
      if (mark(at_) == '<') at_ = beyond(at_);
      more = word(at_) == "::";
    }
    type_ += one_line(source_, Tokens(rest_.begin() + from, rest_.begin() + at_));
  }

  /// The place in rest_ after the bracket or template argument list that opens at n.
  std::size_t beyond(std::size_t n) const {
    const std::size_t open = rest_[n];
    const std::size_t after = source_.mark(open) == '<' ? after_angle(source_, open) : source_.skip(open);
    if (after == kNone || after > out_.end)
      fail(source_, open, "unbalanced bracket in a __shared__ declaration");
    return std::lower_bound(rest_.begin(), rest_.end(), after) - rest_.begin();
  }

  /// One declarator: pointers, name, dimensions; or one with parentheses, `(*row)[4]`.
  void read_variable() {
    Tokens before, after;
    std::size_t name = kNone;
    bool parenthesized = false;
    for (; at_ < rest_.size() && mark(at_) != ','; ++at_) {
      const char c = mark(at_);
      if (c == '=' || c == '{') {
        fail(source_, rest_[at_],
             "a __shared__ variable cannot have an initializer; assign to it in the kernel");
      }
      if (name == kNone && source_.is_identifier(rest_[at_]) && !is_cv(word(at_))) {
        name = at_;
        continue;
      }
      parenthesized |= c == '(';
      Tokens& side = name == kNone ? before : after;
      side.push_back(rest_[at_]);
      if (c != '[' && !(c == '(' && name != kNone)) continue;
      for (const std::size_t last = beyond(at_) - 1; at_ < last;) side.push_back(rest_[++at_]);
    }
    if (name == kNone) fail(source_, shared_, "a __shared__ declaration lacks a name");
    add_variable(std::string(word(name)), one_line(source_, before), dimensions(after), parenthesized);
  }

  /// `[32][32 + 1]`; parenthesized inside where a '>' would end the template argument that they become part
  /// of.
  std::string dimensions(const Tokens& tokens) const {
    std::string out;
    for (std::size_t n = 0; n < tokens.size(); ++n) {
      const std::size_t close = source_.mark(tokens[n]) == '[' ? source_.match(tokens[n]) : kNone;
      if (close == kNone) {
        out.append(source_.spell(tokens[n])).append(" ");
        continue;
      }
      Tokens inner;
      while (++n < tokens.size() && tokens[n] != close) inner.push_back(tokens[n]);
      const std::string text = one_line(source_, inner);
      out += text.find('>') == std::string::npos ? '[' + text + ']' : "[(" + text + ")]";
    }
    return out;
  }

  void add_variable(const std::string& name, const std::string& before, const std::string& after,
                    bool parenthesized) {
    const std::string base = before.empty() ? type_ : type_ + ' ' + before;
    SharedVariable variable{name, base + after, ""};
    if (parenthesized) {
      variable.reference = "auto& " + name;
    } else {
      variable.reference = base + (after.empty() ? " &" + name : " (&" + name + ")" + after);
    }
    out_.variables.push_back(std::move(variable));
  }

  const Source& source_;
  const std::size_t shared_;
  SharedDeclaration out_;
  Tokens rest_;
  std::size_t at_ = 0;
  std::string type_;
};

}  // namespace

SharedDeclaration parse_shared(const Source& source, std::size_t i) { return Parser(source, i).parse(); }

}  // namespace gridstride::translator
