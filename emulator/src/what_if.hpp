/// What a kernel's occupancy would be if its blocks took something else of a processor.
#pragma once

#include <string>
#include <vector>

#include "gridstride/emulator/profile.hpp"

namespace gridstride::emulator {

struct WhatIf {
  std::string change;  // "64 threads"
  BlockNeeds needs;
};

/// Other sizes of block, eight registers fewer and more where their number is known, and half the shared
/// memory where there is any.
std::vector<WhatIf> what_if(const BlockNeeds& needs);

}  // namespace gridstride::emulator
