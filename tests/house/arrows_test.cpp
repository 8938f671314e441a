// The house's one-way arrows, and proof that a wrong one is seen.
#include "tests/house/arrows.hpp"

#include <gtest/gtest.h>
#include <stdlib.h>

#include <fstream>

namespace gridstride::house {
namespace {

namespace fs = std::filesystem;
using testing::TempDir;

std::string listed(const std::vector<std::string>& lines) {
  std::string out;
  for (const std::string& line : lines) out += line + '\n';
  return out;
}

TEST(Arrows, RunOneWayInThisHouse) { EXPECT_EQ(listed(wrong_arrows(GRIDSTRIDE_SOURCE_DIR)), ""); }

TEST(Arrows, NobodyNamesTheEmulator) { EXPECT_EQ(listed(emulator_named(GRIDSTRIDE_SOURCE_DIR)), ""); }

/// A small house in which to plant mistakes.
class Planted : public testing::Test {
 protected:
  void SetUp() override {
    std::string name = TempDir() + "houseXXXXXX";
    ASSERT_NE(mkdtemp(name.data()), nullptr);
    root_ = name;
    for (const char* header :
         {"kernels/device/warp.cuh", "kernels/core/buffer.hpp", "kernels/gemm/gemm.hpp",
          "framework/tensor/tensor.hpp", "framework/ops/relu.hpp", "framework/nn/linear.hpp",
          "framework/train/step.hpp", "framework/io/gzip.hpp", "cli/command.hpp", "bench/rig.hpp",
          "tests/kernels/memory.hpp", "chapters/01_x/x.hpp", "emulator/include/cuda_runtime.h",
          "emulator/include/gridstride/emulator/api.hpp"}) {
      write(header, "#pragma once\n");
    }
  }
  void TearDown() override { fs::remove_all(root_); }

  void write(const std::string& file, const std::string& text) {
    fs::create_directories((root_ / file).parent_path());
    std::ofstream(root_ / file) << text;
  }

  /// What the scan says when `file` includes `header` in its second line.
  std::string verdict(const std::string& file, const std::string& header) {
    write(file, "// first line\n  # include " + header + "\n");
    const std::string out = listed(wrong_arrows(root_));
    fs::remove(root_ / file);
    return out;
  }

  fs::path root_;
};

TEST_F(Planted, AHouseInOrderIsAccepted) {
  EXPECT_EQ(verdict("kernels/gemm/01.cu", "\"kernels/device/warp.cuh\""), "");
  EXPECT_EQ(verdict("kernels/gemm/01.cu", "<cuda_runtime.h>"), "");
  EXPECT_EQ(verdict("kernels/gemm/01.cu", "\"gemm.hpp\""), "");
  EXPECT_EQ(verdict("framework/nn/x.cpp", "\"framework/ops/relu.hpp\""), "");
  EXPECT_EQ(verdict("framework/train/x.cpp", "\"framework/io/gzip.hpp\""), "");
  EXPECT_EQ(verdict("cli/x.cpp", "\"framework/train/step.hpp\""), "");
  EXPECT_EQ(verdict("tests/cli/x.cpp", "\"cli/command.hpp\""), "");
}

TEST_F(Planted, WrongArrowsAreNamedWithTheirLine) {
  EXPECT_EQ(verdict("kernels/gemm/01.cu", "\"framework/tensor/tensor.hpp\""),
            "kernels/gemm/01.cu:2: kernels may not include framework/tensor/tensor.hpp\n");
  EXPECT_EQ(verdict("kernels/gemm/01.cu", "<framework/tensor/tensor.hpp>"),
            "kernels/gemm/01.cu:2: kernels may not include framework/tensor/tensor.hpp\n");
  EXPECT_EQ(verdict("kernels/gemm/01.cu", "\"../../framework/tensor/tensor.hpp\""),
            "kernels/gemm/01.cu:2: kernels may not include framework/tensor/tensor.hpp\n");
  EXPECT_EQ(verdict("kernels/device/x.cuh", "\"kernels/core/buffer.hpp\""),
            "kernels/device/x.cuh:2: kernels/device may not include kernels/core/buffer.hpp\n");
  EXPECT_EQ(verdict("kernels/core/x.hpp", "\"kernels/gemm/gemm.hpp\""),
            "kernels/core/x.hpp:2: kernels/core may not include kernels/gemm/gemm.hpp\n");
  for (const auto& [file, header] : {std::pair{"framework/tensor/x.cpp", "framework/ops/relu.hpp"},
                                     {"framework/ops/x.cpp", "framework/nn/linear.hpp"},
                                     {"framework/nn/x.cpp", "framework/train/step.hpp"},
                                     {"framework/io/x.cpp", "framework/tensor/tensor.hpp"},
                                     {"framework/data/x.cpp", "framework/train/step.hpp"},
                                     {"framework/train/x.cpp", "cli/command.hpp"},
                                     {"framework/train/x.cpp", "bench/rig.hpp"},
                                     {"kernels/core/x.hpp", "gridstride/emulator/api.hpp"},
                                     {"kernels/core/x.hpp", "emulator/include/cuda_runtime.h"},
                                     {"cli/x.cpp", "tests/kernels/memory.hpp"},
                                     {"cli/x.cpp", "chapters/01_x/x.hpp"},
                                     {"tests/x.cpp", "chapters/01_x/x.hpp"},
                                     {"bench/x.cpp", "cli/command.hpp"},
                                     {"emulator/src/x.cpp", "kernels/core/buffer.hpp"}}) {
    EXPECT_NE(verdict(file, '"' + std::string(header) + '"'), "") << file << " includes " << header;
  }
}

TEST_F(Planted, FoldersWithoutALayerAreNamed) {
  write("framework/novelty/x.cpp", "");
  EXPECT_EQ(listed(wrong_arrows(root_)),
            "framework/novelty/x.cpp:1: no layer covers this folder; add it to layers() in "
            "tests/house/arrows.cpp\n");
}

TEST_F(Planted, TheEmulatorsNameIsSeen) {
  EXPECT_EQ(listed(emulator_named(root_)), "");
  write("cli/x.cpp",
        "// the emulator\nauto text = \"emulator\"; /* the\nemulator */ R\"x(\nemulator\n)x\"\n");
  EXPECT_EQ(listed(emulator_named(root_)), "");
  write("cli/x.cpp", "// the emulator\n\nusing namespace gridstride::emulator;\n");
  EXPECT_EQ(listed(emulator_named(root_)), "cli/x.cpp:3: names the emulator\n");
  write("kernels/gemm/01.cu", "\n// only on the Emulator\n");
  EXPECT_EQ(listed(emulator_named(root_)),
            "kernels/gemm/01.cu:2: names the emulator\ncli/x.cpp:3: names the emulator\n");
}

}  // namespace
}  // namespace gridstride::house
