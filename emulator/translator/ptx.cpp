// asm statements whose text is PTX, as C++ blocks with the same meaning. The host's own stay as they are.
#include <array>
#include <optional>
#include <vector>

#include "emulator/translator/passes.hpp"
#include "emulator/translator/ptx_emit.hpp"
#include "emulator/translator/walk.hpp"

namespace gridstride::translator {
namespace {

struct AsmOperand {
  std::string constraint;
  std::string expression;
};

struct AsmStatement {
  std::size_t first, last;  // with the semicolon
  std::string text;
  std::vector<AsmOperand> outputs, inputs;
};

bool is_string(const Source& source, std::size_t i) {
  return i < source.size() && source[i].kind == Kind::literal && source.spell(i).back() == '"';
}

/// What a string literal stands for, as far as assembly needs it.
std::string unquoted(std::string_view literal) {
  const std::size_t open = literal.find('"');
  if (open > 0 && literal[open - 1] == 'R') {
    const std::size_t begin = literal.find('(', open), end = literal.rfind(')');
    return std::string(literal.substr(begin + 1, end - begin - 1));
  }
  std::string out;
  for (std::size_t i = open + 1; i + 1 < literal.size(); ++i) {
    if (literal[i] != '\\') {
      out += literal[i];
    } else if (const char c = literal[++i]; c == 'n' || c == 't' || c == 'r' || c == '\n') {
      out += c == 'n' ? '\n' : ' ';
    } else {
      out += c;
    }
  }
  return out;
}

std::string take_strings(const Source& source, std::size_t& i) {
  std::string text;
  for (; is_string(source, i); ++i) text += unquoted(source.spell(i));
  return text;
}

/// `"=r"(a), "r"(b)` from token i on.
std::optional<std::vector<AsmOperand>> take_operands(const Source& source, std::size_t& i) {
  std::vector<AsmOperand> operands;
  while (is_string(source, i)) {
    AsmOperand operand{take_strings(source, i), {}};
    if (source.mark(i) != '(' || source.match(i) == kNone) return {};
    std::vector<std::size_t> tokens;
    for (std::size_t k = i; k <= source.match(i); ++k) tokens.push_back(k);
    operand.expression = one_line(source, tokens);
    operands.push_back(std::move(operand));
    i = source.match(i) + 1;
    if (source.mark(i) != ',') break;
    ++i;
  }
  return operands;
}

bool is_word_of(const Source& source, std::size_t i, std::string_view word) {
  return source.is(i, word) || source.is(i, "__" + std::string(word)) ||
         source.is(i, "__" + std::string(word) + "__");
}

/// The asm statement at i, if its text is PTX and it is formed as one.
std::optional<AsmStatement> find_ptx(const Source& source, std::size_t i) {
  if (!is_word_of(source, i, "asm")) return {};
  AsmStatement s{i, i, {}, {}, {}};
  for (++i; is_word_of(source, i, "volatile") || is_word_of(source, i, "inline");) ++i;
  if (source.mark(i) != '(' || source.match(i) == kNone || !is_string(source, i + 1)) return {};
  s.last = source.match(i) + 1;
  if (source.mark(s.last) != ';') return {};
  s.text = take_strings(source, ++i);
  if (!ptx::is_text(s.text)) return {};
  for (auto* operands : {&s.outputs, &s.inputs}) {
    const bool both = source.is(i, "::");
    if (both && operands == &s.outputs) continue;
    if (source.mark(i) != ':' && !both) break;
    auto found = take_operands(source, ++i);
    if (!found) return {};
    *operands = std::move(*found);
  }
  return s;
}

/// The type of the register that a constraint asks for.
std::string_view type_of(std::string_view constraint) {
  static constexpr std::array<std::array<std::string_view, 2>, 6> kTypes = {
      {{"r", "u32"}, {"h", "u16"}, {"l", "u64"}, {"f", "f32"}, {"d", "f64"}, {"n", "s64"}}};
  for (const auto& [letter, type] : kTypes) {
    if (!constraint.empty() && constraint.substr(constraint.find_last_of("=+&") + 1) == letter) return type;
  }
  throw ptx::NotOffered("inline PTX with the constraint '" + std::string(constraint) +
                        "' is not offered by the emulator");
}

/// Whether token i stands in a kernel's body, and in no lambda within it.
bool in_kernel(const Source& source, std::size_t i) {
  for (std::size_t open = source.parent(i); open != kNone; open = source.parent(open)) {
    if (source.mark(open) != '{') continue;
    std::size_t before = open;
    while (before > 0 && source.is_identifier(before - 1)) --before;  // mutable, const
    if (before > 0 && source.mark(before - 1) == ')') before = source.match(before - 1);
    if (before == kNone || before == 0 || source.mark(before - 1) == ']') return false;
    for (std::size_t k = head_begin(source, open); k < open; ++k) {
      if (source.is(k, "__global__")) return true;
    }
  }
  return false;
}

/// `{ namespace gridstride_ptx = ...; operands into registers; instructions; registers into results }`
std::string as_block(const Source& source, const AsmStatement& s) {
  std::string block = "{ namespace gridstride_ptx = ::gridstride::emulator::ptx; ", results;
  std::size_t number = 0;
  for (const auto* operands : {&s.outputs, &s.inputs}) {
    for (const AsmOperand& operand : *operands) {
      const std::string suffix = std::to_string(number++);
      const bool read = operands == &s.inputs || operand.constraint[0] == '+';
      std::string value = '(' + operand.expression + ')';  // `(unsigned(x))` would declare a function
      if (operands == &s.outputs) {
        value = "(gridstride_out" + suffix + ')';
        block += "auto& gridstride_out" + suffix + " = " + operand.expression + "; ";
        results += "gridstride_" + suffix + ".to(gridstride_out" + suffix + "); ";
      }
      block += "[[maybe_unused]] gridstride_ptx::Register<gridstride_ptx::";
      block += type_of(operand.constraint);
      block += "> gridstride_" + suffix + (read ? value : "") + "; ";
    }
  }
  return block + ptx::to_cpp(s.text, {number, in_kernel(source, s.first)}) + results + '}';
}

}  // namespace

/// Headers are full of functions that a program never calls: what is not offered ends the launch that comes
/// to it, with its line, and not the compilation.
void rewrite_ptx(const Source& source, Edits& edits) {
  for (std::size_t i = 0; i < source.size(); ++i) {
    if (!source.is_identifier(i)) continue;
    const auto s = find_ptx(source, i);
    if (!s) continue;
    std::string block;
    try {
      block = as_block(source, *s);
    } catch (const ptx::NotOffered& reason) {
      block = "::gridstride::emulator::ptx::refuse(\"" + std::string(reason.what()) + "\");";
    }
    edits.replace(source[s->first].begin, source[s->last].end,
                  block + line_structure(source, s->first, s->last));
  }
}

}  // namespace gridstride::translator
