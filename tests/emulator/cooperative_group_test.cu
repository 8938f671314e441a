/// Cooperative groups: ranks, masks, exchanges, partitions and collectives.
#include <cooperative_groups.h>
#include <cooperative_groups/memcpy_async.h>
#include <cooperative_groups/reduce.h>
#include <cooperative_groups/scan.h>

#include <algorithm>
#include <numeric>

#include "tests/emulator/runtime_fixture.hpp"

namespace gridstride::emulator {
namespace {

namespace cg = cooperative_groups;

class Cooperative : public RuntimeTest {};
GRIDSTRIDE_EVERY_SCHEDULE(Cooperative);

std::vector<int> counted(int n) {
  std::vector<int> out(n);
  std::iota(out.begin(), out.end(), 0);
  return out;
}

__global__ void block_ranks(int* out) {
  const cg::thread_block block = cg::this_thread_block();
  const cg::grid_group grid = cg::this_grid();
  const unsigned rank = block.thread_rank();
  __shared__ int turned[48];
  turned[block.size() - 1 - rank] = static_cast<int>(rank);
  cg::sync(block);
  if (grid.num_threads() == 96 && block.group_index().x == grid.block_rank()) {
    out[grid.thread_rank()] = turned[rank];
  }
}

TEST_P(Cooperative, BlockAndGridCountTheirThreads) {
  DeviceArray<int> out(96, -1);
  block_ranks<<<2, dim3(4, 3, 4)>>>(out.data());
  const std::vector<int> got = out.host();
  for (int i = 0; i < 96; ++i) EXPECT_EQ(got[i], 47 - i % 48);
}

template <unsigned Size>
__global__ void large_tiles(int* out) {
  __shared__ cg::block_tile_memory<192> memory;
  const auto tile = cg::tiled_partition<Size>(cg::this_thread_block(memory));
  const int mine = static_cast<int>(threadIdx.x);
  int* row = out + 6 * threadIdx.x;
  row[0] = static_cast<int>(tile.thread_rank());
  row[1] = static_cast<int>(tile.meta_group_rank() * 100 + tile.meta_group_size());
  if (tile.meta_group_rank() == 1) return;  // the others meet without it
  row[2] = tile.shfl(mine, 5);
  row[3] = cg::reduce(tile, mine, cg::plus<int>());
  row[4] = tile.any(mine == 0);
  row[5] = tile.all(mine < 64);
}

TEST_P(Cooperative, TilesOfSeveralWarpsMeetOnTheirOwn) {
  DeviceArray<int> out(6 * 192, -1);
  large_tiles<64><<<1, 192>>>(out.data());
  const std::vector<int> got = out.host();
  for (int i = 0; i < 192; ++i) {
    const int tile = i / 64, first = 64 * tile;
    const bool left = tile == 1;
    const std::vector<int> row(got.begin() + 6 * i, got.begin() + 6 * i + 6);
    const int sum = 64 * first + 63 * 64 / 2;
    EXPECT_EQ(row, (std::vector<int>{i % 64, tile * 100 + 3, left ? -1 : first + 5, left ? -1 : sum,
                                     left ? -1 : tile == 0, left ? -1 : tile == 0}));
  }
}

template <unsigned Size>
__global__ void tile_exchanges(int* out) {
  const cg::thread_block_tile<Size> tile = cg::tiled_partition<Size>(cg::this_thread_block());
  const int mine = static_cast<int>(threadIdx.x);
  int* row = out + 8 * threadIdx.x;
  row[0] = static_cast<int>(tile.thread_rank());
  row[1] = static_cast<int>(tile.meta_group_rank());
  row[2] = tile.shfl(mine, 0);
  row[3] = tile.shfl_down(mine, 1);
  row[4] = tile.shfl_up(mine, 1);
  row[5] = tile.shfl_xor(mine, Size / 2);
  row[6] = static_cast<int>(tile.ballot(mine % 2));
  row[7] = cg::reduce(tile, mine, cg::plus<int>());
}

template <unsigned Size>
void check_tiles() {
  DeviceArray<int> out(64 * 8, -1);
  tile_exchanges<Size><<<1, 64>>>(out.data());
  const std::vector<int> got = out.host();
  const int size = Size;
  for (int thread = 0; thread < 64; ++thread) {
    const int rank = thread % size, first = thread - rank;
    int odd = 0;
    for (int r = 0; r < size; ++r) odd |= ((first + r) % 2) << r;
    const std::vector<int> expected = {rank,
                                       thread / size,
                                       first,
                                       rank + 1 < size ? thread + 1 : thread,
                                       rank > 0 ? thread - 1 : thread,
                                       first + (rank ^ (size / 2)) % size,
                                       odd,
                                       size * first + size * (size - 1) / 2};
    EXPECT_EQ(std::vector<int>(&got[8 * thread], &got[8 * thread] + 8), expected) << size << ' ' << thread;
  }
}

TEST_P(Cooperative, TilesOfEverySizeExchangeAmongThemselves) {
  check_tiles<1>();
  check_tiles<2>();
  check_tiles<4>();
  check_tiles<8>();
  check_tiles<16>();
  check_tiles<32>();
  EXPECT_TRUE(reports().empty());
}

__global__ void count_coalesced(int* counter, int* ranks) {
  if (threadIdx.x % 3 != 0) return;
  const cg::coalesced_group active = cg::coalesced_threads();
  int base = 0;
  if (active.thread_rank() == 0) base = atomicAdd(counter, static_cast<int>(active.size()));
  ranks[threadIdx.x] = active.shfl(base, 0) + static_cast<int>(active.thread_rank());
}

TEST_P(Cooperative, CoalescedThreadsTakeOneTicketEach) {
  DeviceArray<int> counter(1, 0), ranks(32, -1);
  count_coalesced<<<1, 32>>>(counter.data(), ranks.data());
  EXPECT_EQ(counter.host()[0], 11);
  std::vector<int> taken;
  for (const int rank : ranks.host()) {
    if (rank >= 0) taken.push_back(rank);
  }
  std::sort(taken.begin(), taken.end());
  EXPECT_EQ(taken, counted(11));
}

struct Wide {
  double a;
  int b[3];
};

__global__ void partitions(int* out, Wide* wide) {
  const auto warp = cg::tiled_partition<32>(cg::this_thread_block());
  const int mine = static_cast<int>(threadIdx.x);
  const cg::coalesced_group same = cg::labeled_partition(warp, mine % 5);
  const cg::coalesced_group half = cg::binary_partition(warp, mine < 10);
  int* row = out + 6 * mine;
  row[0] = cg::reduce(same, mine, cg::greater<int>());
  row[1] = static_cast<int>(same.meta_group_rank());
  row[2] = cg::inclusive_scan(half, 1);
  row[3] = cg::exclusive_scan(same, mine, cg::plus<int>());
  row[4] = static_cast<int>(cg::tiled_partition(cg::this_thread_block(), 4).thread_rank());
  row[5] = cg::reduce(warp, 1 << mine % 7, cg::bit_or<int>());
  wide[mine] = warp.shfl(Wide{0.5 * mine, {mine, mine + 1, mine + 2}}, mine + 1);
}

TEST_P(Cooperative, PartitionsScanAndReduceInRankOrder) {
  DeviceArray<int> out(32 * 6, -1);
  DeviceArray<Wide> wide(32, Wide{});
  partitions<<<1, 32>>>(out.data(), wide.data());
  const std::vector<int> got = out.host();
  const std::vector<Wide> rotated = wide.host();
  for (int t = 0; t < 32; ++t) {
    const int* row = &got[6 * t];
    EXPECT_EQ(row[0], t % 5 < 2 ? 30 + t % 5 : 25 + t % 5);
    EXPECT_EQ(row[1], t % 5);
    EXPECT_EQ(row[2], t < 10 ? t + 1 : t - 9);
    int before = 0;
    for (int k = t % 5; k < t; k += 5) before += k;
    EXPECT_EQ(row[3], before);
    EXPECT_EQ(row[4], t % 4);
    EXPECT_EQ(row[5], 127);
    EXPECT_EQ(rotated[t].a, 0.5 * ((t + 1) % 32));
    EXPECT_EQ(rotated[t].b[2], (t + 1) % 32 + 2);
  }
  EXPECT_TRUE(reports().empty());
}

__global__ void copy_together(const int* in, int* out, int n) {
  extern __shared__ int staged[];
  const cg::thread_block block = cg::this_thread_block();
  cg::memcpy_async(block, staged, in, sizeof(int) * n);
  cg::wait(block);
  for (int i = static_cast<int>(block.thread_rank()); i < n; i += static_cast<int>(block.size())) {
    out[i] = staged[n - 1 - i];
  }
}

TEST_P(Cooperative, AGroupCopiesTogether) {
  constexpr int kCount = 1003;
  const std::vector<int> values = counted(kCount);
  DeviceArray<int> in(values), out(kCount, -1);
  copy_together<<<1, 96, kCount * sizeof(int)>>>(in.data(), out.data(), kCount);
  EXPECT_EQ(out.host(), std::vector<int>(values.rbegin(), values.rend()));
}

__global__ void sum_neighbours(int* values, int rounds) {
  const cg::grid_group grid = cg::this_grid();
  const auto n = static_cast<int>(grid.size()), i = static_cast<int>(grid.thread_rank());
  for (int round = 0; round < rounds; ++round) {
    const int next = values[(i + 1) % n];
    grid.sync();
    values[i] += next;
    grid.sync();
  }
}

TEST_P(Cooperative, AGridWaitsForAllOfItsBlocks) {
  constexpr int kBlocks = 20, kThreads = 33, kCount = kBlocks * kThreads;
  std::vector<int> expected = counted(kCount);
  DeviceArray<int> values(expected);
  int* data = values.data();
  int rounds = 3;
  void* arguments[] = {&data, &rounds};
  EXPECT_EQ(cudaLaunchCooperativeKernel((void*)sum_neighbours, kBlocks, kThreads, arguments, 0, 0),
            cudaSuccess);
  for (int round = 0; round < rounds; ++round) {
    const std::vector<int> before = expected;
    for (int i = 0; i < kCount; ++i) expected[i] += before[(i + 1) % kCount];
  }
  EXPECT_EQ(values.host(), expected);
  EXPECT_TRUE(reports().empty());
}

TEST_P(Cooperative, AnOrdinaryLaunchCannotWaitForItsGrid) {
  DeviceArray<int> values(64, 1);
  sum_neighbours<<<2, 32>>>(values.data(), 1);
  EXPECT_EQ(cudaDeviceSynchronize(), cudaErrorLaunchFailure);
  EXPECT_NE(only_report().find("cudaLaunchCooperativeKernel"), std::string::npos) << only_report();
}

}  // namespace
}  // namespace gridstride::emulator
