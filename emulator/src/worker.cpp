#include "worker.hpp"

#include <algorithm>
#include <exception>
#include <string>
#include <thread>

#include "block_inline.hpp"
#include "gridstride/emulator/cub.hpp"
#include "gridstride/emulator/launch.hpp"
#include "guarded.hpp"
#include "settings.hpp"
#include "signals.hpp"

namespace gridstride::emulator {
namespace {

constinit thread_local Worker* local_worker = nullptr;

/// Blocks that one worker keeps half-done because they poll for another block's result.
constexpr std::size_t kMaxResidentBlocks = 256;

}  // namespace

Worker& Worker::local() {
  thread_local Worker worker;
  return worker;
}

Worker::Worker() {
  local_worker = this;
  signals::prepare_thread();
  if (checking()) guarded::enter_device();
}

Worker::~Worker() {
  local_worker = nullptr;
  signals::release_thread();
}

void Worker::run(Grid& grid) {
  adapt_stacks();
  run_blocks(grid);
  trace_.hand_over(grid);
  if (grid.kernel().owns_resources()) release_resources();
}

void Worker::run_blocks(Grid& grid) {
  std::vector<Block*> waiting;  // blocks that only poll
  std::size_t turn = 0;
  const bool clusters = grid.blocks_per_unit() > 1;
  for (;;) {
    Block* block = nullptr;
    if (turn < waiting.size()) {
      block = waiting[turn++];
    } else {
      turn = 0;
      const bool room = waiting.size() < kMaxResidentBlocks || grid.config().cooperative;
      if (room && clusters) start_cluster(grid, waiting);
      if (room && !clusters) block = start_block(grid);
      if (block == nullptr && waiting.empty()) return;
      if (block == nullptr) {
        std::this_thread::yield();  // what they wait for is on another worker
        block = waiting[turn++];
      }
    }
    const bool was_waiting = turn != 0;
    const Block::Status status = resume(*block);
    if (status == Block::Status::Spinning) {
      if (!was_waiting) waiting.push_back(block);
    } else {
      retire(*block);
      if (was_waiting) waiting.erase(waiting.begin() + static_cast<std::ptrdiff_t>(--turn));
    }
    if (grid.cancelled()) {
      for (Block* left : waiting) retire(*left);
      return;
    }
  }
}

Block* Worker::start_block(Grid& grid) {
  uint3 index{};
  std::uint64_t number = 0;
  if (!grid.take(index, number)) return nullptr;
  return &fresh_block(grid, index, number);
}

/// All blocks of the next cluster, none of them running yet.
void Worker::start_cluster(Grid& grid, std::vector<Block*>& started) {
  uint3 first{};
  std::uint64_t number = 0;
  if (!grid.take(first, number)) return;
  const auto cluster = std::make_shared<Cluster>(grid.config().cluster, grid.threads());
  const auto begin = static_cast<std::ptrdiff_t>(started.size());
  for (unsigned rank = 0; rank < cluster->blocks(); ++rank) {
    const uint3 place = cluster->place_of(rank);
    Block& block = fresh_block(grid, {first.x + place.x, first.y + place.y, first.z + place.z},
                               number * cluster->blocks() + rank);
    block.join(cluster, rank);
    started.push_back(&block);
  }
  if (grid.schedule().order != Order::Forward) std::reverse(started.begin() + begin, started.end());
}

Block& Worker::fresh_block(Grid& grid, uint3 index, std::uint64_t number) {
  if (spare_blocks_.empty()) {
    blocks_.push_back(std::make_unique<Block>(*this));
    spare_blocks_.push_back(blocks_.back().get());
  }
  Block* block = spare_blocks_.back();
  spare_blocks_.pop_back();
  block->begin(grid, index, number, ++epoch_);
  return *block;
}

Block::Status Worker::resume(Block& block) {
  running_block = &block;
  block.activate();
  switch_to(block.next());
  running_block = nullptr;
  traced_lane = nullptr;
  return block.status();
}

/// Takes back a block, and the fibers of threads that it left unfinished.
void Worker::retire(Block& block) {
  if (block.status() != Block::Status::Done) {
    for (const auto& fiber : fibers_) {
      if (fiber->owner != &block) continue;
      reset(*fiber);
      idle_.push_back(fiber.get());
    }
  }
  block.end_races();
  block.leave_cluster();
  spare_blocks_.push_back(&block);
}

Fiber& Worker::idle_fiber() {
  if (idle_.empty()) {
    for (Fiber* fiber : abandoned_) {
      reset(*fiber);
      idle_.push_back(fiber);
    }
    abandoned_.clear();
  }
  if (idle_.empty()) {
    const auto color = static_cast<unsigned>(stacks_.size());
    stacks_.push_back(std::make_unique<Stack>(stack_bytes_, color));
    fibers_.push_back(std::make_unique<Fiber>());
    fibers_.back()->stack = stacks_.back().get();
    reset(*fibers_.back());
    idle_.push_back(fibers_.back().get());
  }
  Fiber& fiber = *idle_.back();
  idle_.pop_back();
  return fiber;
}

/// Makes the fiber start anew; whatever was on its stack is forgotten.
void Worker::reset(Fiber& fiber) {
  const Stack& stack = *fiber.stack;
#if GRIDSTRIDE_ASAN
  __asan_unpoison_memory_region(stack.low(), stack.bytes());
#endif
  fiber.context = make_context<fiber_entry>(stack.top(), stack.bytes());
  fiber.stack_low = stack.low();
  fiber.stack_bytes = stack.bytes();
  fiber.fake_stack = nullptr;
  fiber.owner = nullptr;
  fiber.rank = Fiber::kNoThread;
}

/// Between grids all fibers are idle, so a new stack size can take effect.
void Worker::adapt_stacks() {
  if (stack_bytes_ == emulator::stack_bytes()) return;
  stack_bytes_ = emulator::stack_bytes();
  idle_.clear();
  abandoned_.clear();
  fibers_.clear();
  stacks_.clear();
}

/// Where a fiber is at home: it runs threads of one launch after the other.
void Worker::fiber_entry() {
  Worker& worker = *local_worker;
  Fiber& self = *worker.current_;
  arrive(worker.previous_, self);
  for (;;) {
    if (running_block == nullptr) {
      worker.switch_to(worker.main_);
      continue;
    }
    running_block->begin_loop();
    try {
      running_block->grid().kernel().run_threads();
      continue;  // another launch wants this fiber
    } catch (const std::exception& e) {
      running_block->uncaught(std::string("an exception: ") + e.what());
    } catch (...) {
      running_block->uncaught("something that is not a std::exception");
    }
    worker.park(self);
    worker.switch_to(running_block->next());
  }
}

void Worker::abandon(Fiber& to) {
  Fiber& self = *current_;
  self.owner = nullptr;
  abandoned_.push_back(&self);
  switch_to(to);
  __builtin_unreachable();
}

void Worker::park(Fiber& fiber) {
  fiber.owner = nullptr;
  fiber.rank = Fiber::kNoThread;
  idle_.push_back(&fiber);
}

bool Worker::wait_for_span(Fiber& self, unsigned& first) {
  const std::uint64_t launch = running_block->grid().id();
  running_block->end_of_span(self);
  park(self);
  Fiber& to = running_block->next();
  if (&to != &self) switch_to(to);
  if (running_block == nullptr || running_block->grid().id() != launch) return false;
  running_block->begin_loop();
  running_block->take_span(first);
  return true;
}

/// Makes idle fibers leave the kernel in which they were left, so that copies of its arguments are destroyed.
void Worker::release_resources() {
  for (Fiber* fiber : idle_) switch_to(*fiber);
}

namespace detail {

bool next_span(unsigned& first) { return running_block->next_span(first); }

bool in_kernel() { return running_block != nullptr; }

}  // namespace detail
}  // namespace gridstride::emulator
