/// Clusters: blocks that are there together. What cooperative_groups::this_cluster() is made of.
#pragma once

#include "gridstride/emulator/site.hpp"
#include "gridstride/emulator/sync.hpp"

unsigned __clusterDimIsSpecified();
dim3 __clusterDim();
dim3 __clusterRelativeBlockIdx();
dim3 __clusterGridDimInClusters();
dim3 __clusterIdx();
unsigned __clusterRelativeBlockRank();
unsigned __clusterSizeInBlocks();

void __cluster_barrier_arrive();
void __cluster_barrier_arrive_relaxed();
void __cluster_barrier_wait(gridstride::emulator::Site site = gridstride::emulator::Site::here());
inline void __threadfence_cluster() { __threadfence_block(); }

/// The same place in the shared memory of another block of the cluster.
void* __cluster_map_shared_rank(const void* pointer, unsigned rank);
unsigned __cluster_query_shared_rank(const void* pointer);
