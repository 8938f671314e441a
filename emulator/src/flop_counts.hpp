/// Floating-point operations. The tracer knows how often each basic block ran, and for how many lanes; what a
/// block computes stands in its machine code.
///
/// Counted are sums, differences, products, quotients and square roots, one for each element, a multiply-add
/// as two, and a call of a function of <math.h> as one. Comparisons, minima, absolute values, changes of
/// sign, conversions and roundings to integers are none.
#pragma once

#include <cstdint>
#include <map>
#include <string_view>

#include "gridstride/emulator/profile.hpp"

namespace gridstride::emulator {

struct Operations {
  std::uint64_t Counts::*precision = nullptr;
  unsigned count = 0;  // by one lane
};
/// Those of one instruction, as objdump writes it.
Operations operations_of(std::string_view instruction);

/// Adds the operations of all that ran, each at the counter behind its instruction. False where the machine
/// code cannot be read.
bool add_flops(std::map<std::uint64_t, Counts>& counts);

}  // namespace gridstride::emulator
