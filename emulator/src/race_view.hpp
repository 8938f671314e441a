/// What a thread knows of others: up to which moment it can be sure that their accesses came before.
///
/// A block has a clock that goes on with every synchronization, and an access is stamped with its time. So
/// one number stands for all that a thread did until then, or, after a barrier, all threads of a block.
#pragma once

#include <cstdint>
#include <memory>
#include <vector>

namespace gridstride::emulator {

class View;
using ViewPtr = std::shared_ptr<const View>;  // null: knows nobody

class View {
 public:
  static std::uint64_t thread(std::uint32_t block, std::uint32_t rank) {
    return std::uint64_t{block} << 32 | (rank + 1);
  }
  static std::uint64_t all_of(std::uint32_t block) { return std::uint64_t{block} << 32; }

  /// Knows everything of `who` up to this time. Names come in ascending order.
  void add(std::uint64_t who, std::uint32_t time) { known_.push_back({who, time}); }
  bool covers(std::uint32_t block, std::uint32_t rank, std::uint32_t time) const {
    return knows(all_of(block), time) || knows(thread(block, rank), time);
  }

  /// Whether the other knows nothing more.
  bool covers(const View& other) const;

  friend ViewPtr merged(const ViewPtr& a, const ViewPtr& b);

 private:
  struct Known {
    std::uint64_t who;
    std::uint32_t time;
  };
  bool knows(std::uint64_t who, std::uint32_t time) const;

  std::vector<Known> known_;  // in the order of their names
};

/// What either knows.
ViewPtr merged(const ViewPtr& a, const ViewPtr& b);

}  // namespace gridstride::emulator
