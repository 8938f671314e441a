#include "asynchrony.hpp"

#include <algorithm>
#include <cstring>
#include <utility>

#include "device_functions.hpp"
#include "gridstride/emulator/shared_window.hpp"
#include "lane_trace.hpp"
#include "race_block.hpp"

namespace gridstride::emulator {

void TaskGroups::finish(std::uint64_t groups) {
  const std::uint64_t done = committed_ - ends_.size();
  if (groups <= done) return;
  const auto due = static_cast<std::ptrdiff_t>(groups - done);
  const std::size_t tasks = ends_[static_cast<std::size_t>(due - 1)];
  for (std::size_t i = 0; i < tasks; ++i) tasks_[i].finish();
  tasks_.erase(tasks_.begin(), tasks_.begin() + static_cast<std::ptrdiff_t>(tasks));
  ends_.erase(ends_.begin(), ends_.begin() + due);
  for (std::size_t& end : ends_) end -= tasks;
}

void Asynchrony::begin() {
  of_thread_.clear();
  landing_.clear();
}

TaskGroups& Asynchrony::groups(unsigned rank, twin::Kind kind) {
  if (of_thread_.size() <= rank) of_thread_.resize(rank + 1);
  return of_thread_[rank][static_cast<std::size_t>(kind)];
}

void Asynchrony::finish_until(std::uint32_t barrier) {
  const auto others =
      std::stable_partition(landing_.begin(), landing_.end(),
                            [barrier](const Landing& landing) { return landing.barrier != barrier; });
  if (others == landing_.end()) return;
  const std::vector<Landing> due(others, landing_.end());
  landing_.erase(others, landing_.end());
  for (const Landing& landing : due) landing.started.finish();
}

namespace {

void note(const twin::Copied& copied, const void* caller, Progress progress) {
  BlockRaces* races = running_block == nullptr ? nullptr : running_block->races();
  if (races == nullptr) return;
  races->copy(nullptr, copied.from, copied.from_bytes, caller, progress);
  races->copy(copied.to, nullptr, copied.to_bytes, caller, progress);
}

}  // namespace

Started::Started(const twin::Task& task, const twin::Copied& copied, const void* caller)
    : task_(task), copied_(copied), caller_(caller) {
  note(copied_, caller_, Progress::Begun);
}

void Started::finish() const {
  note(copied_, caller_, Progress::Over);
  task_.run();
}

namespace {

TaskGroups& groups_here(twin::Kind kind) {
  Block& block = running_block_for("an asynchronous instruction");
  return block.asynchrony().groups(block.current_rank(), kind);
}

}  // namespace
}  // namespace gridstride::emulator

using namespace gridstride::emulator;

void gridstride::twin::start(Kind kind, const Task& task, const Copied& copied) {
  groups_here(kind).start({task, copied, __builtin_return_address(0)});
}

/// Here, and not in a header: a program's tracer shall not see how the copy is done.
void gridstride::twin::start_copy(void* to, const void* from, std::size_t bytes, std::size_t zeros) {
  const Task copy([=] {
    std::memcpy(to, from, bytes - zeros);
    std::memset(static_cast<unsigned char*>(to) + bytes - zeros, 0, zeros);
  });
  groups_here(Kind::Copies).start({copy, {to, bytes, from, bytes - zeros}, __builtin_return_address(0)});
}

void gridstride::twin::commit(Kind kind) { groups_here(kind).commit(); }

void gridstride::twin::wait(Kind kind, unsigned left) {
  TaskGroups& groups = groups_here(kind);
  if (groups.committed() > left) groups.finish(groups.committed() - left);
}

void gridstride::twin::wait_together(Kind kind, unsigned left, unsigned threads) {
  Block& block = running_block_for("an asynchronous instruction");
  Asynchrony& work = block.asynchrony();
  const unsigned first = block.current_rank() / threads * threads;
  const std::uint64_t committed = groups_here(kind).committed();
  if (committed <= left) return;
  for (unsigned rank = first; rank < first + threads; ++rank) {
    while (work.groups(rank, kind).committed() < committed) block.yield();
  }
  LaneTrace* const lane = std::exchange(traced_lane, nullptr);  // it does the work of all of them
  for (unsigned rank = first; rank < first + threads; ++rank) {
    work.groups(rank, kind).finish(committed - left);
  }
  traced_lane = lane;
}

void gridstride::twin::start_until(std::uint32_t barrier, const Task& task, const Copied& copied) {
  Block& self = running_block_for("an asynchronous copy");
  const auto rank = static_cast<unsigned>(barrier / kSharedWindowBytes);
  Block* owner = rank == self.cluster_rank() ? &self : self.cluster().block(rank);
  if (owner == nullptr) {
    self.stop(cudaErrorInvalidAddressSpace, "an mbarrier of a block that has ended, or never was", {});
  }
  owner->asynchrony().start_until(barrier, {task, copied, __builtin_return_address(0)});
}

void gridstride::twin::finish_until(std::uint32_t barrier) {
  running_block_for("an mbarrier").asynchrony().finish_until(barrier);
}
