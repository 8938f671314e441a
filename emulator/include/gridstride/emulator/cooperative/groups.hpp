/// Cooperative groups: the block, the cluster, the grid, tiles of a warp, and the lanes that happen to be
/// together.
#pragma once

#include "gridstride/emulator/clusters.hpp"
#include "gridstride/emulator/cooperative/lanes.hpp"
#include "gridstride/emulator/sync.hpp"

namespace cooperative_groups {

using gridstride::emulator::Site;
namespace lanes = gridstride::emulator::detail;

/// All threads of the block.
class thread_block {
 public:
  static void sync(Site site = Site::here()) { __syncthreads(site); }
  static unsigned thread_rank() { return lanes::block_rank(); }
  static unsigned num_threads() { return lanes::block_threads(); }
  static unsigned size() { return num_threads(); }
  static dim3 group_index() { return blockIdx; }
  static dim3 thread_index() { return threadIdx; }
  static dim3 dim_threads() { return blockDim; }
  static dim3 group_dim() { return blockDim; }
};

inline thread_block this_thread_block() { return {}; }

/// All threads of the launch. To wait for each other they need cudaLaunchCooperativeKernel.
class grid_group {
 public:
  static void sync(Site site = Site::here()) {
    __syncthreads(site);
    if (lanes::block_rank() == 0) lanes::grid_barrier(site);
    __syncthreads(site);
  }
  static bool is_valid() { return lanes::launched_together(); }
  static unsigned long long thread_rank() {
    return block_rank() * lanes::block_threads() + lanes::block_rank();
  }
  static unsigned long long num_threads() { return num_blocks() * lanes::block_threads(); }
  static unsigned long long size() { return num_threads(); }
  static unsigned long long block_rank() {
    return blockIdx.x + static_cast<unsigned long long>(gridDim.x) * (blockIdx.y + gridDim.y * blockIdx.z);
  }
  static unsigned long long num_blocks() {
    return static_cast<unsigned long long>(gridDim.x) * gridDim.y * gridDim.z;
  }
  static dim3 block_index() { return blockIdx; }
  static dim3 dim_blocks() { return gridDim; }
  static dim3 group_dim() { return gridDim; }
};

inline grid_group this_grid() { return {}; }

/// All threads of the cluster: of the blocks that are there together and reach each other's shared memory.
class cluster_group {
 public:
  struct arrival_token {};

  static arrival_token barrier_arrive() {
    __cluster_barrier_arrive();
    return {};
  }
  static void barrier_wait(arrival_token&&, Site site = Site::here()) { __cluster_barrier_wait(site); }
  static void barrier_wait(Site site = Site::here()) { __cluster_barrier_wait(site); }
  static void sync(Site site = Site::here()) {
    __cluster_barrier_arrive();
    __cluster_barrier_wait(site);
  }

  template <class T>
  static T* map_shared_rank(T* address, int rank) {
    return static_cast<T*>(__cluster_map_shared_rank(address, static_cast<unsigned>(rank)));
  }
  static unsigned query_shared_rank(const void* address) { return __cluster_query_shared_rank(address); }

  static dim3 block_index() { return __clusterRelativeBlockIdx(); }
  static unsigned block_rank() { return __clusterRelativeBlockRank(); }
  static unsigned thread_rank() { return block_rank() * lanes::block_threads() + lanes::block_rank(); }
  static dim3 dim_blocks() { return __clusterDim(); }
  static unsigned num_blocks() { return __clusterSizeInBlocks(); }
  static unsigned num_threads() { return num_blocks() * lanes::block_threads(); }
  static unsigned size() { return num_threads(); }
};

inline cluster_group this_cluster() { return {}; }

/// What tiles and coalesced groups share: some lanes of one warp.
class warp_lanes {
 public:
  void sync(Site site = Site::here()) const { __syncwarp(mask_, site); }
  unsigned thread_rank() const { return lanes::rank_in(mask_); }
  unsigned num_threads() const { return lanes::count(mask_); }
  unsigned size() const { return num_threads(); }

  int any(int predicate, Site site = Site::here()) const { return __any_sync(mask_, predicate, site); }
  int all(int predicate, Site site = Site::here()) const { return __all_sync(mask_, predicate, site); }
  /// One bit per rank, not per lane.
  unsigned ballot(int predicate, Site site = Site::here()) const {
    return by_rank(__ballot_sync(mask_, predicate, site));
  }
  template <class T>
  unsigned match_any(T value, Site site = Site::here()) const {
    return by_rank(__match_any_sync(mask_, value, site));
  }
  template <class T>
  unsigned match_all(T value, int& predicate, Site site = Site::here()) const {
    return by_rank(__match_all_sync(mask_, value, &predicate, site));
  }

