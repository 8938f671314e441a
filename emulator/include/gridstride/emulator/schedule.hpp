/// The order in which blocks, warps and lanes start:
/// GRIDSTRIDE_SCHEDULE=forward|reversed|random[:SEED]|lockstep. A program that is right under one order only
/// has a race.
#pragma once

#include <cstdint>

namespace gridstride::emulator {

enum class Order { Forward, Reversed, Random };

struct Schedule {
  Order order = Order::Forward;
  std::uint64_t seed = 0;
  /// Forward, and in code compiled with gridstride cc --check the threads of a block take turns at every
  /// access to memory: what a program needs that counts on warps being in step, as before Volta they were.
  bool lockstep = false;
};

/// The schedule of launches from now on.
Schedule schedule();
void set_schedule(Schedule schedule);

/// How many blocks run at once (GRIDSTRIDE_WORKERS, or the machine's hardware threads).
unsigned workers();

}  // namespace gridstride::emulator
