// What nvcc makes of a rung, asked where it is installed: the emulator knows everything of a kernel but this.
#include "cli/ptxas_registers.hpp"

#include <unistd.h>

#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <nlohmann/json.hpp>
#include <optional>
#include <span>
#include <sstream>

#include "cli/replaced.hpp"
#include "framework/io/atomic_file.hpp"
#include "framework/io/sha256.hpp"

namespace gridstride::cli {
namespace {

namespace fs = std::filesystem;
using nlohmann::json;

std::string for_shell(const std::string& word) { return "'" + replaced(word, "'", "'\\''") + "'"; }

struct Output {
  bool ok = false;
  std::string text;  // of both streams
};

Output run(const std::string& command) {
  Output out;
  FILE* pipe = popen((command + " 2>&1").c_str(), "r");
  if (pipe == nullptr) return out;
  char buffer[4096];
  while (const std::size_t bytes = std::fread(buffer, 1, sizeof buffer, pipe)) out.text.append(buffer, bytes);
  out.ok = pclose(pipe) == 0;
  return out;
}

std::string version_of(const fs::path& nvcc) {
  const Output out = run(for_shell(nvcc.string()) + " --version");
  // What stands in for nvcc in PATH, such as gridstride cc, knows no registers.
  return out.ok && out.text.find("NVIDIA (R) Cuda compiler driver") != std::string::npos ? out.text : "";
}

std::string hash(const std::string& text) { return io::sha256(std::as_bytes(std::span(text))); }

std::optional<std::string> hash_of_file(const fs::path& file) {
  std::error_code error;
  if (!fs::is_regular_file(file, error)) return {};
  return io::sha256_file(file);
}

/// Empty where the user has no place for such things.
fs::path cache_folder() {
  if (const char* cache = std::getenv("XDG_CACHE_HOME"); cache != nullptr && *cache == '/') {
    return fs::path(cache) / "gridstride";
  }
  const char* home = std::getenv("HOME");
  return home != nullptr && *home == '/' ? fs::path(home) / ".cache" / "gridstride" : fs::path();
}

/// The files of a make rule behind its colon.
std::vector<std::string> files_of_rule(const std::string& rule) {
  const std::size_t colon = rule.find(" : ");
  if (colon == std::string::npos) return {};
  std::istringstream words(replaced(rule.substr(colon + 3), "\\\n", " "));
  std::vector<std::string> files;
  for (std::string word; words >> word; files.push_back(word)) {
    while (word.ends_with('\\') && words) {  // a space that belongs to the name
      std::string rest;
      words >> rest;
      word.back() = ' ';
      word += rest;
    }
  }
  return files;
}

/// What nvcc was asked, and whether its answer still holds.
class Entry {
 public:
  Entry(const fs::path& root, const std::string& question) : root_(root) {
    if (const fs::path folder = cache_folder(); !folder.empty()) {
      file_ = folder / ("ptxas-" + hash(question).substr(0, 32) + ".json");
    }
  }

  std::optional<std::vector<PtxasKernel>> read() const {
    std::ifstream in(file_);
    const json kept = json::parse(in, nullptr, false);
    try {
      for (const auto& [name, content] : kept.at("files").items()) {
        if (hash_of_file(root_ / name) != content.get<std::string>()) return {};
      }
      std::vector<PtxasKernel> kernels;
      for (const json& kernel : kept.at("kernels")) {
        kernels.push_back({kernel.at(0), kernel.at(1), kernel.at(2)});
      }
      return kernels;
    } catch (const std::exception&) {
      return {};  // there is none, or somebody else wrote it
    }
  }

  /// Remembers what was found of these files. A cache that cannot be written is none.
  void write(const std::vector<PtxasKernel>& kernels, const std::vector<std::string>& files) const {
    if (file_.empty() || files.empty()) return;
    json out{{"files", json::object()}, {"kernels", json::array()}};
    for (const PtxasKernel& kernel : kernels) {
      out["kernels"].push_back({kernel.symbol, kernel.registers, kernel.spilled_bytes});
    }
    try {
      for (const std::string& file : files) out["files"][file] = hash_of_file(root_ / file).value_or("");
      io::make_folder(file_.parent_path());
      io::write_file(file_, out.dump());
    } catch (const std::exception&) {}
  }

 private:
  fs::path root_, file_;
};

/// A file that goes when this does.
struct Temporary {
  std::string name = (fs::temp_directory_path() / "gridstride-XXXXXX").string();
  Temporary() {
    if (const int fd = mkstemp(name.data()); fd >= 0) close(fd);
  }
  ~Temporary() { std::remove(name.c_str()); }
  Temporary(const Temporary&) = delete;
};

/// Of what a compiler says the first line that names an error.
std::string first_error(const std::string& text) {
  std::istringstream lines(text);
  std::string first, line;
  while (std::getline(lines, line)) {
    if (line.find("error") != std::string::npos || line.find("fatal") != std::string::npos) return line;
    if (first.empty()) first = line;
  }
  return first.empty() ? "nvcc fails without a word" : first;
}

}  // namespace

fs::path find_nvcc() {
  std::istringstream folders(std::getenv("PATH") == nullptr ? "" : std::getenv("PATH"));
  for (std::string folder; std::getline(folders, folder, ':');) {
    const fs::path nvcc = fs::path(folder) / "nvcc";
    if (access(nvcc.c_str(), X_OK) == 0 && !version_of(nvcc).empty()) return nvcc;
  }
  const fs::path nvcc = "/usr/local/cuda/bin/nvcc";
  return access(nvcc.c_str(), X_OK) == 0 && !version_of(nvcc).empty() ? nvcc : fs::path();
}

PtxasReport ptxas_report(const fs::path& nvcc, const fs::path& root, const fs::path& source,
                         const std::string& architecture, const std::function<void()>& begins) {
  // As a build for that GPU compiles it.
  const std::string options = "-std=c++20 --extended-lambda -cubin --resource-usage -arch=" + architecture +
                              " '-DGRIDSTRIDE_DEVICE_NAME=\"cuda\"'";
  const Entry entry(root, version_of(nvcc) + options + fs::absolute(root / source).string());
  if (auto known = entry.read()) return {std::move(*known), {}};
  begins();
  const Temporary rule;
  const Output out =
      run("cd " + for_shell(root.string()) + " && " + for_shell(nvcc.string()) + " " + options +
          " -I. -MMD -MF " + for_shell(rule.name) + " -o /dev/null " + for_shell(source.string()));
  if (!out.ok) return {{}, first_error(out.text)};
  PtxasReport report{parse_ptxas(out.text), {}};
  std::ifstream in(rule.name);
  std::vector<std::string> files = files_of_rule({std::istreambuf_iterator<char>(in), {}});
  // What belongs to nvcc changes with its version.
  std::erase_if(files, [](const std::string& file) { return file.starts_with('/'); });
  entry.write(report.kernels, files);
  return report;
}

}  // namespace gridstride::cli
