#include "call_chain.hpp"

#include <execinfo.h>

#include <vector>

#include "settings.hpp"
#include "symbols.hpp"
#include "worker.hpp"

namespace gridstride::emulator {

CallChain call_chain() {
  CallChain chain;
  if (!checking() || running_block != nullptr) return chain;
  std::array<void*, chain.callers.size()> found{};
  const int count = backtrace(found.data(), static_cast<int>(found.size()));
  for (int i = 0; i < count; ++i) {
    const auto n = static_cast<std::size_t>(i);
    chain.callers[n] = static_cast<const char*>(found[n]) - 1;  // in the call, not behind it
  }
  return chain;
}

std::string lines_of(const char* did, const CallChain& chain) {
  std::vector<const void*> callers;
  for (const void* caller : chain.callers) {
    if (caller != nullptr) callers.push_back(caller);
  }
  std::string text;
  for (const std::string& line : source_lines(callers)) {
    text += "  " + std::string(text.empty() ? did : "called") + at_line(line);
  }
  return text;
}

}  // namespace gridstride::emulator
