/// One launch being executed: what all workers share.
#pragma once

#include <algorithm>
#include <atomic>
#include <bit>
#include <cstdint>
#include <memory>
#include <string>

#include "gridstride/emulator/launch.hpp"
#include "gridstride/emulator/schedule.hpp"
#include "race_launch.hpp"

namespace gridstride::emulator {

class L2Cache;

namespace detail {

struct KernelInfo {
  KernelSite site{};
  std::string name;                                      // short enough for a report
  std::atomic<std::size_t> max_dynamic_shared_bytes{0};  // 0: not asked for, the default applies
  std::atomic<std::size_t> static_shared_bytes{0};       // most seen in a block so far
  std::atomic<bool> non_portable_clusters{false};        // more than 8 blocks are allowed
  std::atomic<float> block_ns{0};                        // measured cost of a block, 0: unknown
};

}  // namespace detail

class Grid {
 public:
  Grid(detail::KernelInfo& info, const detail::LaunchConfig& config, const detail::Kernel& kernel);

  ~Grid();

  /// The next block to start, or the first one of the next cluster; false when none is left.
  bool take(uint3& index, std::uint64_t& number);
  /// How many blocks start together: those of a cluster.
  std::uint64_t blocks_per_unit() const { return blocks_ / units_; }
  /// Blocks not started are dropped; workers leave those that only wait.
  void cancel() { cancelled_.store(true, std::memory_order_relaxed); }
  bool cancelled() const { return cancelled_.load(std::memory_order_relaxed); }

  /// A block reaches the barrier of a cooperative launch; returns how many arrivals open it.
  std::uint64_t arrive() { return (arrivals_.fetch_add(1) / blocks_ + 1) * blocks_; }
  bool all_arrived(std::uint64_t arrivals) const { return arrivals_.load() >= arrivals; }

  /// Ends the launch with `error`; the first report of a launch is the one that is shown.
  void fail(cudaError_t error, const std::string& report);

  const detail::Kernel& kernel() const { return kernel_; }
  /// Tells launches apart, also those that used the same memory one after the other.
  std::uint64_t id() const { return id_; }
  detail::KernelInfo& info() const { return info_; }
  const detail::LaunchConfig& config() const { return config_; }
  const Schedule& schedule() const { return schedule_; }
  std::uint64_t blocks() const { return blocks_; }
  unsigned threads() const { return config_.block.x * config_.block.y * config_.block.z; }
  std::size_t shared_limit_bytes() const;
  /// Null where nobody asked for races.
  LaunchRaces* races() const { return races_.get(); }
  /// Where traced blocks leave what they ask L2 for; null where none are traced.
  L2Cache* l2() const { return l2_.get(); }
  /// Whether this block is one of those to be traced.
  bool traces(std::uint64_t number) const {
    return traced_ != 0 && (traced_ >= blocks_ || number * traced_ % blocks_ < traced_);
  }
  /// Of these, whether requests are kept as samples: of the first, the second, the third, the fifth, the
  /// ninth ...
  bool samples(std::uint64_t number) const {
    const std::uint64_t before = number * std::min(traced_, blocks_) / blocks_;
    return before == 0 || std::has_single_bit(before);
  }
  /// How many of those come before it.
  std::uint64_t traced_before(std::uint64_t number) const {
    return traced_ >= blocks_ ? number : (number * traced_ + blocks_ - 1) / blocks_;
  }

 private:
  std::uint64_t shuffled(std::uint64_t position) const;

  std::uint64_t id_;
  detail::KernelInfo& info_;
  detail::LaunchConfig config_;
  const detail::Kernel& kernel_;
  Schedule schedule_;
  std::uint64_t blocks_;
  dim3 grid_in_units_;
  std::uint64_t units_;
  std::unique_ptr<LaunchRaces> races_;
  std::uint64_t traced_;  // so many blocks
  std::unique_ptr<L2Cache> l2_;
  std::atomic<std::uint64_t> next_{0};
  std::atomic<std::uint64_t> arrivals_{0};
  std::atomic<bool> cancelled_{false};
  std::atomic<bool> failed_{false};
};

/// Which kernel, launched where: a line of a report.
std::string launch_text(const detail::KernelInfo& info, const detail::LaunchConfig& config);

/// Runs all blocks; returns when the last one has ended.
void run_grid(Grid& grid);

/// Cancels every launch that is running; for the end of the process.
void cancel_running_grids();

/// A well-mixed function of two numbers, the source of all "random" orders.
std::uint64_t mix(std::uint64_t a, std::uint64_t b);

}  // namespace gridstride::emulator
