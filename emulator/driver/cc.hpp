#pragma once
#include <string>
#include <vector>

#include "emulator/driver/nvcc_line.hpp"
#include "emulator/driver/toolchain.hpp"

namespace gridstride::driver {

/// One command on the way to what was asked for.
struct Step {
  Words command;
  bool translates = false;  // the command compiles CUDA and goes through compile_cuda()
  std::string makes;        // removed again if the command fails
};

/// What nvcc would do for this line, done by an ordinary compiler. Objects that nobody asked for go into
/// `scratch`.
std::vector<Step> plan(const NvccLine& line, const Toolchain& toolchain, const std::string& scratch);

/// `gridstride cc`: nvcc's command line in, objects and programs for this machine out. Returns the exit
/// status; a compilation that goes well prints nothing.
int cc(const NvccLine& line, const Toolchain& toolchain);

}  // namespace gridstride::driver
