#pragma once
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

namespace gridstride::translator::ptx {

/// what() is the message for whoever wrote the asm statement.
class NotOffered : public std::runtime_error {
  using std::runtime_error::runtime_error;
};

/// Whether the text of an asm statement is PTX: its first opcode is one of PTX's or has one of PTX's types.
bool is_text(std::string_view text);

/// How many operands the asm statement has, and whether `return` ends the thread where it stands.
struct Surroundings {
  std::size_t operands;
  bool in_kernel;
};

/// The text of an asm statement as C++ statements, in which `gridstride_ptx` names the emulator's namespace
/// of PTX and `gridstride_0`, `gridstride_1`... the registers that the statement's operands are in.
std::string to_cpp(std::string_view text, Surroundings surroundings);

}  // namespace gridstride::translator::ptx
