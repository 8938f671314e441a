/// The order in which blocks, warps and lanes start: GRIDSTRIDE_SCHEDULE=forward|reversed|random[:SEED].
/// A program that is right under one order only has a race.
#pragma once

#include <cstdint>

namespace gridstride::emulator {

enum class Order { Forward, Reversed, Random };

struct Schedule {
  Order order = Order::Forward;
  std::uint64_t seed = 0;
};

/// The schedule of launches from now on.
Schedule schedule();
void set_schedule(Schedule schedule);

/// How many blocks run at once (GRIDSTRIDE_WORKERS, or the machine's hardware threads).
unsigned workers();

}  // namespace gridstride::emulator
