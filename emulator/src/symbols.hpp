/// From a machine instruction back to the source.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace gridstride::emulator {

/// "FILE:LINE" of an instruction in the program's own code, with what was inlined there unwound to the
/// outermost function that is not the emulator's; empty where the debug information or addr2line is missing.
/// Slow.
std::string source_line(const void* instruction);
/// The program's own lines at all of these, each followed by the lines into which it was inlined.
std::vector<std::string> source_lines(const std::vector<const void*>& instructions);

/// "FILE:LINE" apart; no line where none is told.
struct FileLine {
  std::string file;
  unsigned line = 0;
};
FileLine file_line(const std::string& place);

/// Where an instruction comes from.
struct SourcePlace {
  std::vector<std::string> lines;  // the program's own, as source_lines() tells them
  bool is_emulators = false;       // it was inlined from a header of the emulator
  std::string innermost;           // "FILE:LINE" of the instruction itself, whoever's it is
};
/// For each of these its place.
std::vector<SourcePlace> source_places(const std::vector<const void*>& instructions);

/// The file that holds an instruction, quoted for a shell, and where in it; empty where there is none.
struct CodePlace {
  std::string file;
  std::uintptr_t offset = 0;
};
CodePlace code_place(const void* instruction);

/// How a report shows a "FILE:LINE": " at FILE:LINE", and in a run that is checked, where the file is at
/// hand, the text of the line below it, with the names of its variables. A line end comes last.
std::string at_line(const std::string& place);

}  // namespace gridstride::emulator
