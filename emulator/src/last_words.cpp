#include "last_words.hpp"

#include <atomic>
#include <cstdio>
#include <cstdlib>
#include <iostream>
#include <map>
#include <string>
#include <utility>

#include "error.hpp"
#include "gridstride/emulator/report.hpp"
#include "memory.hpp"
#include "settings.hpp"

namespace gridstride::emulator {
namespace {

constinit std::atomic<bool> expected{false};

struct Leak {
  std::size_t allocations = 0;
  std::size_t bytes = 0;
};

const char* name_of(MemoryKind kind) {
  switch (kind) {
    case MemoryKind::Pinned:
      return "pinned host memory";
    case MemoryKind::Managed:
      return "managed memory";
    default:
      return "device memory";
  }
}

/// One report for all that the same line, come to in the same way, allocated.
void tell_leaks() {
  std::map<std::pair<std::string, MemoryKind>, Leak> leaks;
  for (const Allocation& left : Memory::instance().live()) {
    if (left.allocated == nullptr) continue;
    Leak& leak = leaks[{lines_of("allocated", *left.allocated), left.kind}];
    ++leak.allocations;
    leak.bytes += left.bytes;
  }
  for (const auto& [source, leak] : leaks) {
    const auto& [lines, kind] = source;
    const std::string count =
        leak.allocations == 1 ? "" : ", in " + std::to_string(leak.allocations) + " allocations,";
    publish_report("gridstride: leak: " + std::to_string(leak.bytes) + " bytes of " + name_of(kind) + count +
                   " were never freed\n" + lines);
  }
}

/// A destructor of the program itself runs after those of its static objects, which may still free.
[[gnu::destructor]] void last_words() {
  if (!expected) return;
  for (const std::string& text : unread_errors()) publish_report(text);
  // A fault has taken a GPU's memory away: there is nothing left to free.
  if (device_error() == cudaSuccess) tell_leaks();
}

/// After all that may report.
[[gnu::destructor(101)]] void choose_exit_status() {
  if (!has_told() || exit_status_of_reports() == 0) return;
  std::cout.flush();
  std::clog.flush();
  std::fflush(nullptr);
  std::_Exit(exit_status_of_reports());
}

}  // namespace

void expect_last_words() { expected = true; }

}  // namespace gridstride::emulator
