/// What a kernel's counters say, in words.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "gridstride/emulator/profile.hpp"

namespace gridstride::emulator {

enum class FindingKind {
  uncoalesced_load,
  uncoalesced_store,
  unused_bytes,
  misaligned_access,
  bank_conflicts,
  divergence,
  atomic_contention,
  too_few_blocks,
  partial_warps,
  narrow_access,
  re_read,
  shared_traffic,
  local_memory,
  barrier_imbalance,
};

/// What is always true of a kind. Its name stays: files and the rungs of ladders have it.
struct FindingAbout {
  FindingKind kind;
  std::string_view name;
  std::string_view cure;
  std::string_view
      chapter;  // the folder of the chapter that shows the cure; empty: docs/counters.md explains
};
const std::vector<FindingAbout>& finding_kinds();
const FindingAbout& about(FindingKind kind);

struct Finding {
  FindingKind kind;
  std::string file;  // the kernel's own where it is about the whole of it
  unsigned line = 0;
  double weight = 0;  // the part that a cure would spare of what the kernel asks of that piece of hardware
  std::string text;   // a sentence: what, how much, and why
};

/// The heaviest first. What would spare little is not told.
std::vector<Finding> findings(const KernelProfile& kernel);

}  // namespace gridstride::emulator
