// nvcc's command line as `gridstride cc` reads it, and the compiler commands that come of it.
#include <gtest/gtest.h>
#include <stdlib.h>

#include <algorithm>
#include <filesystem>
#include <fstream>

#include "emulator/driver/cc.hpp"
#include "emulator/driver/words.hpp"

namespace gridstride::driver {
namespace {

using Kind = Input::Kind;
namespace fs = std::filesystem;

std::string refusal(const Words& words) {
  try {
    NvccLine line(words);
    return "accepted";
  } catch (const std::invalid_argument& error) {
    return error.what();
  }
}

Toolchain some_toolchain() {
  Toolchain out;
  out.compiler = "g++";
  out.include = "/inc";
  out.optimize = {"-O3", "-march=native"};
  out.link = {"emulator.a"};
  return out;
}

/// The planned commands, one shell line each.
std::vector<std::string> planned(const Words& words) {
  unsetenv("CXX");
  const NvccLine line(words);
  const Toolchain toolchain = some_toolchain();
  std::vector<std::string> out;
  for (const Step& step : plan(line, toolchain, "/scratch")) out.push_back(quote(step.command));
  return out;
}

bool has(const std::string& text, const std::string& part) { return text.find(part) != std::string::npos; }

TEST(CcLine, ValuesMayBeJoinedOrApartAndDashesOneOrTwo) {
  const NvccLine line({"-Ia", "-I", "b", "-I=c", "--include-path=d,e", "-DX=1", "-D", "Y", "--define-macro",
                       "Z=a,b", "-UW", "-isystem", "s", "x.cu"});
  EXPECT_EQ(line.preprocessor,
            (Words{"-Ia", "-Ib", "-Ic", "-Id", "-Ie", "-DX=1", "-DY", "-DZ=a,b", "-UW", "-isystem", "s"}));
  for (const Words& words :
       {Words{"-std=c++17"}, Words{"-std", "c++17"}, Words{"--std=c++17"}, Words{"--std", "c++17"}}) {
    Words all = words;
    all.push_back("x.cu");
    EXPECT_EQ(NvccLine(all).standard, "c++17");
  }
  EXPECT_EQ(NvccLine({"-O2", "x.cu"}).optimization, "2");
  EXPECT_EQ(NvccLine({"-O", "3", "x.cu"}).optimization, "3");
}

TEST(CcLine, CompilerAndLinkerOptionsAreTakenApart) {
  const NvccLine line({"-Xcompiler", "-Wall,-fopenmp", "-Xcompiler=-pthread", "-Xcompiler",
                       "-DA=\\\"b\\\" -O1", "-Xlinker", "-rpath,/lib", "--linker-options=-z",
                       "-Wl,--as-needed", "-march=native", "x.cu"});
  EXPECT_EQ(line.compiler, (Words{"-Wall", "-fopenmp", "-pthread", "-DA=\"b\"", "-O1", "-march=native"}));
  EXPECT_EQ(line.linker,
            (Words{"-Xlinker", "-rpath", "-Xlinker", "/lib", "-Xlinker", "-z", "-Wl,--as-needed"}));
}

TEST(CcLine, TheHighestArchitectureCounts) {
  EXPECT_EQ(NvccLine({"x.cu"}).architecture, 0);
  EXPECT_EQ(NvccLine({"-arch=sm_86", "x.cu"}).architecture, 860);
  EXPECT_EQ(NvccLine({"-arch", "native", "x.cu"}).architecture, 0);
  EXPECT_EQ(NvccLine({"-gencode", "arch=compute_80,code=[sm_80,compute_80]",
                      "--generate-code=arch=compute_90a,code=sm_90a", "-gencode=arch=compute_75,code=sm_75",
                      "x.cu"})
                .architecture,
            900);
}

TEST(CcLine, WhatAGpuNeedsIsSatisfiedOrNoted) {
  const NvccLine line({"-m64",
                       "-rdc=true",
                       "-lineinfo",
                       "--expt-relaxed-constexpr",
                       "--extended-lambda",
                       "--use_fast_math",
                       "-Xptxas",
                       "-v",
                       "--maxrregcount=32",
                       "-t",
                       "0",
                       "-Wno-deprecated-gpu-targets",
                       "-lcudart",
                       "-lcuda",
                       "-lcudadevrt",
                       "-lm",
                       "-lcublas",
                       "-lcurand_static",
                       "-lcurandom",
                       "x.cu"});
  EXPECT_TRUE(line.relocatable);
  EXPECT_EQ(line.no_effect, (Words{"-Xptxas -v", "--maxrregcount=32"}));
  EXPECT_EQ(line.linker, (Words{"-lm", "-lcurandom"}));
  EXPECT_EQ(line.missing_libraries, (Words{"cublas", "curand_static"}));
}

TEST(CcLine, WarningsAsErrorsWithAndWithoutAKind) {
  EXPECT_EQ(NvccLine({"-Werror", "all-warnings", "x.cu"}).compiler, Words{"-Werror"});
  EXPECT_EQ(NvccLine({"-Werror", "x.cu"}).compiler, Words{"-Werror"});
  EXPECT_EQ(NvccLine({"--Werror=cross-execution-space-call", "x.cu"}).compiler, Words{});
}

TEST(CcLine, InputsAreKnownByNameUnlessToldOtherwise) {
  const NvccLine named({"a.cu", "b.cpp", "c.cc", "d.c", "e.o", "f.a", "libg.so.1.2", "-o", "p"});
  std::vector<Kind> kinds;
  for (const Input& input : named.inputs) kinds.push_back(input.kind);
  EXPECT_EQ(kinds, (std::vector<Kind>{Kind::cuda, Kind::cpp, Kind::cpp, Kind::c, Kind::linkable,
                                      Kind::linkable, Kind::linkable}));
  const NvccLine told({"a.cpp", "-x", "cu", "b.inc", "c.o"});
  EXPECT_EQ(told.inputs[0].kind, Kind::cuda);
  EXPECT_EQ(told.inputs[1].kind, Kind::cuda);
  EXPECT_EQ(told.inputs[2].kind, Kind::linkable);
}

TEST(CcLine, RefusalsSayWhatIsWrong) {
  EXPECT_TRUE(has(refusal({"-ptx", "x.cu"}), "'-ptx' asks for code that only a GPU can run"));
  EXPECT_TRUE(has(refusal({"--cubin", "x.cu"}), "'--cubin'"));
  EXPECT_TRUE(has(refusal({"x.ptx"}), "'x.ptx' is code for a GPU"));
  EXPECT_TRUE(has(refusal({"x.txt"}), "do not know what to do with 'x.txt'"));
  EXPECT_TRUE(has(refusal({"--check", "--profile", "x.cu"}), "compile twice"));
  EXPECT_TRUE(has(refusal({}), "no input files"));
  EXPECT_TRUE(has(refusal({"-c", "x.cu", "-o"}), "'-o' lacks its value"));
  EXPECT_TRUE(has(refusal({"--no-such-thing", "x.cu"}), "unknown option '--no-such-thing'"));
  EXPECT_TRUE(has(refusal({"-c", "a.cu", "b.cu", "-o", "x.o"}), "-o names one file, but 2 would be written"));
  EXPECT_TRUE(has(refusal({"-x", "fortran", "a.f"}), "-x wants cu, c++ or c, got 'fortran'"));
  EXPECT_TRUE(has(refusal({"@/no/such/file"}), "cannot read the options file '/no/such/file'"));
}

TEST(CcLine, OptionsComeFromFilesAndTheEnvironmentToo) {
  const fs::path file = fs::temp_directory_path() / ("options" + std::to_string(getpid()));
  std::ofstream(file) << "-I 'a b'\n-DX=\"1 2\"\n";
  setenv("NVCC_APPEND_FLAGS", "-O1", 1);
  const NvccLine line({"--options-file", file.string(), "@" + file.string(), "x.cu"});
  unsetenv("NVCC_APPEND_FLAGS");
  fs::remove(file);
  EXPECT_EQ(line.preprocessor, (Words{"-Ia b", "-DX=1 2", "-Ia b", "-DX=1 2"}));
  EXPECT_EQ(line.optimization, "1");
}

TEST(CcPlan, OneProgramOfSeveralFiles) {
  const auto commands = planned({"a b.cu", "x/b.cpp", "c.o", "-o", "p", "-lm"});
  ASSERT_EQ(commands.size(), 3u);
  EXPECT_TRUE(has(commands[0], "-rdc=false -x cu -c 'a b.cu' -o '/scratch/0-a b.o'")) << commands[0];
  EXPECT_TRUE(has(commands[0], "-D__CUDACC__=1")) << commands[0];
  EXPECT_TRUE(has(commands[1], "-x c++ -c x/b.cpp -o /scratch/1-b.o")) << commands[1];
  EXPECT_FALSE(has(commands[1], "__CUDACC__")) << commands[1];
  EXPECT_EQ(commands[2], "g++ -no-pie -o p '/scratch/0-a b.o' /scratch/1-b.o c.o -lm emulator.a");
}

TEST(CcPlan, ObjectsLieWhereNvccPutsThem) {
  EXPECT_TRUE(has(planned({"-c", "d/x.cu"})[0], "-o x.o"));
  EXPECT_TRUE(has(planned({"-c", "d/x.cu", "-odir", "out"})[0], "-o out/x.o"));
  EXPECT_TRUE(has(planned({"-dc", "x.cu", "-o", "y.obj"})[0], "-rdc=true -x cu -c x.cu -o y.obj"));
  EXPECT_EQ(planned({"-lib", "x.o", "-o", "libx.a"})[0], "ar rcs libx.a x.o");
  EXPECT_TRUE(has(planned({"-dlink", "x.o"})[0], "-o a_dlink.o"));
  EXPECT_TRUE(has(planned({"-MD", "-c", "d/x.cu", "-o", "o/x.o"})[0], "-MD -MF o/x.d -MT o/x.o"));
}

TEST(CcPlan, ASharedLibraryTakesTheDeviceOfItsProgram) {
  const auto commands = planned({"-shared", "x.cu", "-o", "libx.so"});
  EXPECT_TRUE(has(commands[0], "-fPIC")) << commands[0];
  EXPECT_EQ(commands[1], "g++ -shared -o libx.so /scratch/0-x.o");
}

TEST(CcPlan, DeviceCodeIsOptimizedUnlessDebugged) {
  EXPECT_TRUE(has(planned({"-c", "x.cu"})[0], "-O3 -march=native"));
  EXPECT_TRUE(has(planned({"-g", "-c", "x.cu"})[0], "-g -O3"));
  EXPECT_FALSE(has(planned({"-G", "-c", "x.cu"})[0], "-O"));
  EXPECT_FALSE(has(planned({"-O0", "-c", "x.cu"})[0], "-O3"));
  EXPECT_FALSE(has(planned({"-c", "x.cpp"})[0], "-O3"));
}

TEST(CcPlan, OldStandardsAreRaised) {
  EXPECT_TRUE(has(planned({"-c", "x.cu"})[0], "-std=gnu++20"));
  EXPECT_TRUE(has(planned({"-std=c++11", "-c", "x.cu"})[0], "-std=c++20"));
  EXPECT_TRUE(has(planned({"-std=gnu++17", "-c", "x.cu"})[0], "-std=gnu++20"));
  EXPECT_TRUE(has(planned({"-std=c++23", "-c", "x.cu"})[0], "-std=c++23"));
  EXPECT_FALSE(has(planned({"-std=c++11", "-c", "x.c"})[0], "-std"));
}

TEST(CcPlan, TheArchitectureIsNeverOlderThanTheEmulatorsFunctions) {
  EXPECT_TRUE(has(planned({"-c", "x.cu"})[0], "-D__CUDA_ARCH__=750"));
  EXPECT_TRUE(has(planned({"-arch=sm_35", "-c", "x.cu"})[0], "-D__CUDA_ARCH__=700"));
}

TEST(CcPlan, TheHostCompilerIsTheOneThatWasNamed) {
  EXPECT_EQ(planned({"-ccbin=gcc", "-c", "x.cpp"})[0].substr(0, 4), "g++ ");
  EXPECT_EQ(planned({"-ccbin", "/opt/clang++-14", "-c", "x.cpp"})[0].substr(0, 16), "/opt/clang++-14 ");
  EXPECT_EQ(planned({"-ccbin", "/usr/bin", "-c", "x.cpp"})[0].substr(0, 13), "/usr/bin/g++ ");
}

TEST(CcPlan, AToolkitsHeadersDoNotComeBeforeOurs) {
  const fs::path toolkit = fs::temp_directory_path() / ("toolkit" + std::to_string(getpid()));
  fs::create_directories(toolkit / "crt");
  std::ofstream(toolkit / "crt/host_defines.h") << "";
  const std::string command =
      planned({"-I" + toolkit.string(), "-isystem", toolkit.string(), "-Imine", "-c", "x.cu"})[0];
  fs::remove_all(toolkit);
  EXPECT_TRUE(has(command, "-I/inc -Imine")) << command;
  EXPECT_FALSE(has(command, "toolkit")) << command;
}

}  // namespace
}  // namespace gridstride::driver
