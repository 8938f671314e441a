#pragma once
#include <string>
#include <string_view>
#include <vector>

/// Which instructions of PTX there are, and what C++ they become.
namespace gridstride::translator::ptx {

enum class Shape {
  value,    // the first operand is the result
  effect,   // no result
  carries,  // a result and the carry flag
  carried,  // the same, and the flag goes in
};

/// `mul.lo.u32` becomes `mul_lo<u32>`; `atom.shared.add.f32` becomes `atom_add<f32>`; `add.rz.ftz.f32`
/// becomes `add<f32, Mod::rz | Mod::ftz>`.
struct Instruction {
  std::string_view opcode;  // what it begins with
  Shape shape;
  std::string_view types;    // that its functions in the emulator's header are made for
  std::string_view mods;     // that change what it does
  std::string_view names{};  // parts of the name that may stand behind others
};

/// What one opcode means. function is empty where the emulator does not offer it.
struct Call {
  std::string function;
  Shape shape = Shape::value;
  std::vector<std::string> types;
  std::vector<std::string> mods;
  bool shared = false;       // its addresses are those of shared memory
  bool from_global = false;  // but for the first one, where it copies to there
};

Call look_up(std::string_view opcode);

/// Whether the emulator has registers of that type.
bool is_type(std::string_view word);

/// Whether instructions that begin with these words are PTX's, offered or not.
bool is_opcode(std::string_view words);

/// `%laneid` as C++; empty if there is no such special register.
std::string special_register(std::string_view name);

}  // namespace gridstride::translator::ptx
