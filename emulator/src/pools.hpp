/// The owners of stream-ordered memory. All draw on the one cache behind cudaMalloc; a pool counts and
/// limits.
#pragma once

#include <atomic>
#include <cstdint>
#include <memory>

#include "gridstride/emulator/pools.hpp"

namespace gridstride::emulator {

struct Pool {
  std::size_t most_bytes = 0;  // 0: no limit of its own
  std::atomic<std::uint64_t> used{0};
  std::atomic<std::uint64_t> used_high{0};
  std::atomic<std::uint64_t> release_threshold{0};
  std::atomic<int> follow_events{1};
  std::atomic<int> opportunistic{1};
  std::atomic<int> internal_dependencies{1};

  /// False when the pool's limit does not allow so much more.
  bool take(std::size_t bytes);
  void give_back(std::size_t bytes) { used -= bytes; }
};

/// The pool of cudaMallocAsync.
std::shared_ptr<Pool> current_pool();
cudaError_t allocate_from(std::shared_ptr<Pool> pool, void** pointer, std::size_t bytes, cudaStream_t stream);

}  // namespace gridstride::emulator
