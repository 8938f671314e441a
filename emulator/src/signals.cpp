#include "signals.hpp"

#include <signal.h>
#include <sys/mman.h>
#include <unistd.h>

#include <array>
#include <mutex>
#include <string>

#include "worker.hpp"

namespace gridstride::emulator::signals {
namespace {

constexpr std::array kFaults{SIGSEGV, SIGBUS, SIGFPE, SIGILL, SIGABRT};
constexpr std::size_t kHandlerStackBytes = 64 * 1024;

std::array<struct sigaction, kFaults.size()> previous;
constinit thread_local void* handler_stack = nullptr;

const char* description(int signal, bool overflow) {
  if (overflow) return "stack overflow (GRIDSTRIDE_STACK_KB or cudaLimitStackSize enlarges it)";
  switch (signal) {
    case SIGSEGV:
      return "illegal memory access (SIGSEGV)";
    case SIGBUS:
      return "illegal memory access (SIGBUS)";
    case SIGFPE:
      return "arithmetic fault (SIGFPE), such as an integer division by zero";
    case SIGILL:
      return "illegal instruction (SIGILL)";
    default:
      return "abort (SIGABRT), such as a failed assertion";
  }
}

/// Tells what happened, then lets the fault happen again under the handler that was there before.
void on_fault(int signal, siginfo_t* info, void*) {
  if (Block* block = running_block) {
    const Stack* stack = Worker::local().current().stack;
    const bool overflow = signal == SIGSEGV && stack != nullptr && stack->guards(info->si_addr);
    // Allocates, which a signal handler should not; the process is lost, and most faults are not in malloc.
    const std::string report =
        block->heading(description(signal, overflow)) + "  " + block->current_thread_name() + "\n";
    [[maybe_unused]] const auto written = write(STDERR_FILENO, report.data(), report.size());
  }
  for (std::size_t i = 0; i < kFaults.size(); ++i) {
    if (kFaults[i] == signal) sigaction(signal, &previous[i], nullptr);
  }
  if (info->si_code <= 0) raise(signal);  // was sent, and so does not happen again by itself
}

}  // namespace

void install() {
  static std::once_flag once;
  std::call_once(once, [] {
    struct sigaction action {};
    action.sa_sigaction = on_fault;
    action.sa_flags = SA_SIGINFO | SA_ONSTACK;
    sigemptyset(&action.sa_mask);
    for (std::size_t i = 0; i < kFaults.size(); ++i) sigaction(kFaults[i], &action, &previous[i]);
  });
}

void prepare_thread() {
  stack_t old{};
  if (sigaltstack(nullptr, &old) == 0 && (old.ss_flags & SS_DISABLE) == 0) return;
  void* memory =
      mmap(nullptr, kHandlerStackBytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  if (memory == MAP_FAILED) return;  // faults are still caught, only an overflow is not
  stack_t stack{};
  stack.ss_sp = memory;
  stack.ss_size = kHandlerStackBytes;
  sigaltstack(&stack, nullptr);
  handler_stack = memory;
}

void release_thread() {
  if (handler_stack == nullptr) return;
  stack_t stack{};
  stack.ss_flags = SS_DISABLE;
  sigaltstack(&stack, nullptr);
  munmap(handler_stack, kHandlerStackBytes);
  handler_stack = nullptr;
}

}  // namespace gridstride::emulator::signals
