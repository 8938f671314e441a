#include "block.hpp"

#include <algorithm>
#include <utility>

#include "blind_run.hpp"
#include "block_inline.hpp"
#include "gridstride/emulator/tracing.hpp"
#include "race_block.hpp"

namespace gridstride::emulator {

Block::Block(Worker& worker) : worker_(worker) {}
Block::~Block() = default;

void Block::begin(Grid& grid, uint3 index, std::uint64_t number, unsigned long long epoch) {
  grid_ = &grid;
  config_ = grid.config();
  index_ = index;
  number_ = number;
  epoch_ = epoch;
  status_ = Status::Running;
  failed_ = false;
  threads_ = grid.threads();
  next_ = loop_begin_ = 0;
  next_thread_ = {};
  exited_ = 0;
  exited_lanes_.fill(0);
  ready_ = yielded_ = asking_active_mask_ = at_barrier_ = {};
  in_step_ = mixed_sites_ = false;
  agreed_ = 0;
  if (open_count_ != 0) {  // a failed block left them
    open_.fill(nullptr);
    open_count_ = 0;
    spare_.clear();
    for (const auto& collective : collectives_) spare_.push_back(collective.get());
  }
  choose_order();
  asynchrony_.begin();
  cluster_phases_.clear();
  arena_.begin(config_.dynamic_shared_bytes, grid.shared_limit_bytes(), grid.races() != nullptr);
  tracing_ = nullptr;
  if (grid.traces(number)) start_trace();
  racing_ = nullptr;
  if (grid.races() != nullptr) start_races();
  if (in_lockstep_ || racing_ != nullptr) note_watched_block();
}

void Block::start_trace() {
  if (trace_ == nullptr) trace_ = std::make_unique<BlockTrace>(*this, worker_.trace());
  tracing_ = trace_.get();
  tracing_->begin(threads_);
}

void Block::start_races() {
  if (races_ == nullptr) races_ = std::make_unique<BlockRaces>(*this);
  racing_ = races_.get();
  racing_->begin(*grid_->races(), number_, threads_);
}

void Block::end_races() {
  if (racing_ != nullptr) std::exchange(racing_, nullptr)->end();
}

bool Block::is_on_a_stack(const void* address) const {
  const auto place = reinterpret_cast<std::uintptr_t>(address);
  return std::any_of(worker_.fibers().begin(), worker_.fibers().end(), [place](const auto& fiber) {
    return place - reinterpret_cast<std::uintptr_t>(fiber->stack->low()) < fiber->stack->bytes();
  });
}

bool Block::is_in_cluster(const void* address) const {
  if (arena_.window_offset(address)) return true;
  for (unsigned rank = 0; cluster_ != nullptr && rank < cluster_->blocks(); ++rank) {
    const Block* other = cluster_->block(rank);
    if (other != nullptr && other->arena_.window_offset(address)) return true;
  }
  return false;
}

void Block::activate() {
  blockIdx = index_;
  blockDim = config_.block;
  gridDim = config_.grid;
  detail::block_epoch = epoch_;
  status_ = Status::Running;
  yields_left_ = yielded_.size();
}

const Stack* Block::current_stack() const { return worker_.current().stack; }

unsigned Block::current_rank() const { return rank_of(threadIdx); }

uint3 Block::thread_of(unsigned rank) const {
  const unsigned row = rank / config_.block.x;
  return {rank % config_.block.x, row % config_.block.y, row / config_.block.y};
}

/// Moves from beyond a row's end to the next row's beginning.
void Block::carry(uint3& thread) const {
  if (thread.x < config_.block.x) return;
  thread.x = 0;
  if (++thread.y < config_.block.y) return;
  thread.y = 0;
  ++thread.z;
}

void Block::take_span(unsigned& first) {
  threadIdx.x = detail::kUnknownThread;
  if (order_.empty()) {  // the rest of a row
    first = next_thread_.x;
    threadIdx.y = next_thread_.y;
    threadIdx.z = next_thread_.z;
    detail::loop_end = static_cast<detail::LoopEnd>(config_.block.x);
    next_ += config_.block.x - first;
    next_thread_.x = config_.block.x;
    carry(next_thread_);
  } else {
    const uint3 thread = thread_of(order_[next_++]);
    first = thread.x;
    threadIdx.y = thread.y;
    threadIdx.z = thread.z;
    detail::loop_end = static_cast<detail::LoopEnd>(first + 1);
  }
}

bool Block::next_span(unsigned& first) {
  Fiber& self = worker_.current();
  if (self.is_thread() || next_ == threads_) return worker_.wait_for_span(self, first);
  take_span(first);
  return true;
}

void Block::end_of_span(Fiber& fiber) {
  if (in_step_) fall_out_of_step();
  if (fiber.is_thread()) {
    mark_exited(fiber.rank);
  } else if (loop_begin_ == 0) {
    exited_ = threads_;  // nobody waited for anything
    return;
  } else {
    mark_positions_exited(loop_begin_, threads_);
  }
  after_exits();
}

void Block::exit_thread() {
  detail::trace_thread_ends();
  end_of_span(detach());
  worker_.abandon(next());
}

void Block::uncaught(const std::string& what) {
  failed_ = true;
  grid_->fail(cudaErrorLaunchFailure,
              heading("uncaught exception") + "  " + current_thread_name() + " threw " + what + "\n");
}

void Block::mark_exited(unsigned rank) {
  exited_lanes_[rank / 32] |= 1u << rank % 32;
  ++exited_;
}

void Block::mark_positions_exited(unsigned first, unsigned last) {
  for (unsigned position = first; position < last; ++position) mark_exited(rank_at(position));
}

/// Those that waited for the threads that have just exited may go on.
void Block::after_exits() {
  if (!at_barrier_.empty() && at_barrier_.size() + exited_ == threads_) release_barrier();
  if (open_count_ == 0) return;
  for (Collective* collective : open_) {
    while (collective != nullptr) {
      Collective* next = collective->next;  // completing takes it out of the list
      complete_if_all_here(*collective);
      collective = next;
    }
  }
}

/// Gives the running thread the fiber that it runs on; another one will go on with the loop.
void Block::detach_from_loop(Fiber& self) {
  const unsigned rank = current_rank();
  const unsigned position = order_.empty() ? rank : next_ - 1;
  next_ = position + 1;
  self.thread = threadIdx;
  self.rank = rank;
  if (order_.empty()) {
    next_thread_ = {self.thread.x + 1, self.thread.y, self.thread.z};
    carry(next_thread_);
  }
  detail::loop_end = detail::LoopEnd{0};
  if (position > loop_begin_) {
    mark_positions_exited(loop_begin_, position);
    after_exits();
  }
}

Fiber& Block::next_but_ready() {
  if (failed_) {
    status_ = Status::Failed;
    return worker_.main();
  }
  if (warp_partly_started()) return start_loop();
  if (!asking_active_mask_.empty()) {
    resolve_active_mask();
    return *ready_.pop();
  }
  if (next_ < threads_) return start_loop();
  if (!yielded_.empty()) {
    if (yields_left_ == 0 && tracing_ != nullptr && tracing_->make_way()) return next();
    if (yields_left_ == 0) {
      status_ = Status::Spinning;
      return worker_.main();
    }
    --yields_left_;
    return *yielded_.pop();
  }
  return nothing_runs();
}

bool Block::warp_partly_started() const {
  return next_ < threads_ && next_ > 0 && rank_at(next_) / 32 == rank_at(next_ - 1) / 32;
}

Fiber& Block::start_loop() {
  Fiber& fiber = worker_.idle_fiber();
  fiber.owner = this;
  return fiber;
}

Fiber& Block::nothing_runs() {
  if (tracing_ != nullptr && tracing_->make_way()) return next();
  if (exited_ == threads_) {
    status_ = Status::Done;
    if (tracing_ != nullptr) tracing_->end();
  } else {
    status_ = Status::Failed;
    report_deadlock();
  }
  return worker_.main();
}

void Block::yield() {
  Fiber& self = detach();
  self.wait.set("another thread's store", Site{});
  yielded_.push(self);
  reschedule();
}

/// Lets the worker's other blocks run.
void Block::give_way() {
  Fiber& self = detach();
  ready_.push(self);
  status_ = Status::Spinning;
  worker_.switch_to(worker_.main());
}

void Block::let_others_step() {
  note_seen_access();
  Fiber& self = detach();
  self.wait.set("its turn", Site{});
  ready_.push(self);
  Fiber& to = next_ < threads_ ? start_loop() : next();
  if (&to != &self) worker_.switch_to(to);
}

void Block::wait_for_warp(LaneTrace& lane) {
  Fiber& self = detach();
  self.wait.set("the other lanes of its warp", Site{});
  lane.warp->wait(lane, self);
  reschedule();
}

void Block::check_spin() {
  if (in_lockstep_) {  // all threads take turns anyhow; what they poll for may be another block's
    if (++lockstep_checks_ % 1024 == 0) give_way();
    return;
  }
  const unsigned rank = current_rank();
  // Lanes that vote on whether to go on polling take turns; those have waited for each other.
  const bool in_turns = worker_.current().is_thread() && polling_rank_ / 32 == rank / 32;
  if (polls_epoch_ == epoch_ && (polling_rank_ == rank || in_turns)) {
    polls_epoch_ = 0;
    yield();
  } else {
    polls_epoch_ = epoch_;
    polling_rank_ = rank;
  }
}

void* Block::shared_object(const void* key, std::size_t bytes, std::size_t align, const char* signature) {
  void* address = arena_.object(key, bytes, align, signature);
  if (address == nullptr) {
    stop(cudaErrorLaunchOutOfResources,
         "out of shared memory: " + std::to_string(arena_.used_bytes()) + " bytes in use, " +
             std::to_string(bytes) + " more wanted, the limit is " +
             std::to_string(grid_->shared_limit_bytes()),
         Site{});
  }
  auto& most = grid_->info().static_shared_bytes;
  const std::size_t now = arena_.used_bytes() - config_.dynamic_shared_bytes;
  if (now > most.load(std::memory_order_relaxed)) most.store(now, std::memory_order_relaxed);
  return address;
}

void Block::fault(cudaError_t error, std::string report) {
  grid_->fail(error, std::exchange(report, {}));
  failed_ = true;
  worker_.switch_to(next());
  __builtin_unreachable();
}

void Block::stop(cudaError_t error, std::string what, Site site) {
  {
    std::string text = heading(std::exchange(what, {})) + "  " + current_thread_name();
    if (site.line != 0) text += " at " + std::string(site.file) + ":" + std::to_string(site.line);
    grid_->fail(error, text + "\n");
  }
  failed_ = true;
  detach();
  reschedule();
  std::abort();  // a failed block's threads are never resumed
}

}  // namespace gridstride::emulator
