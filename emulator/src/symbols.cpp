#include "symbols.hpp"

#include <link.h>
#include <unistd.h>
#include <charconv>

#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <map>
#include <mutex>
#include <string_view>

#include "settings.hpp"

namespace gridstride::emulator {
namespace {

/// The program or library that an instruction belongs to, and where in its file.
struct Module {
  std::uintptr_t instruction;
  std::string file;
  std::uintptr_t offset = 0;
};

int look_into(dl_phdr_info* info, std::size_t, void* data) {
  auto& wanted = *static_cast<Module*>(data);
  for (int i = 0; i < info->dlpi_phnum; ++i) {
    const auto& segment = info->dlpi_phdr[i];
    if (segment.p_type != PT_LOAD ||
        wanted.instruction - info->dlpi_addr - segment.p_vaddr >= segment.p_memsz) {
      continue;
    }
    wanted.file = info->dlpi_name == nullptr || *info->dlpi_name == '\0' ? "/proc/self/exe" : info->dlpi_name;
    wanted.offset = wanted.instruction - info->dlpi_addr;
    return 1;
  }
  return 0;
}

std::string quoted(const std::string& word) {
  std::string out = "'";
  for (const char c : word) out += c == '\'' ? "'\\''" : std::string(1, c);
  return out + "'";
}

/// The folder of the emulator itself, with src/ and include/.
constexpr std::string_view kOwnFolder = [] {
  std::string_view file = __FILE__;
  file = file.substr(0, file.rfind('/'));
  return file.substr(0, file.rfind('/') + 1);
}();

bool is_systems(std::string_view path) { return path.starts_with("/usr/") || path.starts_with("/lib"); }

bool is_emulators(std::string_view place) {
  constexpr std::string_view kInstalled = "/gridstride-emulator/";
  return place.starts_with(kOwnFolder) || place.find(kInstalled) != std::string_view::npos;
}

bool is_users(std::string_view place) {
  return !place.starts_with("?") && !is_systems(place) && !is_emulators(place) && !place.ends_with(":0") &&
         !place.ends_with(":?");
}

/// The file as addr2line's shell, whose /proc/self is another process, can open it.
std::string readable(const std::string& file) {
  return file == "/proc/self/exe" ? "/proc/" + std::to_string(getpid()) + "/exe" : file;
}

std::string hex(std::uintptr_t value) {
  char text[32];
  std::snprintf(text, sizeof text, "0x%zx", value);
  return text;
}

/// Of the instructions at `offsets` of one module; what is inlined there comes before what it is in.
std::vector<SourcePlace> places_in(const std::string& file, const std::vector<std::uintptr_t>& offsets) {
  std::vector<SourcePlace> places(offsets.size());
  if (is_systems(file)) return places;
  std::string command = "addr2line -a -i -e " + quoted(readable(file));
  for (const std::uintptr_t offset : offsets) command += " " + hex(offset);
  FILE* out = popen((command + " 2>/dev/null").c_str(), "r");
  if (out == nullptr) return places;
  char text[4096];
  std::size_t count = 0;
  bool is_innermost = false;
  while (std::fgets(text, sizeof text, out) != nullptr) {
    std::string_view place = text;
    place = place.substr(0, place.find('\n'));
    place = place.substr(0, place.rfind(" (discriminator"));
    if (place.starts_with("0x")) {  // the address that the lines below are of
      ++count;
      is_innermost = true;
      continue;
    }
    if (count == 0 || count > places.size()) break;
    if (is_innermost) {
      places[count - 1].is_emulators = is_emulators(place);
      places[count - 1].innermost = place;
    }
    is_innermost = false;
    if (is_users(place)) places[count - 1].lines.emplace_back(place);
  }
  pclose(out);
  return places;
}

/// What stands at "FILE:LINE"; empty where the file cannot be read.
std::string text_at(const std::string& place) {
  auto [name, line] = file_line(place);
  std::ifstream file(name);
  std::string text;
  for (; line > 0; --line) {
    if (!std::getline(file, text)) return {};
  }
  const std::size_t begin = text.find_first_not_of(" \t");
  return begin == std::string::npos ? std::string() : text.substr(begin);
}

}  // namespace

FileLine file_line(const std::string& place) {
  FileLine out;
  const std::size_t colon = place.rfind(':');
  out.file = place.substr(0, colon);
  if (colon != std::string::npos) {
    std::from_chars(place.data() + colon + 1, place.data() + place.size(), out.line);
  }
  return out;
}

CodePlace code_place(const void* instruction) {
  Module module{reinterpret_cast<std::uintptr_t>(instruction), {}, 0};
  if (dl_iterate_phdr(look_into, &module) == 0) return {};
  return {quoted(readable(module.file)), module.offset};
}

std::string at_line(const std::string& place) {
  if (place.empty()) return "\n";
  const std::string text = checking() ? text_at(place) : std::string();
  return " at " + place + "\n" + (text.empty() ? "" : "    " + text + "\n");
}

std::vector<SourcePlace> source_places(const std::vector<const void*>& instructions) {
  constexpr std::size_t kPerCommand = 2000;  // as many as a shell's command line holds
  static std::mutex mutex;
  static auto* known = new std::map<const void*, SourcePlace>;
  const std::scoped_lock lock(mutex);
  std::string file;
  std::vector<const void*> unknown;
  std::vector<std::uintptr_t> offsets;
  const auto look_up = [&] {
    if (offsets.empty()) return;
    const std::vector<SourcePlace> places = places_in(file, offsets);
    for (std::size_t i = 0; i < unknown.size(); ++i) (*known)[unknown[i]] = places[i];
    unknown.clear();
    offsets.clear();
  };
  for (const void* instruction : instructions) {
    if (!known->try_emplace(instruction).second) continue;
    Module module{reinterpret_cast<std::uintptr_t>(instruction), {}, 0};
    if (dl_iterate_phdr(look_into, &module) == 0) continue;
    if (module.file != file || offsets.size() == kPerCommand) look_up();
    file = module.file;
    unknown.push_back(instruction);
    offsets.push_back(module.offset);
  }
  look_up();
  std::vector<SourcePlace> places;
  for (const void* instruction : instructions) places.push_back((*known)[instruction]);
  return places;
}

std::vector<std::string> source_lines(const std::vector<const void*>& instructions) {
  std::vector<std::string> lines;
  for (SourcePlace& place : source_places(instructions)) {
    for (std::string& line : place.lines) lines.push_back(std::move(line));
  }
  return lines;
}

std::string source_line(const void* instruction) {
  const std::vector<std::string> lines = source_lines({instruction});
  return lines.empty() ? std::string() : lines.front();
}

}  // namespace gridstride::emulator
