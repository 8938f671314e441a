#include "tests/house/arrows.hpp"

#include <algorithm>
#include <fstream>
#include <functional>
#include <iterator>
#include <regex>

namespace gridstride::house {
namespace {

namespace fs = std::filesystem;

bool is_source(const fs::path& file) {
  static const std::vector<std::string> kExtensions = {".cpp", ".hpp", ".cu", ".cuh", ".h"};
  return std::find(kExtensions.begin(), kExtensions.end(), file.extension()) != kExtensions.end();
}

/// Calls `visit` with the path, relative to root, of every source file in the house.
void for_each_source(const fs::path& root, const std::function<void(const std::string&)>& visit) {
  for (const char* top : {"kernels", "framework", "emulator", "cli", "bench", "chapters", "tests"}) {
    if (!fs::exists(root / top)) continue;
    for (const auto& entry : fs::recursive_directory_iterator(root / top)) {
      if (entry.is_regular_file() && is_source(entry.path()))
        visit(entry.path().lexically_relative(root).string());
    }
  }
}

bool lies_in(const std::string& path, const std::string& folder) {
  return path.size() > folder.size() && path.compare(0, folder.size(), folder) == 0 &&
         path[folder.size()] == '/';
}

const Layer* layer_of(const std::string& path) {
  const Layer* found = nullptr;
  for (const Layer& layer : layers()) {
    if (lies_in(path, layer.folder) && (!found || layer.folder.size() > found->folder.size())) found = &layer;
  }
  return found;
}

/// The file of the house that an include names, relative to root; empty for a library's header.
/// <cuda_runtime.h> is one of those: the build decides whose it is.
std::string resolve(const fs::path& root, const std::string& includer, const std::string& name) {
  const fs::path beside = fs::path(includer).parent_path() / name;
  const fs::path internal = name.rfind("gridstride/", 0) == 0 ? "emulator/include/" + name : name;
  for (const fs::path& path : {beside, fs::path(name), internal}) {
    const std::string normal = path.lexically_normal().string();
    if (layer_of(normal) && fs::exists(root / normal)) return normal;
  }
  return "";
}

std::string judge(const std::string& includer, const std::string& target) {
  const Layer *from = layer_of(includer), *to = layer_of(target);
  if (from == to) return "";
  for (const std::string& folder : from->may_include) {
    if (target == folder || lies_in(target, folder)) return "";
  }
  return from->folder + " may not include " + target;
}

std::string read(const fs::path& path) {
  std::ifstream in(path);
  return {std::istreambuf_iterator<char>(in), {}};
}

/// The text without comments and string literals; newlines stay.
std::string code_only(const std::string& text) {
  std::string out;
  for (std::size_t at = 0; at < text.size();) {
    std::size_t end = at + 1;
    if (text.compare(at, 2, "//") == 0) {
      end = text.find('\n', at);
    } else if (text.compare(at, 2, "/*") == 0) {
      end = text.find("*/", at + 2);
      if (end != std::string::npos) end += 2;
    } else if (text.compare(at, 2, "R\"") == 0 && text.find('(', at) != std::string::npos) {
      const std::string close = ')' + text.substr(at + 2, text.find('(', at) - at - 2) + '"';
      end = text.find(close, at);
      if (end != std::string::npos) end += close.size();
    } else if (text[at] == '"') {
      while (end < text.size() && text[end] != '"' && text[end] != '\n') end += text[end] == '\\' ? 2 : 1;
      ++end;
    } else {
      out += text[at++];
      continue;
    }
    end = std::min(end, text.size());
    out.append(std::count(text.begin() + at, text.begin() + end, '\n'), '\n');
    at = end;
  }
  return out;
}

}  // namespace

/// The emulator's doors for the program, and who goes through them (docs/adr/0006-profile.md).
#define GRIDSTRIDE_DOOR(NAME) "emulator/include/gridstride/emulator/" NAME ".hpp"
constexpr const char* kProfile = GRIDSTRIDE_DOOR("profile");
constexpr const char* kFindings = GRIDSTRIDE_DOOR("findings");
constexpr const char* kRaces = GRIDSTRIDE_DOOR("races");
constexpr const char* kSchedule = GRIDSTRIDE_DOOR("schedule");
constexpr const char* kGpu = GRIDSTRIDE_DOOR("gpu");
constexpr const char* kProfiler = "cli/profile";

const std::vector<Layer>& layers() {
  static const std::vector<Layer> kLayers = {
      {"emulator/include", {}},
      {"emulator/src", {"emulator/include"}},
      {"emulator/translator", {}},
      {"emulator/driver", {"emulator/translator"}},

      {"kernels/device", {}},
      {"kernels/core", {"kernels/device"}},
      {"kernels", {"kernels/core", "kernels/device"}},

      {"framework/tensor", {"kernels"}},
      {"framework/autograd", {"framework/tensor", "kernels"}},
      {"framework/ops", {"framework/autograd", "framework/tensor", "kernels"}},
      {"framework/nn", {"framework/ops", "framework/autograd", "framework/tensor", "kernels"}},
      {"framework/optim",
       {"framework/nn", "framework/ops", "framework/autograd", "framework/tensor", "kernels"}},
      {"framework/io", {}},
      {"framework/data", {"framework/io", "framework/tensor"}},
      {"framework/dist", {"framework/autograd", "framework/tensor", "framework/io", "kernels"}},
      {"framework/train", {"framework", "kernels"}},

      {"bench", {"kernels"}},
      // `gridstride bench` is where the measurements come out, `gridstride profile` where the counters do.
      {"cli", {"framework", "kernels", "bench", kProfile, kFindings, kRaces, kSchedule, kGpu}},
      {"chapters", {"framework", "kernels"}},
      {"tests", {"emulator", "kernels", "framework", "bench", "cli"}},
  };
  return kLayers;
}

std::vector<std::string> wrong_arrows(const fs::path& root) {
  static const std::regex kInclude(R"(^\s*#\s*include\s*[<"]([^>"]+)[>"])");
  std::vector<std::string> wrong;
  for_each_source(root, [&](const std::string& file) {
    if (!layer_of(file)) {
      wrong.push_back(file + ":1: no layer covers this folder; add it to layers() in tests/house/arrows.cpp");
      return;
    }
    std::ifstream in(root / file);
    std::string line;
    for (int number = 1; std::getline(in, line); ++number) {
      std::smatch include;
      if (!std::regex_search(line, include, kInclude)) continue;
      const std::string target = resolve(root, file, include[1]);
      const std::string verdict = target.empty() ? "" : judge(file, target);
      if (!verdict.empty()) wrong.push_back(file + ':' + std::to_string(number) + ": " + verdict);
    }
  });
  return wrong;
}

std::vector<std::string> emulator_named(const fs::path& root) {
  static const std::regex kName("emulator", std::regex::icase);
  std::vector<std::string> found;
  for_each_source(root, [&](const std::string& file) {
    if (lies_in(file, "emulator") || lies_in(file, "tests") || file.rfind(kProfiler, 0) == 0) return;
    const bool strict = lies_in(file, "kernels") || lies_in(file, "framework");
    const std::string text = read(root / file);
    const std::string code = strict ? text : code_only(text);
    std::smatch match;
    if (std::regex_search(code, match, kName)) {
      const auto line = 1 + std::count(code.begin(), code.begin() + match.position(), '\n');
      found.push_back(file + ':' + std::to_string(line) + ": names the emulator");
    }
  });
  return found;
}

}  // namespace gridstride::house
