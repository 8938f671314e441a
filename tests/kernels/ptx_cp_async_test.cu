// cp.async: sizes, zero fill, groups in order, what a missing wait does; and a product of matrices through a
// pipeline of stages.
#include "kernels/device/ptx/cp_async.cuh"

#include "kernels/device/ptx/ldmatrix.cuh"
#include "kernels/device/ptx/mma.cuh"
#include "tests/kernels/ptx.hpp"

namespace gridstride {
namespace {

using namespace ptx;
using testing_support::to_device;
using testing_support::to_host;

template <int kBytes, bool kThroughL1>
__global__ void copy(const uint32_t* from, uint32_t* to, uint32_t source_bytes) {
  __shared__ alignas(16) uint32_t s_words[32 * 4];
  constexpr int kWords = kBytes / 4;
  uint32_t* mine = s_words + threadIdx.x * kWords;
  for (int i = 0; i < kWords; ++i) mine[i] = 77;
  const uint32_t* source = from + threadIdx.x * kWords;
  if constexpr (kThroughL1) {
    cp_async_ca<kBytes>(shared_address(mine), source, source_bytes);
  } else {
    cp_async_cg(shared_address(mine), source, source_bytes);
  }
  cp_async_wait_all();
  for (int i = 0; i < kWords; ++i) to[threadIdx.x * kWords + i] = mine[i];
}

template <int kBytes, bool kThroughL1 = true>
void expect_copies() {
  constexpr int kWords = kBytes / 4;
  std::vector<uint32_t> words(32 * kWords);
  for (std::size_t i = 0; i < words.size(); ++i)
    words[i] = static_cast<uint32_t>(i) * 0x01010101u + 0x00030201u;
  const auto from = to_device(words);
  for (uint32_t source_bytes = 0; source_bytes <= kBytes; ++source_bytes) {
    DeviceBuffer<uint32_t> to(32 * kWords);
    copy<kBytes, kThroughL1><<<1, 32>>>(from.data(), to.data(), source_bytes);
    check_launch("ptx_cp_async_test");
    std::vector<uint32_t> expected = words;
    for (int thread = 0; thread < 32; ++thread) {
      std::memset(reinterpret_cast<char*>(&expected[thread * kWords]) + source_bytes, 0,
                  kBytes - source_bytes);
    }
    EXPECT_EQ(to_host(to), expected) << kBytes << " bytes, of which " << source_bytes << " are read";
  }
}

TEST(CpAsyncTest, CopiesAndFillsWithZeros) {
  GRIDSTRIDE_NEEDS_SM(80);
  expect_copies<4>();
  expect_copies<8>();
  expect_copies<16>();
  expect_copies<16, false>();
}

// Reads group 0 after waiting for it and group 1 without; then all.
__global__ void two_groups(const uint32_t* from, uint32_t* seen) {
  __shared__ uint32_t s_words[2];
  s_words[0] = s_words[1] = 77;
  for (int group = 0; group < 2; ++group) {
    cp_async_ca<4>(shared_address(&s_words[group]), from + group);
    cp_async_commit_group();
  }
  cp_async_wait_group<1>();
  seen[0] = s_words[0];
  seen[1] = s_words[1];
  cp_async_wait_group<0>();
  seen[2] = s_words[1];
}

TEST(CpAsyncTest, GroupsArriveInOrderAndAMissingWaitShows) {
  GRIDSTRIDE_NEEDS_SM(80);
  const auto from = to_device(std::vector<uint32_t>{1, 2});
  DeviceBuffer<uint32_t> seen(3);
  two_groups<<<1, 1>>>(from.data(), seen.data());
  check_launch("ptx_cp_async_test");
  const auto got = to_host(seen);
  EXPECT_EQ(got[0], 1u);
  EXPECT_EQ(got[2], 2u);
  if (testing_support::work_is_done_when_waited_for()) {
    EXPECT_EQ(got[1], 77u) << "the copy that nobody waited for";
  }
}

// C (64 x 64) = A (64 x k) B (k x 64), halves, by four warps of 32 x 32 each: three stages of 32 along k.
constexpr int kTile = 64, kDepth = 32, kStages = 3;

struct Stage {
  __half a[kTile][kDepth];
  __half b[kDepth][kTile];
};

__device__ void fetch(Stage& stage, const __half* a, const __half* b, int k, int step) {
  constexpr int kPiecesA = kDepth / 8, kPiecesB = kTile / 8;
  for (int i = static_cast<int>(threadIdx.x); i < kTile * kPiecesA; i += 128) {
    const int row = i / kPiecesA, column = i % kPiecesA * 8;
    cp_async_cg(shared_address(&stage.a[row][column]), a + row * k + step * kDepth + column);
  }
  for (int i = static_cast<int>(threadIdx.x); i < kDepth * kPiecesB; i += 128) {
    const int row = i / kPiecesB, column = i % kPiecesB * 8;
    cp_async_cg(shared_address(&stage.b[row][column]), b + (step * kDepth + row) * kTile + column);
  }
}

template <bool kWaits>
__global__ void product(const __half* a, const __half* b, float* c, int k) {
  __shared__ alignas(16) Stage s_stages[kStages];
  if (!kWaits) {  // what the product of zeros is may be known
    for (auto i = threadIdx.x; i < sizeof s_stages / 4; i += 128)
      reinterpret_cast<uint32_t*>(s_stages)[i] = 0;
    __syncthreads();
  }
  const int warp_row = static_cast<int>(threadIdx.x) / 64 * 32,
            warp_column = static_cast<int>(threadIdx.x) / 32 % 2 * 32;
  const int steps = k / kDepth;
  float sums[2][4][4] = {};
  for (int step = 0; step < kStages - 1; ++step) {
    if (step < steps) fetch(s_stages[step], a, b, k, step);
    cp_async_commit_group();
  }
  for (int step = 0; step < steps; ++step) {
    if (kWaits) cp_async_wait_group<kStages - 2>();
    __syncthreads();  // shows this step's stage to all, and all are done with the one that is fetched next
    const int ahead = step + kStages - 1;
    if (ahead < steps) fetch(s_stages[ahead % kStages], a, b, k, ahead);
    cp_async_commit_group();
    const Stage& stage = s_stages[step % kStages];
    for (int k0 = 0; k0 < kDepth; k0 += 16) {
      uint32_t rA[2][4], rB[4][2];
      for (int i = 0; i < 2; ++i) {
        ldmatrix_x4(rA[i], shared_address(&stage.a[warp_row + 16 * i + lane() % 16][k0 + lane() / 16 * 8]));
      }
      for (int j = 0; j < 4; ++j) {
        ldmatrix_x2<Transposed::yes>(rB[j], shared_address(&stage.b[k0 + lane() % 16][warp_column + 8 * j]));
      }
      for (int i = 0; i < 2; ++i) {
        for (int j = 0; j < 4; ++j) mma_m16n8k16_f32_f16(sums[i][j], rA[i], rB[j], sums[i][j]);
      }
    }
  }
  for (int i = 0; i < 2; ++i) {
    for (int j = 0; j < 4; ++j) {
      for (int e = 0; e < 4; ++e) {
        const int row = warp_row + 16 * i + lane() / 4 + e / 2 * 8;
        c[row * kTile + warp_column + 8 * j + lane() % 4 * 2 + e % 2] = sums[i][j][e];
      }
    }
  }
}

template <bool kWaits>
std::vector<float> product_on_device(const std::vector<int>& a, const std::vector<int>& b, int k) {
  const auto halves = [](const std::vector<int>& x) {
    return to_device(std::vector<__half>(x.begin(), x.end()));
  };
  const auto dA = halves(a), dB = halves(b);
  DeviceBuffer<float> c(kTile * kTile);
  product<kWaits><<<1, 128>>>(dA.data(), dB.data(), c.data(), k);
  check_launch("ptx_cp_async_test");
  return to_host(c);
}

TEST(CpAsyncTest, StagedProductIsExact) {
  GRIDSTRIDE_NEEDS_SM(80);
  for (const int k : {32, 64, 160}) {
    const auto a = testing_support::random_integers(kTile * k, -8, 8, 1);
    const auto b = testing_support::random_integers(k * kTile, -8, 8, 2);
    std::vector<float> expected(kTile * kTile);
    for (int row = 0; row < kTile; ++row) {
      for (int column = 0; column < kTile; ++column) {
        int sum = 0;
        for (int l = 0; l < k; ++l) sum += a[row * k + l] * b[l * kTile + column];
        expected[row * kTile + column] = static_cast<float>(sum);
      }
    }
    EXPECT_EQ((product_on_device<true>(a, b, k)), expected) << k;
    if (testing_support::work_is_done_when_waited_for()) {
      EXPECT_EQ((product_on_device<false>(a, b, k)), std::vector<float>(kTile * kTile)) << "nobody waited";
    }
  }
}

}  // namespace
}  // namespace gridstride
