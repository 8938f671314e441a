#include "cli/stop_signal.hpp"

#include <signal.h>

namespace gridstride::cli {
namespace {

std::atomic<bool> stop = false;
std::atomic<int> which = 0;
static_assert(std::atomic<bool>::is_always_lock_free && std::atomic<int>::is_always_lock_free,
              "a signal handler may touch nothing else");

constexpr int kSignals[] = {SIGINT, SIGTERM};

extern "C" void remember(int signal) {
  which = signal;
  stop = true;
}

}  // namespace

StopSignal::StopSignal() {
  struct sigaction action = {};
  action.sa_handler = remember;
  action.sa_flags = static_cast<int>(SA_RESTART | SA_RESETHAND);
  for (const int signal : kSignals) ::sigaction(signal, &action, nullptr);
}

StopSignal::~StopSignal() {
  for (const int signal : kSignals) ::signal(signal, SIG_DFL);
}

const std::atomic<bool>& StopSignal::requested() { return stop; }
int StopSignal::exit_status() { return 128 + which; }

}  // namespace gridstride::cli
