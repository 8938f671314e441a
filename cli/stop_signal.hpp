#pragma once

#include <atomic>

namespace gridstride::cli {

/// While this lives, Ctrl-C (SIGINT) and SIGTERM ask for a stop instead of ending the process; a second one
/// ends it.
class StopSignal {
 public:
  StopSignal();
  ~StopSignal();
  StopSignal(const StopSignal&) = delete;

  static const std::atomic<bool>& requested();
  /// As shells count: 130 for Ctrl-C.
  static int exit_status();
};

}  // namespace gridstride::cli
