/// What a run that is checked looks at in every access of code that was compiled with gridstride cc --check:
/// reads of shared memory that nobody wrote. It is also where threads that run in lockstep take turns.
#pragma once

#include <cstddef>

namespace gridstride::emulator {

// Functions of their own, so that the instrumentation's need no registers where the tracer listens.
/// `caller` is where the instrumentation's call returns to.
void check_read(const volatile void* address, std::size_t bytes, const void* caller);
void check_write(const volatile void* address, std::size_t bytes);

}  // namespace gridstride::emulator
