#pragma once
#include <string>

#include "emulator/driver/process.hpp"

namespace gridstride::driver {

/// What a program for the emulator is made with, as lib/gridstride/cc.conf beside the driver's own folder
/// tells it: one `key value` a line, `{prefix}` standing for the folder that holds bin/ and lib/.
struct Toolchain {
  std::string compiler;    // where neither -ccbin nor $CXX says otherwise
  std::string include;     // the folder with cuda_runtime.h
  std::string translator;  // how a translating compilation is shown: the path of gridstride-cudacc
  Words compile;           // flags for everything
  Words optimize;          // flags for what is optimized
  Words profile;           // flags for device code under --profile
  Words link;              // flags, the emulator's library and those that it needs
  std::string version;
};

/// The toolchain of this very program. Throws std::runtime_error if its files are not where they should be.
Toolchain find_toolchain();

}  // namespace gridstride::driver
