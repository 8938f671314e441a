/// Programs compiled by gridstride-cc as a user would: in a folder of their own, from a shell.
#pragma once

#include <gtest/gtest.h>
#include <stdlib.h>

#include <filesystem>
#include <fstream>
#include <sstream>

#include "emulator/driver/process.hpp"

namespace gridstride::driver {

namespace fs = std::filesystem;

/// In a sanitized build programs are compiled with its sanitizers, which bring instrumentation and reports of
/// their own.
#if defined(__SANITIZE_ADDRESS__)
inline constexpr bool kSanitized = true;
#else
inline constexpr bool kSanitized = false;
#endif

inline const std::string kCc = GRIDSTRIDE_BINARY_DIR "/bin/gridstride-cc";

inline std::string read(const fs::path& path) {
  std::ostringstream out;
  out << std::ifstream(path).rdbuf();
  return out.str();
}

/// A folder of its own for every test, with a space in its name.
class CcFixture : public testing::Test {
 protected:
  void SetUp() override {
    std::string name = (fs::temp_directory_path() / "cc testXXXXXX").string();
    ASSERT_NE(mkdtemp(name.data()), nullptr);
    folder_ = name;
  }
  void TearDown() override { fs::remove_all(folder_); }

  void write(const std::string& name, const std::string& text) {
    fs::create_directories((folder_ / name).parent_path());
    std::ofstream(folder_ / name) << text;
  }
  bool exists(const std::string& name) { return fs::exists(folder_ / name); }

  /// Runs in the folder, with `cc` for gridstride-cc; what it prints goes to output_ and messages_.
  int shell(const std::string& command) {
    const std::string line = "cc() { '" + kCc + "' \"$@\"; }; cd '" + folder_.string() + "' && { " + command +
                             "; } >.output 2>.messages";
    const int status = run(Words{"/bin/sh", "-c", line}).status;
    output_ = read(folder_ / ".output");
    messages_ = read(folder_ / ".messages");
    return status;
  }

  fs::path folder_;
  std::string output_, messages_;
};

}  // namespace gridstride::driver
