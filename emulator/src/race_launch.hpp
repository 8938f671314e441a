/// The races of one launch: what all of its blocks share.
#pragma once

#include <atomic>
#include <cstdint>
#include <map>
#include <mutex>
#include <string>
#include <tuple>
#include <unordered_map>

#include "gridstride/emulator/races.hpp"
#include "race_shadow.hpp"
#include "race_view.hpp"

namespace gridstride::emulator {

class Grid;

/// What those learn who see a flag that others have set.
struct Flag {
  ViewPtr everywhere;
  ViewPtr within;  // the threads of `block` alone, whose fences were for it alone
  std::uint32_t block = 0;
};

class LaunchRaces {
 public:
  explicit LaunchRaces(const Grid& grid) : grid_(grid) {}

  Shadow& shadow() { return shadow_; }
  std::uint64_t blocks_per_unit() const;
  /// Adds to what those learn who see the variable at this address.
  void release(std::uintptr_t address, std::uint32_t block, const ViewPtr& everywhere, const ViewPtr& within);
  Flag flag(std::uintptr_t address);

  /// Two accesses to one place that nothing orders. `place` says where, and is asked the first time only.
  template <class F>
  void found(const Stamp& first, const Stamp& second, bool is_benign, F place) {
    const RaceScope scope = first.block != second.block           ? RaceScope::Grid
                            : first.rank / 32 != second.rank / 32 ? RaceScope::Block
                                                                  : RaceScope::Warp;
    const std::scoped_lock lock(mutex_);
    Found& at = found_[{first.counter, first.kind(), second.counter, second.kind(), is_benign}];
    if (at.count++ != 0 && scope <= at.scope) return;
    at.scope = scope;
    at.first = first;
    at.second = second;
    at.place = place();
  }
  void found_wrong(WrongAccess::Kind kind, const Stamp& stamp, std::string place);
  void add_accesses(std::uint64_t count) { accesses_.fetch_add(count, std::memory_order_relaxed); }
  /// The last block has ended: the races, by lines.
  RaceFindings findings() const;

 private:
  struct Found {
    std::uint64_t count = 0;
    RaceScope scope = RaceScope::Warp;
    Stamp first, second;
    std::string place;
  };
  using Pair = std::tuple<std::uint64_t, AccessKind, std::uint64_t, AccessKind, bool>;
  struct FoundWrong {
    std::uint64_t count = 0;
    Stamp stamp;
    std::string place;
  };
  RaceAccess access(const Stamp& stamp) const;
  std::vector<WrongAccess> wrong() const;

  const Grid& grid_;
  Shadow shadow_;
  std::atomic<std::uint64_t> accesses_{0};
  std::mutex mutex_;
  std::map<Pair, Found> found_;
  std::map<std::pair<std::uint64_t, WrongAccess::Kind>, FoundWrong> wrong_;  // by program counter
  std::atomic<bool> any_flags_{false};
  std::mutex flags_mutex_;
  std::unordered_map<std::uintptr_t, Flag> flags_;
};

/// Whether launches are looked at: not, or for reports, or for take_races().
enum class RaceCheck { Off, Told, Kept };
RaceCheck race_check();
/// Tells the launch's races, or keeps them.
void conclude(const LaunchRaces& races);

}  // namespace gridstride::emulator
