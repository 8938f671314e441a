/// Blocks that are there at the same time, on the same worker, and reach each other's shared memory.
#pragma once

#include <cstdint>
#include <memory>
#include <vector>

#include "gridstride/emulator/vectors.hpp"

namespace gridstride::emulator {

class Block;

class Cluster {
 public:
  Cluster(dim3 size, unsigned threads_per_block);

  dim3 size() const { return size_; }
  unsigned blocks() const { return static_cast<unsigned>(by_rank_.size()); }
  uint3 place_of(unsigned rank) const;
  void enter(unsigned rank, Block& block) { by_rank_[rank] = &block; }
  /// The block has ended, and with it its shared memory.
  void leave(unsigned rank) { by_rank_[rank] = nullptr; }
  /// Null when the block has ended, or when there is none of this rank.
  Block* block(unsigned rank) const { return rank < by_rank_.size() ? by_rank_[rank] : nullptr; }

  /// A thread reaches the barrier; returns the phase that it waits for the end of.
  unsigned arrive();
  /// Threads that have exited count as arrived.
  bool is_over(unsigned phase);

 private:
  unsigned exited() const;

  dim3 size_;
  unsigned threads_per_block_;
  std::vector<Block*> by_rank_;
  unsigned arrived_ = 0;
  unsigned phase_ = 0;
};

}  // namespace gridstride::emulator
