/// One block being executed: its threads, what each waits for, and which runs next.
///
/// Threads start as plain calls in a loop on one fiber. The first one that has to wait keeps that fiber's
/// stack, and another fiber goes on with the loop; so a block whose threads never wait never switches.
#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "arena.hpp"
#include "asynchrony.hpp"
#include "cluster.hpp"
#include "collective.hpp"
#include "fiber.hpp"
#include "grid.hpp"
#include "gridstride/emulator/sync.hpp"
#include "gridstride/emulator/warp.hpp"
#include "lane_trace.hpp"

namespace gridstride::emulator {

class BlockRaces;
class BlockTrace;
class Worker;

class Block {
 public:
  enum class Status { Running, Done, Spinning, Failed };

  explicit Block(Worker& worker);
  ~Block();

  // What the worker calls.
  void begin(Grid& grid, uint3 index, std::uint64_t number, unsigned long long epoch);
  /// Makes this the block that the worker's thread-local coordinates speak of.
  void activate();
  void join(std::shared_ptr<Cluster> cluster, unsigned rank);
  /// The block has ended, or was given up.
  void leave_cluster();
  /// The same, for those who look for races.
  void end_races();
  /// Where to go on; the worker's own fiber when the block can do nothing now, with the reason in status().
  Fiber& next();
  /// The calling fiber is about to run the threads that have not started.
  void begin_loop() {
    loop_begin_ = next_;
    threadIdx.x = detail::kUnknownThread;
  }
  void take_span(unsigned& first);
  /// The fiber's thread, or its loop over threads, has ended.
  void end_of_span(Fiber& fiber);
  /// The running thread ended with an exception.
  void uncaught(const std::string& what);
  Status status() const { return status_; }
  Grid& grid() { return *grid_; }
  unsigned long long epoch() const { return epoch_; }

  // What device functions call, in the running thread.
  bool next_span(unsigned& first);
  detail::BarrierVotes barrier(const char* name, bool predicate, Site site);
  /// The thread that goes on at a barrier that all threads come to in the order of the last one; none where
  /// that is not known.
  Step next_step(Site site);
  std::uint64_t meet(WarpFunction function, std::uint32_t mask, std::uint64_t value, unsigned operand,
                     int width, Site site);
  std::uint32_t active_mask(Site site);
  /// Nothing on the running thread's stack is destroyed, as on a GPU.
  [[noreturn]] void exit_thread();
  void yield();
  /// With the schedule lockstep, lets all other threads come as far as this one: to their next access to
  /// memory.
  void step() {
    if (in_lockstep_ && threadIdx.x != detail::kUnknownThread) [[unlikely]]
      let_others_step();
  }
  /// Yields when this thread keeps on polling.
  void check_spin();
  void* shared_object(const void* key, std::size_t bytes, std::size_t align, const char* signature);
  void* dynamic_shared_memory(std::size_t align) { return arena_.dynamic(align); }
  Arena& arena() { return arena_; }
  const Arena& arena() const { return arena_; }
  Asynchrony& asynchrony() { return asynchrony_; }
  Cluster& cluster();
  unsigned cluster_rank() const { return cluster_rank_; }
  void cluster_arrive();
  void cluster_wait(Site site);
  unsigned exited() const { return exited_; }
  std::size_t dynamic_shared_bytes() const { return config_.dynamic_shared_bytes; }
  std::uint64_t number() const { return number_; }
  /// Ends the launch because of the running thread. Nothing on its stack is destroyed: `what` is by value, to
  /// be given back here.
  [[noreturn]] void stop(cudaError_t error, std::string what, Site site);

  /// Ends the launch after a fault of the running thread, whose state nobody can know.
  [[noreturn]] void fault(cudaError_t error, std::string report);

  unsigned current_rank() const;
  const Stack* current_stack() const;

  /// Null where nobody asked for races.
  BlockRaces* races() { return racing_; }
  bool is_on_a_stack(const void* address) const;
  /// Whether an address is in the shared memory of this block, or of another one of its cluster.
  bool is_in_cluster(const void* address) const;

  /// Null where this block is not traced.
  BlockTrace* tracing() { return tracing_; }
  /// The running thread has no room for its trace; it leaves until its warp's other lanes have come as far.
  void wait_for_warp(LaneTrace& lane);
  void make_ready(Fiber& fiber) { ready_.push(fiber); }  // traced blocks never keep step

