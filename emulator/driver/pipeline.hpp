#pragma once
#include "emulator/driver/command_line.hpp"

namespace gridstride::driver {

/// Preprocess, translate, compile. The translated source lies beside the object as FILE.o.ii and goes away
/// again; GRIDSTRIDE_KEEP=1 keeps it. Returns the exit status; messages are on standard error.
int compile_cuda(const CommandLine& line);

}  // namespace gridstride::driver
