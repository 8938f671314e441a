#include "symbols.hpp"

#include <link.h>
#include <unistd.h>

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

/// The folder of the emulator's own sources.
constexpr std::string_view kOwnFolder = [] {
  std::string_view file = __FILE__;
  return file.substr(0, file.rfind('/') + 1);
}();

bool is_systems(std::string_view path) { return path.starts_with("/usr/") || path.starts_with("/lib"); }

bool is_users(std::string_view place) {
  return !place.starts_with("?") && !is_systems(place) && !place.starts_with(kOwnFolder) &&
         place.find("/gridstride/emulator/") == std::string_view::npos && !place.ends_with(":0") &&
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

/// The user's lines at places of one module, in order; what is inlined there comes before what it is in.
void append_lines(const std::string& file, const std::string& offsets, std::vector<std::string>& lines) {
  if (offsets.empty() || is_systems(file)) return;
  const std::string command = "addr2line -i -e " + quoted(readable(file)) + offsets + " 2>/dev/null";
  FILE* out = popen(command.c_str(), "r");
  if (out == nullptr) return;
  char text[4096];
  while (std::fgets(text, sizeof text, out) != nullptr) {
    std::string_view place = text;
    place = place.substr(0, place.find('\n'));
    place = place.substr(0, place.rfind(" (discriminator"));
    if (is_users(place)) lines.emplace_back(place);
  }
  pclose(out);
}

/// What stands at "FILE:LINE"; empty where the file cannot be read.
std::string text_at(const std::string& place) {
  const std::size_t colon = place.rfind(':');
  std::ifstream file(place.substr(0, colon));
  std::string text;
  for (int line = std::atoi(place.c_str() + colon + 1); line > 0; --line) {
    if (!std::getline(file, text)) return {};
  }
  const std::size_t begin = text.find_first_not_of(" \t");
  return begin == std::string::npos ? std::string() : text.substr(begin);
}

}  // namespace

std::string at_line(const std::string& place) {
  if (place.empty()) return "\n";
  const std::string text = checking() ? text_at(place) : std::string();
  return " at " + place + "\n" + (text.empty() ? "" : "    " + text + "\n");
}

std::vector<std::string> source_lines(const std::vector<const void*>& instructions) {
  static std::mutex mutex;
  static auto* known = new std::map<std::vector<const void*>, std::vector<std::string>>;
  const std::scoped_lock lock(mutex);
  const auto [at, is_new] = known->try_emplace(instructions);
  std::vector<std::string>& lines = at->second;
  if (!is_new) return lines;
  std::string file;
  std::string offsets;
  for (const void* instruction : instructions) {
    Module module{reinterpret_cast<std::uintptr_t>(instruction), {}, 0};
    if (dl_iterate_phdr(look_into, &module) == 0) continue;
    if (module.file != file) {
      append_lines(file, offsets, lines);
      file = module.file;
      offsets.clear();
    }
    offsets += " " + hex(module.offset);
  }
  append_lines(file, offsets, lines);
  return lines;
}

std::string source_line(const void* instruction) {
  const std::vector<std::string> lines = source_lines({instruction});
  return lines.empty() ? std::string() : lines.front();
}

}  // namespace gridstride::emulator
