#include "asynchrony.hpp"

#include <algorithm>
#include <utility>

#include "device_functions.hpp"

namespace gridstride::emulator {

void TaskGroups::wait(unsigned left) {
  if (ends_.size() <= left) return;
  const std::size_t groups = ends_.size() - left;
  const std::size_t tasks = ends_[groups - 1];
  for (std::size_t i = 0; i < tasks; ++i) tasks_[i].run();
  tasks_.erase(tasks_.begin(), tasks_.begin() + static_cast<std::ptrdiff_t>(tasks));
  ends_.erase(ends_.begin(), ends_.begin() + static_cast<std::ptrdiff_t>(groups));
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
  for (const Landing& landing : due) landing.task.run();
}

namespace {

TaskGroups& groups_here(twin::Kind kind) {
  Block& block = running_block_for("an asynchronous instruction");
  return block.asynchrony().groups(block.current_rank(), kind);
}

}  // namespace
}  // namespace gridstride::emulator

using namespace gridstride::emulator;

void gridstride::twin::start(Kind kind, const Task& task) { groups_here(kind).start(task); }

void gridstride::twin::commit(Kind kind) { groups_here(kind).commit(); }

void gridstride::twin::wait(Kind kind, unsigned left) { groups_here(kind).wait(left); }

void gridstride::twin::start_until(std::uint32_t barrier, const Task& task) {
  running_block_for("an asynchronous copy").asynchrony().start_until(barrier, task);
}

void gridstride::twin::finish_until(std::uint32_t barrier) {
  running_block_for("an mbarrier").asynchrony().finish_until(barrier);
}
