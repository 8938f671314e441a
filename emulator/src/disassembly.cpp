#include "disassembly.hpp"

#include <array>
#include <cstdio>
#include <cstdlib>
#include <string_view>

#include "symbols.hpp"

namespace gridstride::emulator {

std::vector<Instruction> disassemble(std::uint64_t begin, std::uint64_t end) {
  std::vector<Instruction> out;
  const CodePlace place = code_place(reinterpret_cast<const void*>(begin));
  if (place.file.empty()) return out;
  const std::uint64_t base = begin - place.offset;
  std::array<char, 96> range;
  std::snprintf(range.data(), range.size(), " --start-address=0x%zx --stop-address=0x%zx ", place.offset,
                place.offset + (end - begin));
  const std::string command =
      "objdump -d -w --no-show-raw-insn" + (range.data() + place.file) + " 2>/dev/null";
  FILE* pipe = popen(command.c_str(), "r");
  if (pipe == nullptr) return out;
  char line[4096];
  while (std::fgets(line, sizeof line, pipe) != nullptr) {
    char* behind = nullptr;
    const std::uint64_t offset = std::strtoull(line, &behind, 16);
    if (behind == line || *behind != ':') continue;  // a name, or an empty line
    std::string_view text(behind + 1);
    text = text.substr(0, text.find('\n'));
    const std::size_t first = text.find_first_not_of(" \t");
    if (first != text.npos) out.push_back({base + offset, std::string(text.substr(first))});
  }
  pclose(pipe);
  return out;
}

}  // namespace gridstride::emulator
