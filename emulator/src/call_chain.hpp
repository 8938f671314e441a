/// Who called the runtime: for reports on what a call did, or left behind.
#pragma once

#include <array>
#include <compare>
#include <cstddef>
#include <string>

namespace gridstride::emulator {

/// Return addresses, the innermost first; null behind the last.
struct CallChain {
  std::array<const void*, 12> callers{};

  auto operator<=>(const CallChain&) const = default;
};

/// Who calls, on the host, in a run that is checked; else empty, for looking costs more than most calls.
CallChain call_chain();

/// "  allocated at FILE:LINE\n  called at FILE:LINE\n" for `did` "allocated"; empty where the program's
/// lines are not known. Slow.
std::string lines_of(const char* did, const CallChain& chain);

}  // namespace gridstride::emulator