  // What reports show.
  std::string heading(const std::string& what) const;
  std::string thread_names(const std::vector<unsigned>& ranks) const;
  std::string current_thread_name() const;
  /// Where in the block's shared memory an address is, or beside it; empty when it is elsewhere.
  std::string trespass_shared(const void* address, std::size_t bytes) const {
    return arena_.trespass(address, bytes);
  }
  std::string describe_shared(const void* address) const { return arena_.describe(address); }

 private:
  Fiber& detach();
  void fall_out_of_step();
  void detach_from_loop(Fiber& self);
  void reschedule();
  Fiber& next_but_ready();
  void let_others_step();
  void give_way();
  void mark_exited(unsigned rank);
  void mark_positions_exited(unsigned first, unsigned last);
  void after_exits();
  bool warp_partly_started() const;
  Fiber& start_loop();
  void release(FiberQueue& waiters);
  void release_barrier();
  void resolve_active_mask();
  Fiber& nothing_runs();
  void report_divergent_barrier();
  void report_deadlock();
  std::string waiting_groups() const;

  Collective& join(WarpFunction function, std::uint32_t mask, unsigned warp);
  Collective& open(WarpFunction function, std::uint32_t mask, unsigned warp);
  void close(Collective& collective);
  std::uint32_t existing_lanes(unsigned warp) const {
    const unsigned count = threads_ - 32 * warp;
    return count >= 32 ? 0xffffffffu : (1u << count) - 1;
  }
  void complete_if_all_here(Collective& collective);
  [[noreturn]] void refuse_call(WarpFunction function, std::uint32_t mask, int width, Site site);
  void complete(Collective& collective, std::uint32_t lanes);
  void report_missing_lanes(const Collective& collective, std::uint32_t lanes);

  unsigned rank_of(uint3 thread) const {
    return thread.x + config_.block.x * (thread.y + config_.block.y * thread.z);
  }
  uint3 thread_of(unsigned rank) const;
  void carry(uint3& thread) const;
  unsigned rank_at(unsigned position) const { return order_.empty() ? position : order_[position]; }
  void choose_order();
  void start_trace();
  void start_races();

  Worker& worker_;
  Grid* grid_ = nullptr;
  detail::LaunchConfig config_;
  uint3 index_{};
  std::uint64_t number_ = 0;
  unsigned long long epoch_ = 0;
  Status status_ = Status::Done;
  bool failed_ = false;
  bool in_lockstep_ = false;
  unsigned lockstep_checks_ = 0;

  unsigned threads_ = 0;
  unsigned next_ = 0;                 // position in the order of the next thread to start
  uint3 next_thread_{};               // its coordinates, in forward order
  unsigned loop_begin_ = 0;           // position at which the running loop began
  std::vector<std::uint16_t> order_;  // rank at each position; empty when they are the same
  std::uint64_t random_ = 0;

  unsigned exited_ = 0;
  std::array<std::uint32_t, 32> exited_lanes_{};
  FiberQueue ready_;
  FiberQueue yielded_;
  unsigned yields_left_ = 0;  // turns of yielding threads before other blocks get one
  FiberQueue asking_active_mask_;

  FiberQueue at_barrier_;
  Site barrier_site_{};  // where the first one came to it
  // While the threads do nothing but compute and wait for each other they keep step: step_ holds them all,
  // those that wait at the barrier, the running one and those that are ready. The other queues are stale
  // then, and lean on the same links: whoever uses one comes through detach() or end_of_span() first.
  bool in_step_ = false;
  FiberQueue step_;
  bool mixed_sites_ = false;
  unsigned agreed_ = 0;
  std::array<detail::BarrierVotes, 2> results_;  // of this and the last generation
  unsigned generation_ = 0;

  std::array<Collective*, 32> open_{};  // of each warp, with lanes waiting
  unsigned open_count_ = 0;
  std::vector<Collective*> spare_;
  std::vector<std::unique_ptr<Collective>> collectives_;

  unsigned long long polls_epoch_ = 0;
  unsigned polling_rank_ = 0;

  Arena arena_;
  Asynchrony asynchrony_;

  std::unique_ptr<BlockTrace> trace_;
  BlockTrace* tracing_ = nullptr;

  std::unique_ptr<BlockRaces> races_;
  BlockRaces* racing_ = nullptr;

  static constexpr unsigned kNotArrived = ~0u;
  std::shared_ptr<Cluster> cluster_;  // null for a block alone that never asked
  unsigned cluster_rank_ = 0;
  std::vector<unsigned> cluster_phases_;  // that each thread arrived in
};

}  // namespace gridstride::emulator
