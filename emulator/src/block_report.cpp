/// What a block says when its threads break a rule.
#include <algorithm>
#include <bit>
#include <cstdio>
#include <map>
#include <numeric>
#include <tuple>

#include "block.hpp"
#include "error.hpp"
#include "worker.hpp"

namespace gridstride::emulator {
namespace {

std::string coordinates(dim3 v) {
  return "(" + std::to_string(v.x) + "," + std::to_string(v.y) + "," + std::to_string(v.z) + ")";
}

std::string line(Site site) { return std::string(site.file) + ":" + std::to_string(site.line); }

std::string hex(std::uint32_t mask) {
  char text[16];
  std::snprintf(text, sizeof text, "0x%08x", mask);
  return text;
}

std::string lane_names(std::uint32_t lanes) {
  std::string text;
  for (unsigned lane = 0; lane < 32; ++lane) {
    if ((lanes >> lane & 1) == 0) continue;
    unsigned last = lane;
    while (last < 31 && (lanes >> (last + 1) & 1) != 0) ++last;
    if (!text.empty()) text += ", ";
    text += std::to_string(lane);
    if (last > lane) text += "-" + std::to_string(last);
    lane = last;
  }
  return text;
}

}  // namespace

std::string Block::heading(const std::string& what) const {
  const KernelSite& site = grid_->info().site;
  return "gridstride: " + what + "\n  kernel " + grid_->info().name + " (" + site.file + ":" +
         std::to_string(site.line) + "), block " + coordinates(index_) + " of " + coordinates(config_.grid) +
         ", " + coordinates(config_.block) + " threads\n";
}

/// Runs of neighbours as first-last; by linear index in a row of threads, else by coordinates.
std::string Block::thread_names(const std::vector<unsigned>& ranks) const {
  const bool row = config_.block.y == 1 && config_.block.z == 1;
  const auto name = [&](unsigned rank) { return row ? std::to_string(rank) : coordinates(thread_of(rank)); };
  std::vector<unsigned> sorted = ranks;
  std::sort(sorted.begin(), sorted.end());
  std::string text;
  for (std::size_t i = 0; i < sorted.size(); ++i) {
    std::size_t last = i;
    while (last + 1 < sorted.size() && sorted[last + 1] == sorted[last] + 1) ++last;
    if (!text.empty()) text += ", ";
    text += name(sorted[i]);
    if (last > i) text += "-" + name(sorted[last]);
    i = last;
  }
  return text;
}

std::string Block::current_thread_name() const {
  if (config_.block.x == 1) return "thread " + thread_names({config_.block.y * threadIdx.z + threadIdx.y});
  if (threadIdx.x != detail::kUnknownThread) return "thread " + thread_names({current_rank()});
  const unsigned row = config_.block.x * (threadIdx.y + config_.block.y * threadIdx.z);
  std::vector<unsigned> ranks(config_.block.x);
  std::iota(ranks.begin(), ranks.end(), row);
  return "one of threads " + thread_names(ranks) + " (code compiled with GRIDSTRIDE_CHECK=1 tells which)";
}

/// One line for each thing that threads wait for, and one for those that have exited.
std::string Block::waiting_groups() const {
  std::map<std::tuple<std::string, std::string, std::uint32_t>, std::vector<unsigned>> groups;
  for (const auto& fiber : worker_.fibers()) {
    if (fiber->owner != this || !fiber->is_thread()) continue;
    const Wait& wait = fiber->wait;
    groups[{line(wait.site), wait.what, wait.mask}].push_back(fiber->rank);
  }
  std::string text;
  for (const auto& [key, ranks] : groups) {
    const auto& [where, what, mask] = key;
    text += "  " + where + ": " + what + (mask != 0 ? " with mask " + hex(mask) : "") + " holds thread" +
            (ranks.size() > 1 ? "s " : " ") + thread_names(ranks) + "\n";
  }
  std::vector<unsigned> exited;
  for (unsigned rank = 0; rank < threads_; ++rank) {
    if (exited_lanes_[rank / 32] >> rank % 32 & 1) exited.push_back(rank);
  }
  if (!exited.empty()) {
    text += std::string("  exited: thread") + (exited.size() > 1 ? "s " : " ") + thread_names(exited) + "\n";
  }
  return text;
}

void Block::report_divergent_barrier() {
  failed_ = true;
  grid_->fail(cudaErrorLaunchFailure,
              heading("divergent barrier: the threads of a block wait at different __syncthreads") +
                  waiting_groups());
}

void Block::report_deadlock() {
  grid_->fail(cudaErrorLaunchFailure,
              heading("deadlock: every thread of a block waits, none can go on") + waiting_groups());
}

/// A rendezvous that ended without all the lanes its mask names, and a shuffle that read a lane that is not
/// in the block: the results are undefined on a GPU.
void Block::report_missing_lanes(const Collective& collective, std::uint32_t lanes) {
  if (collective.function == WarpFunction::Sync) return;  // __syncwarp's default names every lane
  if (lanes == 0) return;
  const std::uint32_t existing = existing_lanes(collective.warp);
  const std::uint32_t exited = collective.mask & existing & ~lanes;
  std::uint32_t absent = 0;
  if (is_shuffle(collective.function)) {
    for (unsigned lane = 0; lane < 32; ++lane) {
      if (lanes >> lane & 1) absent |= 1u << collective.source[lane] & collective.mask & ~existing;
    }
  }
  if (exited == 0 && absent == 0) return;
  const Wait& wait = collective.fiber[static_cast<unsigned>(std::countr_zero(lanes))]->wait;
  const bool one = std::has_single_bit(exited != 0 ? exited : absent);
  const std::string what = exited != 0 ? "the mask names " +
                                             std::string(one ? "a lane that has" : "lanes that have") +
                                             " exited: " + lane_names(exited)
                                       : "a shuffle reads " + std::string(one ? "a lane" : "lanes") +
                                             " beyond the block's end: " + lane_names(absent);
  publish_once(what.substr(0, 16) + line(wait.site),
               heading(what) + "  " + line(wait.site) + ": " + name_of(collective.function) + " with mask " +
                   hex(collective.mask) + " in warp " + std::to_string(collective.warp) +
                   " is reached by lane" + (std::has_single_bit(lanes) ? " " : "s ") + lane_names(lanes) +
                   "\n");
}

}  // namespace gridstride::emulator
