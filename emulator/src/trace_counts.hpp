/// What one worker has counted of one launch, by program counter.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

#include "access_counts.hpp"
#include "call_tree.hpp"
#include "gridstride/emulator/profile.hpp"

namespace gridstride::emulator {

/// How the lanes of a request lie side by side.
struct Layout {
  std::uint32_t bytes = 0;             // that a lane asks for
  std::optional<std::int64_t> stride;  // from a lane to the next
  bool operator==(const Layout&) const = default;
};

/// The layout of most requests of a place, in one word for any number of them: the vote of Boyer and Moore.
struct LayoutVote {
  Layout favourite;
  std::uint64_t lead = 0;

  void add(const Layout& layout, std::uint64_t votes = 1) {
    if (lead == 0) favourite = layout;
    if (favourite == layout) {
      lead += votes;
    } else if (votes <= lead) {
      lead -= votes;
    } else {
      favourite = layout;
      lead = votes - lead;
    }
  }
};

/// What is known of a place in the program.
struct PlaceTotal {
  Counts counts;
  LayoutVote layout;  // of its requests to global or shared memory
  std::vector<RequestSample> samples;
};

/// What an instruction's lanes asked for the last time, relative to the first of them: mostly it is the same
/// again, elsewhere.
struct Pattern {
  enum class Space : std::uint8_t { None, Global, Shared };

  std::uint32_t lanes = 0;
  Space space = Space::None;
  std::uint64_t form = 0;              // of its events
  std::uint64_t below = 0, above = 0;  // how far the other lanes' bytes reach from the first one's
  std::array<std::uint64_t, 32> offsets{};
  Layout layout;
  // Sectors and banks repeat every 128 bytes: for each word of these at which the first lane may be, whether
  // it is known, and what it costs.
  std::uint32_t known = 0;
  std::array<GlobalRequest, 32> global;
  std::array<SharedRequest, 32> shared;
  // The lines of global memory, relative to the first lane's: for each word, which of `lines` they are.
  std::array<std::uint16_t, 32> lines_begin, lines_count;
  std::vector<LineSectors> lines;
  std::array<std::uint32_t, 64> stood{};  // where each line of the last request was in L1
};

struct PlaceCounts {
  std::uint64_t counter = 0;
  Counts counts;
  LayoutVote layout;
  Pattern pattern;
  std::vector<RequestSample> samples;
  unsigned sampled = 0;  // of the block that began samples last
};

class CountsByCounter {
 public:
  PlaceCounts& at(std::uint64_t counter) {
    std::size_t slot = slot_of(counter);
    while (slots_[slot].counter != counter) {
      if (slots_[slot].counter == 0) return add(counter);
      slot = (slot + 1) & (slots_.size() - 1);
    }
    return counts_[slots_[slot].index];
  }
  const std::vector<PlaceCounts>& all() const { return counts_; }
  /// A block begins of which requests are kept: the next ones of all instructions are looked at closely
  /// again.
  void begin_samples();
  void clear();

 private:
  struct Slot {
    std::uint64_t counter = 0;
    std::size_t index = 0;
  };
  std::size_t slot_of(std::uint64_t counter) const {
    return (counter * 0x9e3779b97f4a7c15u) >> 32 & (slots_.size() - 1);
  }
  PlaceCounts& add(std::uint64_t counter);
  void insert(std::uint64_t counter, std::size_t index);

  std::vector<Slot> slots_ = std::vector<Slot>(256);  // at most half of them taken
  std::vector<PlaceCounts> counts_;
};

class Grid;

class WorkerTrace {
 public:
  CallTree& calls() { return calls_; }
  CountsByCounter& counts() { return counts_; }
  void add_block(std::uint64_t warps) {
    ++blocks_;
    warps_ += warps;
  }
  /// Adds all that was counted to the launch's kernel.
  void hand_over(const Grid& grid);

 private:
  CallTree calls_;
  CountsByCounter counts_;
  std::uint64_t blocks_ = 0, warps_ = 0;
};

}  // namespace gridstride::emulator
