// gridstride-cudacc as a build tool sees it: files, exit statuses, messages, dependencies, interruptions.
#include <gtest/gtest.h>
#include <signal.h>
#include <stdlib.h>

#include <filesystem>
#include <fstream>
#include <sstream>
#include <thread>

#include "emulator/driver/command_line.hpp"
#include "emulator/translator/translate.hpp"

namespace gridstride::driver {
namespace {

namespace fs = std::filesystem;

const std::string kCudacc = GRIDSTRIDE_BINARY_DIR "/bin/gridstride-cudacc";
const std::string kInclude = "-I" GRIDSTRIDE_SOURCE_DIR "/emulator/include";

std::string read(const fs::path& path) {
  std::ostringstream out;
  out << std::ifstream(path).rdbuf();
  return out.str();
}

/// A folder of its own for every test.
class Driver : public testing::Test {
 protected:
  void SetUp() override {
    std::string name = (fs::temp_directory_path() / "cudaccXXXXXX").string();
    ASSERT_NE(mkdtemp(name.data()), nullptr);
    folder_ = name;
  }
  void TearDown() override { fs::remove_all(folder_); }

  void write(const std::string& name, const std::string& text) { std::ofstream(folder_ / name) << text; }
  bool exists(const std::string& name) { return fs::exists(folder_ / name); }

  /// Runs in the folder; standard error goes to messages_.
  int shell(const std::string& command) {
    const std::string line = "cd " + folder_.string() + " && { " + command + "; } 2>messages";
    const int status = run(Words{"/bin/sh", "-c", line}).status;
    messages_ = read(folder_ / "messages");
    return status;
  }
  int compile(const std::string& flags) {
    return shell(kCudacc + " c++ -std=c++20 -Wall " + kInclude + ' ' + flags);
  }

