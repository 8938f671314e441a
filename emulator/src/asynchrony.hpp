/// Work that a block's threads have started and not yet waited for.
#pragma once

#include <array>
#include <cstdint>
#include <vector>

#include "gridstride/emulator/twins.hpp"

namespace gridstride::emulator {

/// One thread's groups of one kind, oldest first.
class TaskGroups {
 public:
  void start(const twin::Task& task) { tasks_.push_back(task); }
  void commit() {
    ends_.push_back(tasks_.size());
    ++committed_;
  }
  std::uint64_t committed() const { return committed_; }
  /// Does the first `groups` of all that were ever committed.
  void finish(std::uint64_t groups);

 private:
  std::uint64_t committed_ = 0;
  std::vector<twin::Task> tasks_;
  std::vector<std::size_t> ends_;  // of the groups not yet done, in tasks_
};

class Asynchrony {
 public:
  /// Starts a block: what an earlier one left undone never happens.
  void begin();
  TaskGroups& groups(unsigned rank, twin::Kind kind);
  void start_until(std::uint32_t barrier, const twin::Task& task) { landing_.push_back({barrier, task}); }
  void finish_until(std::uint32_t barrier);

 private:
  struct Landing {
    std::uint32_t barrier;
    twin::Task task;
  };
  std::vector<std::array<TaskGroups, 3>> of_thread_;
  std::vector<Landing> landing_;
};

}  // namespace gridstride::emulator
