// Samples of requests: whose memory, which lanes, what they cost; few, and the same in every run.
#include <set>

#include "tests/profile/profile_fixture.hpp"

namespace gridstride::emulator {
namespace {

using Space = RequestSample::Space;

__global__ void through_tile(const float* in, float* out, int pad) {
  __shared__ float tile[32][40];
  tile[threadIdx.y][threadIdx.x] = in[32 * threadIdx.y + threadIdx.x];
  __syncthreads();
  out[32 * threadIdx.y + threadIdx.x] = tile[threadIdx.x][threadIdx.y + pad];
}
__global__ void half_of_a_warp(float* out) {
  if (threadIdx.x % 2 == 0) out[threadIdx.x] = 1;
}
__global__ void many_forms(float* out) {
  const int i = blockIdx.x * blockDim.x + threadIdx.x;
  for (int k = 0; k < 64; ++k) out[(i * (k + 1)) % 4096] = k;
}
__global__ void dynamic(float* out) {
  extern __shared__ float s[];
  s[2 * threadIdx.x] = 1;
  out[threadIdx.x] = s[2 * threadIdx.x];
}

class ProfileSamples : public ProfileTest {
 protected:
  void SetUp() override {
    ProfileTest::SetUp();
    ASSERT_EQ(cudaMalloc(&in_, 4096 * sizeof(float)), cudaSuccess);
    ASSERT_EQ(cudaMalloc(&out_, 4096 * sizeof(float)), cudaSuccess);
  }
  void TearDown() override {
    cudaFree(in_);
    cudaFree(out_);
    ProfileTest::TearDown();
  }

  static std::vector<RequestSample> samples(Space space) {
    std::vector<RequestSample> out;
    for (const LineProfile& line : profile().lines) {
      for (const RequestSample& sample : line.samples) {
        if (sample.space == space) out.push_back(sample);
      }
    }
    return out;
  }

  float *in_ = nullptr, *out_ = nullptr;
};
GRIDSTRIDE_EVERY_SCHEDULE(ProfileSamples);

TEST_P(ProfileSamples, BuffersAreNamedAsTheLinesComeToThem) {
  through_tile<<<1, dim3(32, 32)>>>(in_, out_, 0);
  const auto seen = samples(Space::Global);
  ASSERT_EQ(seen.size(), 8u);  // of one block four each
  for (const RequestSample& sample : seen) {
    const bool is_load = sample.kind == RequestSample::Kind::Load;
    EXPECT_EQ(sample.memory, is_load ? "buffer 1" : "buffer 2");
    EXPECT_EQ(sample.memory_bytes, 4096 * sizeof(float));
    EXPECT_EQ(sample.lanes, ~0u);
    EXPECT_EQ(sample.bytes, 4u);
    EXPECT_EQ(sample.cost, 4u);
    for (int lane = 0; lane < 32; ++lane) EXPECT_EQ(sample.offsets[lane], 128 * sample.warp + 4 * lane);
  }
}

TEST_P(ProfileSamples, ElementsOfSharedVariablesAreNamed) {
  through_tile<<<1, dim3(32, 32)>>>(in_, out_, 3);
  for (const RequestSample& sample : samples(Space::Shared)) {
    const std::string row = std::to_string(sample.warp), column = std::to_string(sample.warp + 3);
    const bool is_load = sample.kind == RequestSample::Kind::Load;
    EXPECT_EQ(sample.memory, "tile");
    EXPECT_EQ(sample.elements[5], is_load ? "tile[5][" + column + "]" : "tile[" + row + "][5]");
    EXPECT_EQ(sample.cost, is_load ? 8u : 1u);  // 40 words apart: every fourth bank, eight lanes on each
    EXPECT_EQ(sample.ideal, 1u);
  }
}

TEST_P(ProfileSamples, LanesThatTakeNoPart) {
  half_of_a_warp<<<1, 32>>>(out_);
  const auto seen = samples(Space::Global);
  ASSERT_EQ(seen.size(), 1u);
  EXPECT_EQ(seen[0].lanes, 0x55555555u);
}

TEST_P(ProfileSamples, DynamicSharedMemoryHasNoNames) {
  dynamic<<<1, 32, 64 * sizeof(float)>>>(out_);
  const auto seen = samples(Space::Shared);
  ASSERT_EQ(seen.size(), 2u);
  EXPECT_EQ(seen[0].memory, "");
  EXPECT_EQ(seen[0].offsets[3], 24);
}

TEST_P(ProfileSamples, AreFewTheSameInEveryRunAndHaveTheCostliest) {
  const auto run = [&] {
    many_forms<<<40, 64>>>(out_);
    return samples(Space::Global);
  };
  const auto seen = run(), again = run();
  EXPECT_LE(seen.size(), kMostSamples);
  ASSERT_EQ(seen.size(), again.size());
  std::set<std::uint64_t> blocks;
  for (std::size_t i = 0; i < seen.size(); ++i) {
    blocks.insert(seen[i].block);
    EXPECT_EQ(seen[i].block, again[i].block);
    EXPECT_EQ(seen[i].warp, again[i].warp);
    EXPECT_EQ(seen[i].offsets, again[i].offsets);
  }
  EXPECT_GT(blocks.size(), 3u);
}

TEST_P(ProfileSamples, OfAThousandLaunchesAreNoMoreThanOfOne) {
  for (int i = 0; i < 1000; ++i) half_of_a_warp<<<1, 32>>>(out_);
  EXPECT_LE(samples(Space::Global).size(), kMostSamples);
}

}  // namespace
}  // namespace gridstride::emulator
