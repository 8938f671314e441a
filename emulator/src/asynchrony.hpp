/// Work that a block's threads have started and not yet waited for.
#pragma once

#include <array>
#include <cstdint>
#include <vector>

#include "gridstride/emulator/twins.hpp"

namespace gridstride::emulator {

/// Work under way. Where races are looked for, its accesses count twice: when it starts, as accesses that
/// nobody may rely on, and when somebody has waited for it.
class Started {
 public:
  Started(const twin::Task& task, const twin::Copied& copied, const void* caller);
  void finish() const;

 private:
  twin::Task task_;
  twin::Copied copied_;
  const void* caller_;
};

/// One thread's groups of one kind, oldest first.
class TaskGroups {
 public:
  void start(const Started& started) { tasks_.push_back(started); }
  void commit() {
    ends_.push_back(tasks_.size());
    ++committed_;
  }
  std::uint64_t committed() const { return committed_; }
  /// Does the first `groups` of all that were ever committed.
  void finish(std::uint64_t groups);

 private:
  std::uint64_t committed_ = 0;
  std::vector<Started> tasks_;
  std::vector<std::size_t> ends_;  // of the groups not yet done, in tasks_
};

class Asynchrony {
 public:
  /// Starts a block: what an earlier one left undone never happens.
  void begin();
  TaskGroups& groups(unsigned rank, twin::Kind kind);
  void start_until(std::uint32_t barrier, const Started& started) { landing_.push_back({barrier, started}); }
  void finish_until(std::uint32_t barrier);

 private:
  struct Landing {
    std::uint32_t barrier;
    Started started;
  };
  std::vector<std::array<TaskGroups, 3>> of_thread_;
  std::vector<Landing> landing_;
};

}  // namespace gridstride::emulator
