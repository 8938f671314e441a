#include "blind_run.hpp"

#include <atomic>

#include "error.hpp"
#include "gridstride/emulator/report.hpp"

namespace gridstride::emulator {
namespace {

constinit std::atomic<bool> is_watched{false}, is_seen{false};

void set(std::atomic<bool>& flag) {
  if (!flag.load(std::memory_order_relaxed)) flag.store(true, std::memory_order_relaxed);
}

[[gnu::destructor]] void tell_blindness() {
  if (!is_watched || is_seen) return;
  publish_report(
      "gridstride: no access to memory was seen: GRIDSTRIDE_CHECK=races and GRIDSTRIDE_SCHEDULE=lockstep "
      "need code "
      "compiled with cc --check\n");
}

}  // namespace

void note_watched_block() { set(is_watched); }

void note_seen_access() { set(is_seen); }

}  // namespace gridstride::emulator
