// ./gridstride, the script: what it says when things are missing, and what it takes for a change.
#include <gtest/gtest.h>

#include <cstdlib>

#include "tests/cli/program.hpp"

namespace gridstride {
namespace {

namespace fs = std::filesystem;
using tests::get;
using tests::Outcome;
using tests::put;
using tests::run;
using tests::ScratchFolder;

const fs::path kSource = GRIDSTRIDE_SOURCE_DIR;

/// A folder with the script and the few files it reads, in a path with spaces; the tools that a PATH of our
/// own offers are those that every Debian has.
class Bootstrap : public testing::Test {
 protected:
  Bootstrap() {
    fs::create_directories(root() / "scripts");
    fs::copy(kSource / "gridstride", root());
    fs::copy(kSource / "cli", root() / "cli");
    fs::copy(kSource / "scripts/bootstrap", root() / "scripts/bootstrap");
    fs::create_directories(bin());
    for (const char* tool : {"bash", "env", "sed", "grep", "find", "sort", "cut", "paste", "cat", "mkdir",
                             "dirname", "readlink", "touch", "id", "rm", "head", "tail"}) {
      for (const char* place : {"/usr/bin", "/bin"}) {
        if (fs::exists(fs::path(place) / tool) && !fs::exists(bin() / tool))
          fs::create_symlink(fs::path(place) / tool, bin() / tool);
      }
    }
  }

  fs::path root() const { return folder_ / "a house with spaces"; }
  fs::path bin() const { return folder_ / "bin"; }

  /// Runs bash with no terminal; `tools` is its PATH.
  Outcome shell(const std::string& script, const std::string& tools) const {
    const std::string out = (folder_ / "out").string(), err = (folder_ / "err").string();
    put(folder_ / "script", "cd '" + folder_.path().string() + "'\n" + script + "\n");
    const std::string line = "PATH='" + tools + "' /bin/bash '" + (folder_ / "script").string() + "' >'" +
                             out + "' 2>'" + err + "' </dev/null";
    const int status = std::system(line.c_str());
    return {WEXITSTATUS(status), get(out), get(err)};
  }
  Outcome bare(const std::string& words) const {
    return shell("'" + (root() / "gridstride").string() + "' " + words, bin().string());
  }

  ScratchFolder folder_;
};

TEST_F(Bootstrap, HelpNeedsNothingBuiltAndSaysWhatTheProgramSays) {
  const Outcome help = bare("help");
  EXPECT_EQ(help.status, 0) << help.err;
  EXPECT_EQ(help.out, run({"help"}).out);
  EXPECT_EQ(bare("").out, help.out);
  EXPECT_EQ(bare("--help").out, help.out);
}

TEST_F(Bootstrap, MissingToolsAreNamedWithTheCommandThatInstallsThem) {
  put(bin() / "apt-get", "");
  fs::permissions(bin() / "apt-get", fs::perms::all);
  tests::expect_refused(bare("list"), 1, {"missing: ", "cmake", "ninja-build", "apt-get install"});
}

TEST_F(Bootstrap, WithoutAptItNamesThePackages) {
  tests::expect_refused(bare("--yes list"), 1, {"no apt-get", "cmake"});
}

TEST_F(Bootstrap, DoctorSaysWhatIsMissingAndChangesNothing) {
  const Outcome doctor = bare("doctor");
  EXPECT_EQ(doctor.status, 0) << doctor.err;
  EXPECT_NE(doctor.out.find("cmake                    MISSING"), std::string::npos) << doctor.out;
  EXPECT_NE(doctor.out.find("install with: "), std::string::npos) << doctor.out;
  EXPECT_FALSE(fs::exists(root() / "build"));
}

TEST_F(Bootstrap, WrongWordsAreRefusedBeforeAnythingIsInstalled) {
  tests::expect_refused(bare("lst"), 2, {"no command 'lst'", "list"});
  tests::expect_refused(bare("--device gpu list"), 2, {"'gpu'"});
  tests::expect_refused(bare("list --device"), 2, {"--device wants"});
  tests::expect_refused(bare("test --frobnicate"), 2, {"--frobnicate"});
  tests::expect_refused(bare("doctor gpu"), 2, {"doctor", "'gpu'", "--help"});
}

TEST_F(Bootstrap, ItIsFoundThroughASymbolicLink) {
  fs::create_symlink(root() / "gridstride", folder_ / "link");
  EXPECT_EQ(shell("./link help", bin().string()).out, bare("help").out);
}

TEST_F(Bootstrap, EveryKindOfChangeIsNoticed) {
  for (const char* folder : {"cmake", "emulator", "kernels", "framework", "bench/results", "tests"})
    fs::create_directories(root() / folder);
  for (const char* file : {"CMakeLists.txt", "CMakePresets.json", "kernels/a.cu", "kernels/b.cu"})
    put(root() / file, "");
  const auto fresh_after = [&](const std::string& change) {
    return shell("root='" + root().string() +
                     "' preset=cpu\n"
                     ". \"$root/scripts/bootstrap/build.sh\"\n"
                     "find \"$root\" -exec touch -d '1 hour ago' {} +\n"
                     "mkdir -p \"$root/build/cpu\"; configuration >\"$root/build/cpu/stamp-program\"\n"
                     "is_built program || { echo never; exit; }\n"
                     "touch -d '1 minute ago' \"$root/build/cpu/stamp-program\"\n"
                     "cd \"$root\"\n" +
                     change +
                     "\n"
                     "if is_built program; then echo fresh; else echo changed; fi",
                 std::getenv("PATH"))
        .out;
  };
  EXPECT_EQ(fresh_after(":"), "fresh\n");
  EXPECT_EQ(fresh_after("touch build/cpu/something bench/results/r.json"), "fresh\n");
  EXPECT_EQ(fresh_after("touch kernels/a.cu"), "changed\n");
  EXPECT_EQ(fresh_after("mkdir kernels/op"), "changed\n");
  EXPECT_EQ(fresh_after("rm kernels/b.cu"), "changed\n");
  EXPECT_EQ(fresh_after("touch -d '2 days ago' cli/new.cpp"), "changed\n");
  EXPECT_EQ(fresh_after("CXX=clang++"), "changed\n");
  EXPECT_EQ(fresh_after("rm CMakePresets.json"), "changed\n");
}

}  // namespace
}  // namespace gridstride
