/// What the caches of the chosen GPU would make of a launch: a model, whose simplifications docs/profiler.md
/// tells. Every block begins with an empty L1 of its share of a processor's; what it does not find there goes
/// on to an L2 that all blocks share, empty when the launch begins.
#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <mutex>
#include <unordered_map>
#include <vector>

#include "access_counts.hpp"
#include "gpus.hpp"
#include "gridstride/emulator/profile.hpp"
#include "sector_cache.hpp"
#include "trace_event.hpp"

namespace gridstride::emulator {

/// A block's share of L1: what shared memory leaves of a processor's, divided among the blocks it holds.
std::size_t l1_bytes_of_block(const Architecture& architecture, std::size_t threads,
                              std::size_t shared_bytes);

/// Sectors of one line that an instruction asks L2 for.
class L2Request {
 public:
  L2Request(std::uint64_t counter, EventKind kind, const LineSectors& asked)
      : counter_kind_sectors_(counter << 8 | std::uint64_t{static_cast<std::uint8_t>(kind)} << 4 |
                              asked.sectors),
        line_(asked.line) {}
  std::uint64_t counter() const { return counter_kind_sectors_ >> 8; }
  EventKind kind() const { return static_cast<EventKind>(counter_kind_sectors_ >> 4 & 0xF); }
  std::uint8_t sectors() const { return counter_kind_sectors_ & 0xF; }
  std::uint64_t line() const { return line_; }

 private:
  std::uint64_t counter_kind_sectors_, line_;
};

/// L2, and the memory behind it. Blocks come in the order of their numbers, whenever they ran: so counts are
/// the same in every run, unless a block asks for so much that parts of it have to go ahead.
class L2Cache {
 public:
  explicit L2Cache(std::size_t bytes) { cache_.begin(bytes / SectorCache::kLineBytes); }

  /// All that the block of this number, or a part of it that is too much to be kept, asked for.
  void add(std::uint64_t block, std::vector<L2Request>&& requests);
  void add_part(const std::vector<L2Request>& requests);
  /// No block comes any more.
  void end();

  const std::map<std::uint64_t, Counts>& counts() const { return counts_; }
  std::uint64_t footprint_bytes() const;

 private:
  void serve(const std::vector<L2Request>& requests);
  void serve_those_whose_turn_it_is();

  std::mutex mutex_;
  SectorCache cache_;
  std::uint64_t next_ = 0;  // block
  std::map<std::uint64_t, std::vector<L2Request>> early_;
  std::map<std::uint64_t, Counts> counts_;
  std::unordered_map<std::uint64_t, std::uint8_t> touched_;  // sectors of lines
};

/// L1 of one block.
class L1Cache {
 public:
  void begin() {
    begun_ = false;
    missed_.clear();
  }
  /// The first access of a block finds out how large its cache is.
  bool has_begun() const { return begun_; }
  void begin(std::size_t bytes) {
    begun_ = true;
    cache_.begin(bytes / SectorCache::kLineBytes);
  }

  /// Counts what is found, and keeps what is not for L2. Where the line `stood`: see SectorCache.
  [[gnu::always_inline]] void ask(EventKind kind, std::uint64_t counter, LineSectors asked, Counts& counts,
                                  std::uint32_t& stood) {
    if (kind == EventKind::Load) {
      SectorCache::Line& line = cache_.use(asked.line, stood);
      const unsigned found = asked.sectors & line.held;
      counts.l1_hit_sectors += sectors_in(found);
      if (found == asked.sectors) return;
      line.held |= asked.sectors;
      asked.sectors &= static_cast<std::uint8_t>(~found);
    }
    missed_.emplace_back(counter, kind, asked);
  }
  std::vector<L2Request>& missed() { return missed_; }

 private:
  bool begun_ = false;
  SectorCache cache_;
  std::vector<L2Request> missed_;
};

}  // namespace gridstride::emulator
