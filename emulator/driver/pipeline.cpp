#include "emulator/driver/pipeline.hpp"

#include <unistd.h>

#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <stdexcept>
#include <string_view>

#include "emulator/translator/translate.hpp"

namespace gridstride::driver {
namespace {

bool keeps_files() {
  const char* keep = std::getenv("GRIDSTRIDE_KEEP");
  return keep && *keep && std::string_view(keep) != "0";
}

/// A file that is removed at the end, whatever the end is.
class TemporaryFile {
 public:
  explicit TemporaryFile(std::string path) : path_(std::move(path)) {}
  TemporaryFile(const TemporaryFile&) = delete;
  TemporaryFile& operator=(const TemporaryFile&) = delete;
  ~TemporaryFile() {
    if (!keeps_files()) unlink(path_.c_str());
  }

  const std::string& path() const { return path_; }
  void write(std::string_view text) const {
    std::ofstream out(path_, std::ios::binary);
    out.write(text.data(), static_cast<std::streamsize>(text.size())).flush();
    if (!out)
      throw std::runtime_error("cannot write '" + path_ + "'; is the disk full or the folder read-only?");
  }

 private:
  std::string path_;
};

}  // namespace

int compile_cuda(const CommandLine& line) {
  std::string text;
  if (const Outcome outcome = run(line.preprocess(), text); !outcome.ok()) return outcome.status;
  try {
    text = translator::translate(text, line.source(), line.linkage());
  } catch (const translator::TranslateError& error) {
    std::fprintf(stderr, "%s:%u: error: %s\n", error.where.file.c_str(), error.where.line,
                 error.message.c_str());
    return 1;
  }
  const TemporaryFile translated(line.object() + ".ii");
  translated.write(text);
  const bool uses_cub = text.find("/cub/util_namespace.cuh\"") != std::string::npos;
  const Outcome outcome = run(line.compile(translated.path(), uses_cub));
  if (!outcome.ok() || interrupted()) unlink(line.object().c_str());  // half an object is worse than none
  return outcome.status;
}

}  // namespace gridstride::driver