  fs::path folder_;
  std::string messages_;
};

const char* kProgram = "#include \"part.cuh\"\nint main() { int unused; return part(); }\n";
const char* kPart =
    "#pragma once\n__global__ void k(int* p) { __shared__ int s; s = 1; *p = s; }\n"
    "inline int part() { k<<<1, 1>>>(nullptr); return 0; }\n";

TEST_F(Driver, CompilesAndLeavesOnlyTheObject) {
  write("x.cu", kProgram);
  write("part.cuh", kPart);
  EXPECT_EQ(compile("-x c++ -MD -MT x.cu.o -MF x.cu.o.d -o x.cu.o -c x.cu"), 0) << messages_;
  EXPECT_TRUE(exists("x.cu.o"));
  EXPECT_FALSE(exists("x.cu.o.ii"));
  EXPECT_NE(messages_.find("x.cu:2:"), std::string::npos)
      << messages_;  // the unused variable, where it stands
  EXPECT_NE(messages_.find("unused"), std::string::npos);
  EXPECT_EQ(read(folder_ / "x.cu.o.d").find("x.cu.o: x.cu"), 0u);
  EXPECT_NE(read(folder_ / "x.cu.o.d").find("part.cuh"), std::string::npos);
}

TEST_F(Driver, KeepsTheTranslationWhenAsked) {
  write("x.cu", "__global__ void k() {}\n");
  EXPECT_EQ(shell("GRIDSTRIDE_KEEP=1 " + kCudacc + " c++ -std=c++20 " + kInclude + " -o x.o -c x.cu"), 0)
      << messages_;
  EXPECT_NE(read(folder_ / "x.o.ii").find("::gridstride::emulator::enter("), std::string::npos);
}

TEST_F(Driver, NamesObjectAndDepfileAsTheCompilerWould) {
  write("x.cu", "__global__ void k() {}\n");
  EXPECT_EQ(compile("-MD -c x.cu"), 0) << messages_;
  EXPECT_TRUE(exists("x.o"));
  EXPECT_EQ(read(folder_ / "x.d").find("x.o: x.cu"), 0u) << read(folder_ / "x.d");
}

TEST_F(Driver, FailsWithTheCompilersStatusAndLine) {
  write("x.cu", "__global__ void k() {\n  __shared__ int s;\n  undeclared = s;\n}\n");
  EXPECT_EQ(compile("-o x.o -c x.cu"), 1);
  EXPECT_NE(messages_.find("x.cu:3:"), std::string::npos) << messages_;
  EXPECT_FALSE(exists("x.o"));
  EXPECT_FALSE(exists("x.o.ii"));
}

TEST_F(Driver, FailsWithTheTranslatorsMessageAndLine) {
  write("part.cuh", "\n__shared__ int s = 1;\n");
  write("x.cu", "#include \"part.cuh\"\n");
  EXPECT_EQ(compile("-o x.o -c x.cu"), 1);
  EXPECT_EQ(
      messages_,
      "part.cuh:2: error: a __shared__ variable cannot have an initializer; assign to it in the kernel\n");
}

TEST_F(Driver, FailsWhenTheSourceOrCompilerIsMissing) {
  EXPECT_EQ(compile("-o x.o -c nothing.cu"), 1);
  EXPECT_NE(messages_.find("nothing.cu"), std::string::npos);
  EXPECT_EQ(shell(kCudacc + " no-such-compiler -c x.cu"), 1);
  EXPECT_NE(messages_.find("gridstride-cudacc: cannot run 'no-such-compiler'"), std::string::npos)
      << messages_;
  EXPECT_EQ(shell(kCudacc), 2);
  EXPECT_EQ(shell(kCudacc + " c++ -c a.cu b.cu"), 2);
}

TEST_F(Driver, PassesOrdinarySourcesOn) {
  write("x.cpp", "int main() { return 0; }\n");
  EXPECT_EQ(shell(kCudacc + " --launcher env c++ -o x.o -c x.cpp && " + kCudacc + " c++ x.o -o x && ./x"), 0)
      << messages_;
}

TEST_F(Driver, PutsTheLauncherBeforeTheCompilerOnly) {
  write("count", "#!/bin/sh\necho \"$@\" >> calls\nexec \"$@\"\n");
  write("x.cu", "__global__ void k() {}\n");
  ASSERT_EQ(shell("chmod +x count && " + kCudacc + " --launcher ./count c++ -std=c++20 -DNAME=1 " + kInclude +
                  " -o x.o -c x.cu"),
            0)
      << messages_;
  EXPECT_EQ(read(folder_ / "calls"),
            "c++ -fno-strict-aliasing -std=c++20 -o x.o -c -x c++-cpp-output x.o.ii\n");
}

TEST_F(Driver, LeavesNothingWhenInterrupted) {
  write("slow",
        "#!/bin/sh\ncase \"$*\" in *-E*) exec c++ \"$@\";; esac\necho half > x.o\ntouch started\nexec sleep "
        "20\n");
  write("x.cu", "__global__ void k() {}\n");
  std::thread([&] {
    EXPECT_EQ(
        shell("chmod +x slow; " + kCudacc + " ./slow " + kInclude + " -std=c++20 -o x.o -c x.cu & pid=$!; " +
              "while ! test -e started; do sleep 0.02; done; kill -TERM $pid; wait $pid"),
        128 + SIGTERM);
  }).join();
  EXPECT_TRUE(exists("started"));
  EXPECT_FALSE(exists("x.o"));
  EXPECT_FALSE(exists("x.o.ii"));
}

TEST_F(Driver, LibrariesPassUnharmed) {
  std::string source = "#include <bits/stdc++.h>\n";
  if (fs::exists("/usr/include/thrust/sort.h")) {
    source +=
        "#define THRUST_DEVICE_SYSTEM THRUST_DEVICE_SYSTEM_TBB\n#include <thrust/device_vector.h>\n"
        "#include <thrust/sort.h>\n#include <thrust/reduce.h>\n";
  }
  write("x.cpp", source + "#include <tbb/tbb.h>\n");
  ASSERT_EQ(shell("c++ -std=c++20 -E x.cpp -o x.ii"), 0) << messages_;
  const std::string text = read(folder_ / "x.ii");
  ASSERT_GT(text.size(), 1000000u);
  EXPECT_TRUE(translator::translate(text) == text);
}

TEST(CommandLine, SplitsTheFlags) {
  const CommandLine line({"--launcher", "ccache", "g++",      "-O3", "-I",         "a",   "-Ib", "-DX=1",
                          "-include",   "h.h",    "-isystem", "/s",  "-x",         "c++", "-MD", "-MT",
                          "o",          "-MF",    "d",        "-o",  "dir/x.cu.o", "-c",  "x.cu"});
  EXPECT_EQ(line.source(), "x.cu");
  EXPECT_EQ(line.object(), "dir/x.cu.o");
  EXPECT_EQ(line.preprocess(), (Words{"g++",      "-O3",
                                      "-I",       "a",
                                      "-Ib",      "-DX=1",
                                      "-include", "h.h",
                                      "-isystem", "/s",
                                      "-MD",      "-MT",
                                      "o",        "-MF",
                                      "d",        "-D__GRIDSTRIDE_TRANSLATES__=1",
                                      "-include", "cuda_runtime.h",
                                      "-E",       "-x",
                                      "c++",      "x.cu"}));
  EXPECT_EQ(line.compile("x.ii"), (Words{"ccache", "g++", "-fno-strict-aliasing", "-O3", "-o", "dir/x.cu.o",
                                         "-c", "-x", "c++-cpp-output", "x.ii"}));
  EXPECT_THROW(CommandLine({"g++", "-c", "x.cu", "-o"}), std::invalid_argument);
}

}  // namespace
}  // namespace gridstride::driver
