/// What the emulator found wrong: broken rules of CUDA, each named with kernel, block, threads and line.
/// Every report also goes to stderr once.
#pragma once

#include <string>
#include <vector>

namespace gridstride::emulator {

std::vector<std::string> reports();
void clear_reports();

}  // namespace gridstride::emulator
