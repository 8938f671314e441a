#pragma once
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

/// The text of an asm statement as PTX: instructions, register declarations and scopes.
namespace gridstride::translator::ptx {

struct Operand {
  enum class Kind {
    name,      // a register, or `_`
    numbered,  // %0: an operand of the asm statement
    literal,
    address,  // [parts[0] + text]
    vector,   // {parts...}
    pair,     // parts[0]|parts[1]
  };
  Kind kind;
  std::string text;
  std::vector<Operand> parts;
  bool negated = false;  // !p
};

struct Statement {
  enum class Kind { instruction, declaration, open, close };
  Kind kind;
  std::string opcode;             // mul.lo.u32, or a declaration's type
  std::vector<Operand> operands;  // or the names that are declared
  std::vector<Operand> guard;     // the predicate, if any
};

/// what() names the place in the text that could not be read.
class ParseError : public std::runtime_error {
  using std::runtime_error::runtime_error;
};

/// A label is read as an instruction whose opcode ends in a colon.
std::vector<Statement> parse(std::string_view text);

/// The first word that could be an opcode, without reading further; empty if there is none.
std::string_view first_opcode(std::string_view text);

}  // namespace gridstride::translator::ptx
