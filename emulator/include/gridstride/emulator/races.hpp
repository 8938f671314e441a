/// Which threads of a kernel met in memory unordered, found while it ran: in code that was compiled with
/// gridstride cc --check or --profile.
///
/// See docs/profiler.md for what orders two accesses, what is told of them, and what is not seen.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "gridstride/emulator/vectors.hpp"

namespace gridstride::emulator {

/// How far apart the two threads are, at most: what it takes to order them.
enum class RaceScope { Warp, Block, Grid };

struct RaceAccess {
  std::string what;                // "reads", "writes", "updates atomically"
  std::string file;                // empty where the debug information does not tell
  unsigned line = 0;               // the innermost of the program's own
  std::vector<std::string> chain;  // "FILE:LINE" of the calls that were inlined there, the innermost first
  uint3 block{}, thread{};
  bool is_under_way = false;  // by an asynchronous copy: of a race's first access, nobody has waited for it
};

/// All races of a launch between two lines. Threads and place are those of one that was seen.
struct Race {
  std::string kernel;
  RaceScope scope = RaceScope::Warp;
  bool is_benign = false;  // both write the same value: a note, no race to be counted
  RaceAccess first, second;
  std::string place;  // "tile[2][0] of __shared__ float tile[4][32]"
  std::string advice;
  std::uint64_t count = 0;
};

/// An access that is wrong whatever other threads do. Those of a launch on one line are one.
struct WrongAccess {
  enum class Kind { Unwritten, OutOfBounds };  // of shared memory, which nobody has written; of any memory

  std::string kernel;
  Kind kind = Kind::Unwritten;
  RaceAccess access;  // one that was seen
  std::string place;  // "s[64], right behind the end of __shared__ int s[64]"
  std::uint64_t count = 0;
};

/// Whether the kernels of launches from now on are looked at; such launches are not traced. At first it is
/// as GRIDSTRIDE_CHECK=races says.
void check_races(bool on);

/// What was found since the last time, in the order of launches. Waits for no launch.
struct RaceFindings {
  std::vector<Race> races;  // benign ones among them
  std::vector<WrongAccess> wrong;
  std::uint64_t accesses = 0;  // that were looked at
  bool is_complete = true;     // else memory did not suffice for all of them
  std::uint64_t count() const;
};
RaceFindings take_races();

std::string race_text(const Race& race);
std::string wrong_text(const WrongAccess& wrong);
std::string races_text(const RaceFindings& findings);
std::string races_json(const RaceFindings& findings);

}  // namespace gridstride::emulator
