#include "race_launch.hpp"

#include <algorithm>

#include "grid.hpp"
#include "symbols.hpp"

namespace gridstride::emulator {
namespace {

uint3 coordinates(std::uint64_t index, dim3 in) {
  const std::uint64_t row = index / in.x;
  return {static_cast<unsigned>(index % in.x), static_cast<unsigned>(row % in.y),
          static_cast<unsigned>(row / in.y)};
}

const char* verb(AccessKind kind) {
  return kind == AccessKind::Read ? "reads" : kind == AccessKind::Write ? "writes" : "updates atomically";
}

std::string lines(const Race& race) {
  const unsigned low = std::min(race.first.line, race.second.line);
  const unsigned high = std::max(race.first.line, race.second.line);
  return "between line " + std::to_string(low) + " and line " + std::to_string(high) +
         " (in a loop perhaps from the latter to the next turn's former)";
}

/// What orders the two, in words.
std::string advice(const Race& race) {
  const bool atomic =
      race.first.what == verb(AccessKind::Atomic) || race.second.what == verb(AccessKind::Atomic);
  const bool both_write = race.first.what == verb(AccessKind::Write) && race.second.what == race.first.what;
  const bool one_line = race.first.line == race.second.line && race.first.file == race.second.file;
  if (race.is_benign) {
    return "let one thread write it, if this one value is meant; if each was to add its share, "
           "shares are lost: use an atomic function";
  }
  if (race.scope == RaceScope::Grid) {
    if (atomic) return "a plain access beside an atomic one is no atomic access: make both atomic";
    if (both_write) return "blocks write one element: give each its own, or use an atomic function";
    return "blocks of one launch run in any order: another launch, grid.sync() in a cooperative one, or an "
           "atomic flag with __threadfence() before it is set and after it was seen";
  }
  if (race.first.is_under_way) {
    return "wait for the asynchronous copy first (__pipeline_wait_prior, cp.async.wait_group, an mbarrier); "
           "other "
           "threads see what it brought behind a __syncthreads() after that";
  }
  const std::string barrier = race.scope == RaceScope::Warp ? "__syncwarp()" : "__syncthreads()";
  if (one_line && both_write)
    return "threads write one element: give each its own, or use an atomic function";
  if (one_line)
    return "read all that line " + std::to_string(race.first.line) + " needs into registers, then a " +
           barrier + ", then write";
  return "a " + barrier + " " + lines(race);
}

}  // namespace

std::uint64_t RaceFindings::count() const {
  return static_cast<std::uint64_t>(
      std::count_if(races.begin(), races.end(), [](const Race& race) { return !race.is_benign; }));
}

std::uint64_t LaunchRaces::blocks_per_unit() const { return grid_.blocks_per_unit(); }

void LaunchRaces::release(std::uintptr_t address, std::uint32_t block, const ViewPtr& everywhere,
                          const ViewPtr& within) {
  const std::scoped_lock lock(flags_mutex_);
  Flag& flag = flags_[address];
  flag.everywhere = merged(flag.everywhere, everywhere);
  flag.within = flag.block == block ? merged(flag.within, within) : within;
  flag.block = block;
  any_flags_ = true;
}

Flag LaunchRaces::flag(std::uintptr_t address) {
  if (!any_flags_.load(std::memory_order_relaxed)) return {};
  const std::scoped_lock lock(flags_mutex_);
  const auto at = flags_.find(address);
  return at == flags_.end() ? Flag{} : at->second;
}

RaceAccess LaunchRaces::access(const Stamp& stamp) const {
  RaceAccess out;
  out.what = verb(stamp.kind());
  const auto* instruction = reinterpret_cast<const void*>(stamp.counter - 1);  // in the call, not behind it
  out.chain = source_lines({instruction});
  if (!out.chain.empty()) {
    const auto [file, line] = file_line(out.chain.front());
    out.file = file;
    out.line = line;
    out.chain.erase(out.chain.begin());
  }
  const detail::LaunchConfig& config = grid_.config();
  const std::uint64_t unit = stamp.block / grid_.blocks_per_unit();
  const dim3 units(config.grid.x / config.cluster.x, config.grid.y / config.cluster.y);
  const uint3 corner = coordinates(unit, units);
  const uint3 within = coordinates(stamp.block % grid_.blocks_per_unit(), config.cluster);
  out.block = {corner.x * config.cluster.x + within.x, corner.y * config.cluster.y + within.y,
               corner.z * config.cluster.z + within.z};
  out.thread = coordinates(stamp.rank, config.block);
  out.is_under_way = stamp.is_under_way;
  return out;
}

/// The first that is seen stands for all of an instruction.
void LaunchRaces::found_wrong(WrongAccess::Kind kind, const Stamp& stamp, std::string place) {
  const std::scoped_lock lock(mutex_);
  FoundWrong& at = wrong_[{stamp.counter, kind}];
  if (at.count++ != 0) return;
  at.stamp = stamp;
  at.place = std::move(place);
}

std::vector<WrongAccess> LaunchRaces::wrong() const {
  std::vector<WrongAccess> out;
  for (const auto& [where, found] : wrong_) {
    WrongAccess one{grid_.info().name, where.second, access(found.stamp), found.place, found.count};
    const auto same = std::find_if(out.begin(), out.end(), [&](const WrongAccess& other) {
      return other.kind == one.kind && other.access.file == one.access.file &&
             other.access.line == one.access.line && other.access.what == one.access.what;
    });
    if (same == out.end()) {
      out.push_back(std::move(one));
    } else {
      same->count += one.count;
    }
  }
  return out;
}

RaceFindings LaunchRaces::findings() const {
  std::vector<const void*> instructions;  // one look for all of them
  for (const auto& [pair, found] : found_) {
    instructions.push_back(reinterpret_cast<const void*>(found.first.counter - 1));
    instructions.push_back(reinterpret_cast<const void*>(found.second.counter - 1));
  }
  source_places(instructions);
  RaceFindings out;
  out.accesses = accesses_;
  out.is_complete = !shadow_.is_full();
  using End = std::tuple<std::string, unsigned, std::string>;
  std::map<std::tuple<End, End, bool>, std::size_t> known;
  for (const auto& [pair, found] : found_) {
    Race race{grid_.info().name, found.scope, std::get<bool>(pair), access(found.first), access(found.second),
              found.place,       {},          found.count};
    const auto end = [](const RaceAccess& a) { return End{a.file, a.line, a.what}; };
    const auto [low, high] = std::minmax({end(race.first), end(race.second)});
    const auto [at, is_new] = known.try_emplace({low, high, race.is_benign}, out.races.size());
    if (is_new) {
      out.races.push_back(race);
      continue;
    }
    Race& other = out.races[at->second];
    race.count += other.count;
    if (race.scope > other.scope) {
      other = race;
    } else {
      other.count = race.count;
    }
  }
  for (Race& race : out.races) race.advice = advice(race);
  out.wrong = wrong();
  return out;
}

}  // namespace gridstride::emulator
