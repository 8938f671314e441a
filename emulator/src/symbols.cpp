#include "symbols.hpp"

#include <link.h>
#include <unistd.h>

#include <cstdint>
#include <cstdio>
#include <string_view>

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

bool is_users(std::string_view place) {
  return !place.starts_with("?") && place.find("/gridstride/emulator/") == std::string_view::npos &&
         !place.starts_with("/usr/");
}

}  // namespace

std::string source_line(const void* instruction) {
  Module module{reinterpret_cast<std::uintptr_t>(instruction), {}, 0};
  if (dl_iterate_phdr(look_into, &module) == 0) return {};
  // The shell's /proc/self is another process.
  char own[32];
  std::snprintf(own, sizeof own, "/proc/%d/exe", static_cast<int>(getpid()));
  const std::string file = module.file == "/proc/self/exe" ? own : module.file;
  char offset[32];
  std::snprintf(offset, sizeof offset, "0x%zx", module.offset);
  FILE* out = popen(("addr2line -i -e " + quoted(file) + " " + offset + " 2>/dev/null").c_str(), "r");
  if (out == nullptr) return {};
  std::string found;
  char text[4096];
  while (std::fgets(text, sizeof text, out) != nullptr) {
    std::string_view place = text;
    place = place.substr(0, place.find('\n'));
    place = place.substr(0, place.rfind(" (discriminator"));
    if (found.empty() && is_users(place) && !place.ends_with(":0") && !place.ends_with(":?")) found = place;
  }
  pclose(out);
  return found;
}

}  // namespace gridstride::emulator
