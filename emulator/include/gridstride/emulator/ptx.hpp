/// What inline PTX becomes: the translator turns `asm("mul.hi.u32 %0, %1, %2;" : ...)` into a call of
/// `ptx::mul_hi<ptx::u32>`. Instructions are functions of their name, templates over the types in it; what
/// they do is the PTX manual's.
#pragma once

#include "gridstride/emulator/ptx/bits.hpp"
#include "gridstride/emulator/ptx/compare.hpp"
#include "gridstride/emulator/ptx/convert.hpp"
#include "gridstride/emulator/ptx/copies.hpp"
#include "gridstride/emulator/ptx/floats.hpp"
#include "gridstride/emulator/ptx/integers.hpp"
#include "gridstride/emulator/ptx/memory.hpp"
#include "gridstride/emulator/ptx/registers.hpp"
#include "gridstride/emulator/ptx/special_registers.hpp"
#include "gridstride/emulator/ptx/video.hpp"
#include "gridstride/emulator/ptx/warp.hpp"
#include "gridstride/emulator/site.hpp"

namespace gridstride::emulator::ptx {

/// Stands where an instruction stood that the emulator does not offer.
[[noreturn]] void refuse(const char* what, Site site = Site::here());

}  // namespace gridstride::emulator::ptx
