/// One host thread's share of the device: it runs blocks, and owns the fibers that their threads run on.
#pragma once

#include <cstdint>
#include <memory>
#include <vector>

#include "block.hpp"
#include "fiber.hpp"
#include "grid.hpp"
#include "trace_counts.hpp"

namespace gridstride::emulator {

/// The block whose thread is calling, or null on the host.
inline constinit thread_local Block* running_block = nullptr;

class Worker {
 public:
  /// The calling thread's worker.
  static Worker& local();
  Worker();
  ~Worker();
  Worker(const Worker&) = delete;
  Worker& operator=(const Worker&) = delete;

  /// Takes blocks until the grid has none left.
  void run(Grid& grid);

  // For the block being run.
  Fiber& current() { return *current_; }
  Fiber& main() { return main_; }
  Fiber& idle_fiber();
  /// Leaves a fiber that has nothing to run; true when it is to start threads of the same launch again.
  bool wait_for_span(Fiber& self, unsigned& first);
  /// Its thread's coordinates are set here: it goes on in the middle of a kernel.
  void make_current(Fiber& to) {
    current_ = &to;
    threadIdx = to.thread;
    detail::loop_end = detail::LoopEnd{0};
  }
  /// Leaves the running fiber; returns when something switches back to it.
  [[gnu::always_inline]] void switch_to(Fiber& to) {
    Fiber& from = *current_;
    make_current(to);
#if GRIDSTRIDE_ASAN
    previous_ = &from;
    __sanitizer_start_switch_fiber(&from.fake_stack, to.stack_low, to.stack_bytes);
#endif
    switch_context(from.context, to.context);
    arrive(previous_, from);
  }
  /// Leaves the running fiber for good, and whatever is on its stack.
  [[noreturn]] void abandon(Fiber& to);
  WorkerTrace& trace() { return trace_; }
  const std::vector<std::unique_ptr<Fiber>>& fibers() const { return fibers_; }

 private:
  static void fiber_entry();
  void run_blocks(Grid& grid);
  void park(Fiber& fiber);
  void release_resources();
  void reset(Fiber& fiber);
  void adapt_stacks();
  Block& fresh_block(Grid& grid, uint3 index, std::uint64_t number);
  Block* start_block(Grid& grid);
  void start_cluster(Grid& grid, std::vector<Block*>& started);
  Block::Status resume(Block& block);
  void retire(Block& block);

  Fiber main_;
  Fiber* current_ = &main_;
  Fiber* previous_ = nullptr;  // the one that was left for this one, for AddressSanitizer alone
  std::vector<std::unique_ptr<Fiber>> fibers_;
  std::vector<std::unique_ptr<Stack>> stacks_;
  std::vector<Fiber*> idle_;       // last used first, its stack is warm
  std::vector<Fiber*> abandoned_;  // to be made idle again
  std::size_t stack_bytes_ = 0;
  std::vector<std::unique_ptr<Block>> blocks_;
  std::vector<Block*> spare_blocks_;
  unsigned long long epoch_ = 0;
  WorkerTrace trace_;
};

}  // namespace gridstride::emulator
