/// Machine code as text: what objdump says about it. binutils is wherever g++ is, which calls its assembler
/// and its linker; a library that disassembles would be one dependency more for the same answer.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace gridstride::emulator {

struct Instruction {
  std::uint64_t address;
  std::string text;  // "vaddss (%rax),%xmm0,%xmm1", or "call 401030 <expf@plt>"
};

/// The instructions of the program from `begin`, where one begins, until `end`; none where objdump is
/// missing.
std::vector<Instruction> disassemble(std::uint64_t begin, std::uint64_t end);

}  // namespace gridstride::emulator
