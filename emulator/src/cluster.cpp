#include "cluster.hpp"

#include <string>

#include "device_functions.hpp"
#include "gridstride/emulator/clusters.hpp"
#include "gridstride/emulator/shared_window.hpp"
#include "race_block.hpp"

namespace gridstride::emulator {

Cluster::Cluster(dim3 size, unsigned threads_per_block)
    : size_(size), threads_per_block_(threads_per_block), by_rank_(std::size_t{size.x} * size.y * size.z) {}

uint3 Cluster::place_of(unsigned rank) const {
  const unsigned row = rank / size_.x;
  return {rank % size_.x, row % size_.y, row / size_.y};
}

unsigned Cluster::exited() const {
  unsigned count = 0;
  for (const Block* block : by_rank_) count += block == nullptr ? threads_per_block_ : block->exited();
  return count;
}

unsigned Cluster::arrive() {
  ++arrived_;
  return phase_;
}

bool Cluster::is_over(unsigned phase) {
  if (phase != phase_) return true;
  if (arrived_ + exited() < threads_per_block_ * blocks()) return false;
  arrived_ = 0;
  ++phase_;
  return true;
}

void Block::join(std::shared_ptr<Cluster> cluster, unsigned rank) {
  cluster_ = std::move(cluster);
  cluster_rank_ = rank;
  cluster_->enter(rank, *this);
}

void Block::leave_cluster() {
  if (cluster_) cluster_->leave(cluster_rank_);
  cluster_.reset();
  cluster_rank_ = 0;
}

Cluster& Block::cluster() {
  if (!cluster_) join(std::make_shared<Cluster>(dim3(), threads_), 0);  // a block alone is a cluster, too
  return *cluster_;
}

void Block::cluster_arrive() {
  const unsigned rank = current_rank();
  if (cluster_phases_.size() <= rank) cluster_phases_.resize(threads_, kNotArrived);
  cluster_phases_[rank] = cluster().arrive();
  if (racing_ != nullptr) racing_->leave(cluster_.get());
}

void Block::cluster_wait(Site site) {
  const unsigned rank = current_rank();
  if (cluster_phases_.size() <= rank || cluster_phases_[rank] == kNotArrived) {
    stop(cudaErrorLaunchFailure, "a wait at the cluster's barrier without an arrival before it", site);
  }
  while (!cluster().is_over(cluster_phases_[rank])) yield();
  cluster_phases_[rank] = kNotArrived;
  if (racing_ != nullptr) racing_->meet(cluster_.get());
}

namespace {

Block& here() { return running_block_for("a function of the cluster"); }

uint3 divided(uint3 a, dim3 b) { return {a.x / b.x, a.y / b.y, a.z / b.z}; }

}  // namespace
}  // namespace gridstride::emulator

using namespace gridstride::emulator;

unsigned __clusterDimIsSpecified() { return here().grid().config().cluster_is_specified; }
dim3 __clusterDim() { return here().cluster().size(); }
dim3 __clusterRelativeBlockIdx() { return here().cluster().place_of(here().cluster_rank()); }
dim3 __clusterGridDimInClusters() { return divided(gridDim, __clusterDim()); }
dim3 __clusterIdx() { return divided(blockIdx, __clusterDim()); }
unsigned __clusterRelativeBlockRank() { return here().cluster_rank(); }
unsigned __clusterSizeInBlocks() { return here().cluster().blocks(); }

void __cluster_barrier_arrive() { here().cluster_arrive(); }
void __cluster_barrier_arrive_relaxed() { here().cluster_arrive(); }
void __cluster_barrier_wait(Site site) { here().cluster_wait(site); }

void* __cluster_map_shared_rank(const void* pointer, unsigned rank) {
  const std::size_t within = __cvta_generic_to_shared(pointer) % kSharedWindowBytes;
  return __cvta_shared_to_generic(within + rank * kSharedWindowBytes);
}

unsigned __cluster_query_shared_rank(const void* pointer) {
  return static_cast<unsigned>(__cvta_generic_to_shared(pointer) / kSharedWindowBytes);
}
