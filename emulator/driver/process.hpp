#pragma once
#include <string>
#include <vector>

namespace gridstride::driver {

using Words = std::vector<std::string>;

/// How a child ended, as a shell would say it: its exit status, or 128 + the signal that killed it.
struct Outcome {
  int status = 0;
  bool ok() const { return status == 0; }
};

/// Runs a command and waits. SIGINT, SIGTERM and SIGHUP are passed to the child and noted, see interrupted().
/// Throws std::runtime_error if the command cannot be started.
Outcome run(const Words& command);

/// The same, with the child's standard output appended to `output`.
Outcome run(const Words& command, std::string& output);

/// The signal that asked this process to stop, or 0.
int interrupted();

/// Notes signals instead of dying from them, so that temporary files can be removed. Call once, at the start.
void catch_signals();

/// Ends this process as the noted signal would have ended it.
[[noreturn]] void die_interrupted();

/// Replaces this process by the command. Returns only to throw std::runtime_error.
[[noreturn]] void become(const Words& command);

}  // namespace gridstride::driver