  template <class T>
  T shfl(T value, int rank, Site site = Site::here()) const {
    const unsigned source = static_cast<unsigned>(rank) % num_threads();
    return lanes::from_lane(mask_, value, lanes::lane_of_rank(mask_, source), site);
  }
  template <class T>
  T shfl_up(T value, unsigned delta, Site site = Site::here()) const {
    const unsigned rank = thread_rank();
    return from_rank(value, delta <= rank ? rank - delta : rank, site);
  }
  template <class T>
  T shfl_down(T value, unsigned delta, Site site = Site::here()) const {
    const unsigned rank = thread_rank();
    return from_rank(value, delta < num_threads() - rank ? rank + delta : rank, site);
  }

  unsigned gridstride_mask() const { return mask_; }

 protected:
  explicit warp_lanes(unsigned mask) : mask_(mask) {}

  template <class T>
  T from_rank(const T& value, unsigned rank, Site site) const {
    return lanes::from_lane(mask_, value, lanes::lane_of_rank(mask_, rank), site);
  }

 private:
  unsigned by_rank(unsigned of_lanes) const {
    unsigned out = 0;
    unsigned rank = 0;
    for (unsigned rest = mask_; rest != 0; rest &= rest - 1, ++rank) {
      if (of_lanes & rest & -rest) out |= 1u << rank;
    }
    return out;
  }

  unsigned mask_;
};

/// The lanes that are here together, or a part of them.
class coalesced_group : public warp_lanes {
 public:
  explicit coalesced_group(unsigned mask, unsigned meta_rank = 0, unsigned meta_size = 1)
      : warp_lanes(mask), meta_rank_(meta_rank), meta_size_(meta_size) {}
  unsigned meta_group_rank() const { return meta_rank_; }
  unsigned meta_group_size() const { return meta_size_; }

 private:
  unsigned meta_rank_, meta_size_;
};

inline coalesced_group coalesced_threads(Site site = Site::here()) {
  return coalesced_group(__activemask(site));
}

/// `Size` neighbouring lanes: 1, 2, 4, 8, 16 or 32. For more see multi_warp.hpp.
template <unsigned Size, class Parent = void>
class thread_block_tile : public warp_lanes {
  static_assert(Size >= 1 && Size <= 32 && (Size & (Size - 1)) == 0, "tiles have a power of two of threads");

 public:
  /// The tile of the parent that this thread is in, which has `parent_threads` threads.
  explicit thread_block_tile(unsigned parent_rank, unsigned parent_threads)
      : warp_lanes(lanes::populated_lanes() & (lanes::lanes_below(Size) << (lanes::lane() & ~(Size - 1)))),
        meta_rank_(parent_rank / Size),
        meta_size_((parent_threads + Size - 1) / Size) {}

  /// `thread_block_tile<32>` holds a tile of whatever parent.
  template <class Other>
  thread_block_tile(const thread_block_tile<Size, Other>& other)
      : warp_lanes(other), meta_rank_(other.meta_group_rank()), meta_size_(other.meta_group_size()) {}

  static constexpr unsigned num_threads() { return Size; }
  static constexpr unsigned size() { return Size; }
  unsigned thread_rank() const { return lanes::lane() % Size; }
  unsigned meta_group_rank() const { return meta_rank_; }
  unsigned meta_group_size() const { return meta_size_; }

  template <class T>
  T shfl_xor(T value, unsigned rank_mask, Site site = Site::here()) const {
    const unsigned rank = thread_rank();
    return this->from_rank(value, (rank ^ rank_mask) < Size ? rank ^ rank_mask : rank, site);
  }

 private:
  unsigned meta_rank_, meta_size_;
};

/// Any group of threads that can wait for each other, its kind known at run time only.
class thread_group {
 public:
  thread_group(thread_block) : whole_block_(true), mask_(0) {}
  thread_group(const warp_lanes& group) : whole_block_(false), mask_(group.gridstride_mask()) {}

  void sync(Site site = Site::here()) const {
    if (whole_block_) {
      __syncthreads(site);
    } else {
      __syncwarp(mask_, site);
    }
  }
  unsigned thread_rank() const { return whole_block_ ? lanes::block_rank() : lanes::rank_in(mask_); }
  unsigned num_threads() const { return whole_block_ ? lanes::block_threads() : lanes::count(mask_); }
  unsigned size() const { return num_threads(); }

  /// Every thread calls it with the same size, a power of two up to 32.
  thread_group tile(unsigned size) const {
    const unsigned rank = thread_rank();
    const unsigned all = whole_block_ ? lanes::populated_lanes() : mask_;
    const unsigned first = (whole_block_ ? rank % 32 : rank) / size * size;
    unsigned mask = 0;
    for (unsigned r = first; r < first + size && r < lanes::count(all); ++r)
      mask |= 1u << lanes::lane_of_rank(all, r);
    return thread_group(coalesced_group(mask));
  }

 private:
  bool whole_block_;
  unsigned mask_;
};

template <class Group>
void sync(const Group& group, Site site = Site::here()) {
  group.sync(site);
}
template <class Group>
auto thread_rank(const Group& group) {
  return group.thread_rank();
}
template <class Group>
auto group_size(const Group& group) {
  return group.size();
}

}  // namespace cooperative_groups
