#include "signals.hpp"

#include <signal.h>
#include <sys/mman.h>
#include <ucontext.h>
#include <unistd.h>

#include <array>
#include <mutex>
#include <string>

#include "memory.hpp"
#include "symbols.hpp"
#include "worker.hpp"

namespace gridstride::emulator::signals {
namespace {

constexpr std::array kFaults{SIGSEGV, SIGBUS, SIGFPE, SIGILL, SIGABRT};
constexpr std::size_t kHandlerStackBytes = 64 * 1024;

#if defined(__x86_64__) && !GRIDSTRIDE_ASAN
#define GRIDSTRIDE_RECOVERS 1
#else
#define GRIDSTRIDE_RECOVERS 0  // AddressSanitizer's own report says more
#endif

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

void tell(const std::string& text) {
  [[maybe_unused]] const auto written = write(STDERR_FILENO, text.data(), text.size());
}

/// What a kernel's instruction did, kept from the signal's handler for the thread itself.
struct Fault {
  int signal = 0;
  bool overflow = false;
  bool writes = false;
  bool aimless = false;  // the processor does not say at what address
  const void* address = nullptr;
  const void* instruction = nullptr;
};
constinit thread_local Fault fault;

bool is_access(const Fault& fault) {
  return (fault.signal == SIGSEGV || fault.signal == SIGBUS) && !fault.overflow;
}

std::string report_of(const Block& block, const Fault& fault) {
  std::string what = description(fault.signal, fault.overflow);
  std::string history;
  if (is_access(fault) && fault.aimless) {
    what += ": an address that is impossible, or not aligned for a vector";
  } else if (is_access(fault)) {
    const std::string shared = block.describe_shared(fault.address);
    what += (fault.writes ? ": writes " : ": reads ") +
            (shared.empty() ? Memory::instance().describe(fault.address) : shared);
    if (shared.empty()) history = Memory::instance().history(fault.address);
  }
  return block.heading(what) + "  " + block.current_thread_name() + at_line(source_line(fault.instruction)) +
         history;
}

#if GRIDSTRIDE_RECOVERS
/// Where a faulting kernel goes on: as on a GPU, the launch is lost and the program lives.
[[noreturn]] void end_of_kernel() {
  Block& block = *running_block;
  const cudaError_t error = !is_access(fault) ? cudaErrorLaunchFailure
                            : fault.aimless   ? cudaErrorMisalignedAddress
                                              : cudaErrorIllegalAddress;
  block.fault(error, report_of(block, fault));
}

/// Makes the thread return from the signal into end_of_kernel, below what is on its stack; after an overflow
/// on top of it, for nothing there is needed any more.
void divert(ucontext_t& context, const Stack* stack) {
  auto& registers = context.uc_mcontext.gregs;
  constexpr greg_t kRedZoneBytes = 128;
  const greg_t top =
      fault.overflow ? reinterpret_cast<greg_t>(stack->top()) : registers[REG_RSP] - kRedZoneBytes;
  registers[REG_RSP] = top / 16 * 16 - 8;  // as after a call
  registers[REG_RIP] = reinterpret_cast<greg_t>(&end_of_kernel);
}
#endif

/// Null where it is not known.
const void* faulting_instruction([[maybe_unused]] const void* context) {
#if defined(__x86_64__)
  const auto& machine = static_cast<const ucontext_t*>(context)->uc_mcontext;
  return reinterpret_cast<const void*>(machine.gregs[REG_RIP]);
#else
  return nullptr;
#endif
}

/// What it tells allocates, which a signal handler should not; the process is lost then, and most faults are
/// not in malloc.
void on_fault(int signal, siginfo_t* info, void* context) {
  if (Block* block = running_block) {
    const Stack* stack = Worker::local().current().stack;
    const bool overflow = signal == SIGSEGV && stack != nullptr && stack->guards(info->si_addr);
    fault = {signal, overflow, false, info->si_code == SI_KERNEL, info->si_addr, nullptr};
#if GRIDSTRIDE_RECOVERS
    if (signal != SIGABRT && info->si_code > 0 && stack != nullptr) {
      auto& machine = *static_cast<ucontext_t*>(context);
      fault.instruction = faulting_instruction(context);
      fault.writes = (machine.uc_mcontext.gregs[REG_ERR] & 2) != 0;
      divert(machine, stack);
      return;
    }
#endif
    tell(report_of(*block, fault));
  } else if (Allocation known; signal == SIGSEGV && Memory::instance().find(info->si_addr, known)) {
    const std::string line = source_line(faulting_instruction(context));
    tell("gridstride: host code touches device memory at " + Memory::instance().describe(info->si_addr) +
         "; copy it with cudaMemcpy, or allocate it with cudaMallocManaged\n" +
         (line.empty() ? "" : "  touched" + at_line(line)));
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
