/// What a run that is checked looks at in every access of code that was compiled with gridstride cc --check:
/// reads of shared memory that nobody wrote, and races. It is also where threads that run in lockstep take
/// turns.
#pragma once

#include <cstddef>

#include "race_block.hpp"

namespace gridstride::emulator {

// Functions of their own, so that the instrumentation's need no registers where the tracer listens.
/// `caller` is where the instrumentation's call returns to.
void check_read(const volatile void* address, std::size_t bytes, const void* caller,
                Strength strength = Strength::Plain);
void check_write(const volatile void* address, std::size_t bytes, const void* caller,
                 Strength strength = Strength::Plain);

/// Around an atomic access with one of the compiler's orders.
class CheckedAtomic {
 public:
  CheckedAtomic(const volatile void* address, std::size_t bytes, const void* caller, int order, bool reads,
                bool writes);
  ~CheckedAtomic();
  CheckedAtomic(const CheckedAtomic&) = delete;
  CheckedAtomic& operator=(const CheckedAtomic&) = delete;

 private:
  const void* address_;
  int order_;
  bool reads_, writes_;
};
void check_fence(bool within_block);

/// Around an update that is made of several accesses; between the two only it counts. Returns what the end
/// wants, null where nothing is to be ended.
const void* begin_checked_update(const void* address, std::size_t bytes, const void* caller);
void end_checked_update(const void* address);

}  // namespace gridstride::emulator
