#include "grid.hpp"

#include <tbb/global_control.h>
#include <tbb/task_arena.h>
#include <tbb/task_group.h>

#include <algorithm>
#include <bit>
#include <chrono>
#include <memory>
#include <mutex>
#include <set>

#include "cache_model.hpp"
#include "error.hpp"
#include "gpus.hpp"
#include "profile.hpp"
#include "settings.hpp"
#include "worker.hpp"

namespace gridstride::emulator {
namespace {

/// Below this much work in all, waking a second worker costs more than it brings.
constexpr float kWorthSharingNs = 15'000;

constinit std::atomic<std::uint64_t> next_grid_id{1};

struct Device {
  // TBB starts no more threads than the machine has unless it is told to.
  tbb::global_control threads{tbb::global_control::max_allowed_parallelism,
                              std::max<std::size_t>(workers(), std::thread::hardware_concurrency())};
  tbb::task_arena arena{static_cast<int>(workers()), 1};
  std::mutex mutex;
  std::set<Grid*> running;
};

Device& device() {
  static auto* the = new Device;  // executors use it until the process ends
  return *the;
}

void share_out(Grid& grid, unsigned helpers) {
  device().arena.execute([&] {
    // Isolated, so that waiting for this launch's last blocks does not take up another launch's.
    tbb::this_task_arena::isolate([&] {
      tbb::task_group group;
      for (unsigned i = 0; i < helpers; ++i) {
        group.run([&grid] { Worker::local().run(grid); });
      }
      Worker::local().run(grid);
      group.wait();
    });
  });
}

}  // namespace

std::uint64_t mix(std::uint64_t a, std::uint64_t b) {
  std::uint64_t x = a + 0x9e3779b97f4a7c15u * (b + 1);
  x = (x ^ x >> 30) * 0xbf58476d1ce4e5b9u;
  x = (x ^ x >> 27) * 0x94d049bb133111ebu;
  return x ^ x >> 31;
}

std::string launch_text(const detail::KernelInfo& info, const detail::LaunchConfig& config) {
  const Site& from = config.launched;
  return "  kernel " + info.name + " (" + info.site.file + ":" + std::to_string(info.site.line) + ")" +
         (from.line == 0 ? "" : ", launched at " + std::string(from.file) + ":" + std::to_string(from.line)) +
         "\n";
}

Grid::Grid(detail::KernelInfo& info, const detail::LaunchConfig& config, const detail::Kernel& kernel)
    : id_(next_grid_id.fetch_add(1, std::memory_order_relaxed)),
      info_(info),
      config_(config),
      kernel_(kernel),
      schedule_(emulator::schedule()),
      blocks_(std::uint64_t{config.grid.x} * config.grid.y * config.grid.z),
      grid_in_units_(config.grid.x / config.cluster.x, config.grid.y / config.cluster.y,
                     config.grid.z / config.cluster.z),
      units_(std::uint64_t{grid_in_units_.x} * grid_in_units_.y * grid_in_units_.z),
      races_(race_check() == RaceCheck::Off ? nullptr : std::make_unique<LaunchRaces>(*this)),
      traced_(!kernel.is_traced() || races_ ? 0
              : traced_blocks() == 0        ? blocks_
                                            : traced_blocks()) {
  if (traced_ != 0) l2_ = std::make_unique<L2Cache>(std::size_t{1024} * modelled_gpu().l2_kib);
}

Grid::~Grid() = default;

bool Grid::take(uint3& index, std::uint64_t& number) {
  if (cancelled()) return false;
  const std::uint64_t position = next_.fetch_add(1, std::memory_order_relaxed);
  if (position >= units_) return false;
  number = schedule_.order == Order::Forward    ? position
           : schedule_.order == Order::Reversed ? units_ - 1 - position
                                                : shuffled(position);
  const std::uint64_t row = number / grid_in_units_.x;
  index.x = static_cast<unsigned>(number - row * grid_in_units_.x) * config_.cluster.x;
  index.y = static_cast<unsigned>(row % grid_in_units_.y) * config_.cluster.y;
  index.z = static_cast<unsigned>(row / grid_in_units_.y) * config_.cluster.z;
  return true;
}

/// A permutation of the block numbers that needs no memory: a Feistel network over the next power of four,
/// applied again until the result is a block.
std::uint64_t Grid::shuffled(std::uint64_t position) const {
  const int half = (std::bit_width(units_ - 1) + 1) / 2;
  const std::uint64_t low_mask = (std::uint64_t{1} << half) - 1;
  do {
    std::uint64_t left = position >> half;
    std::uint64_t right = position & low_mask;
    for (std::uint64_t round = 0; round < 4; ++round) {
      const std::uint64_t old_right = right;
      right = left ^ (mix(right, schedule_.seed + round) & low_mask);
      left = old_right;
    }
    position = left << half | right;
  } while (position >= units_);
  return position;
}

std::size_t Grid::shared_limit_bytes() const {
  const bool asked = info_.max_dynamic_shared_bytes > 0;
  return asked ? gpu().architecture.shared_per_block() : kDefaultSharedBytes;
}

void Grid::fail(cudaError_t error, const std::string& report) {
  cancel();
  set_device_error(error, launch_text(info_, config_));
  if (!failed_.exchange(true)) publish_report(report);
}

void run_grid(Grid& grid) {
  using Clock = std::chrono::steady_clock;
  {
    const std::scoped_lock lock(device().mutex);
    device().running.insert(&grid);
  }
  const float block_ns = grid.info().block_ns.load(std::memory_order_relaxed);
  const auto blocks = static_cast<float>(grid.blocks());
  const bool worth_sharing = block_ns == 0 || block_ns * blocks > kWorthSharingNs;
  const auto most =
      static_cast<unsigned>(std::min(std::uint64_t{workers()}, grid.blocks() / grid.blocks_per_unit()));
  const unsigned used = worth_sharing ? most : 1;
  const auto start = Clock::now();
  if (used == 1) {
    Worker::local().run(grid);
  } else {
    share_out(grid, used - 1);
  }
  const std::chrono::duration<float, std::nano> elapsed = Clock::now() - start;
  grid.info().block_ns.store(elapsed.count() * static_cast<float>(used) / blocks, std::memory_order_relaxed);
  const std::scoped_lock lock(device().mutex);
  device().running.erase(&grid);
}

void cancel_running_grids() {
  const std::scoped_lock lock(device().mutex);
  for (Grid* grid : device().running) grid->cancel();
}

}  // namespace gridstride::emulator
