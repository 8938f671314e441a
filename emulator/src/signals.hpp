/// Faults in a kernel: names the kernel, the block and the thread before the process dies of the signal.
#pragma once

namespace gridstride::emulator::signals {

/// Catches the signals of faults; they go on to whoever caught them before.
void install();
/// Gives the calling thread a stack of its own for signal handlers, so that an overflow can be told.
void prepare_thread();
void release_thread();

}  // namespace gridstride::emulator::signals
