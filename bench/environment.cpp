#include "bench/environment.hpp"

#include <sys/utsname.h>

#include <cctype>
#include <cstdio>
#include <ctime>
#include <fstream>
#include <stdexcept>
#include <thread>

#include "bench/rig.hpp"
#include "kernels/core/device.hpp"

namespace gridstride::bench {
namespace {

std::string quoted_for_shell(const std::string& text) {
  std::string quoted = "'";
  for (char c : text) quoted += c == '\'' ? std::string("'\\''") : std::string(1, c);
  return quoted + "'";
}

/// The first line that git prints.
std::string git(const std::filesystem::path& repository, const std::string& words) {
  const std::string command =
      "git -C " + quoted_for_shell(repository.string()) + " " + words + " 2>/dev/null";
  std::string line;
  if (FILE* out = popen(command.c_str(), "r")) {
    char text[128];
    if (std::fgets(text, sizeof text, out)) line = text;
    pclose(out);
  }
  while (!line.empty() && std::isspace(static_cast<unsigned char>(line.back()))) line.pop_back();
  return line;
}

/// Pages and results do not count as changes: measuring is what changes them.
std::string commit_of(const std::filesystem::path& repository) {
  const std::string commit = git(repository, "describe --always --abbrev=12 --match=");
  if (commit.empty()) return "unknown";
  const std::string changed =
      git(repository, "status --porcelain -uno -- ':/' ':!/bench/results' ':!*.md' ':!*.svg'");
  return commit + (changed.empty() ? "" : "-dirty");
}

std::string utc_now() {
  char text[32];
  const std::time_t now = std::time(nullptr);
  std::tm parts{};
  gmtime_r(&now, &parts);
  std::strftime(text, sizeof text, "%Y-%m-%dT%H:%M:%SZ", &parts);
  return text;
}

}  // namespace

std::string processor_name() {
  std::ifstream info("/proc/cpuinfo");
  for (std::string line; std::getline(info, line);) {
    if (line.starts_with("model name")) return line.substr(line.find(':') + 2);
  }
  return "unknown processor";
}

nlohmann::ordered_json environment(const std::filesystem::path& repository) {
  utsname system{};
  uname(&system);
  nlohmann::ordered_json out;
  out["device"] = device() == Device::cpu ? "cpu" : "cuda";
  out["device_name"] = device_info().name;
  out["machine"] = processor_name();
  out["hardware_threads"] = std::thread::hardware_concurrency();
  out["system"] = std::string(system.sysname) + " " + system.release;
  out["compiler"] = "C++ " __VERSION__;
  for (const auto& [name, value] : Rig::facts()) out[name] = value;
  out["commit"] = commit_of(repository);
  out["date"] = utc_now();
  return out;
}

}  // namespace gridstride::bench
