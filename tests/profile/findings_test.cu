// What counters say in words: a kernel for every kind of finding, and kernels of which there is nothing to
// say.
#include <filesystem>
#include <regex>

#include "gridstride/emulator/findings.hpp"
#include "gridstride/emulator/gpu.hpp"
#include "tests/profile/profile_fixture.hpp"

namespace gridstride::emulator {
namespace {

constexpr int kBlocks = 200, kThreads = 64, kWide = 32;  // more blocks than any GPU has multiprocessors
constexpr int kElems = kBlocks * kThreads * kWide;

__device__ int thread() { return blockIdx.x * blockDim.x + threadIdx.x; }

__global__ void copy_steps(const float* in, float* out, int in_step, int out_step, int first) {
  const int i = thread();
  const float x = in[first + i * in_step];
  out[i * out_step] = x;
}
__global__ void copy_wide(const float4* in, float4* out) { out[thread()] = in[thread()]; }
__device__ __forceinline__ float at(const float* in, int i) { return in[32 * i]; }
__global__ void copy_through(const float* in, float* out) { out[thread()] = at(in, thread()); }
__global__ void both_on_a_line(const float* in, float* out) {
  out[thread()] = in[32 * thread()] + in[16 * thread()];
}
__global__ void turn(float4* out, int pad) {
  __shared__ float tile[32 * 33];
  const int row = threadIdx.x * (32 + pad);
  for (int i = 0; i < 32; ++i) tile[row + i] = i;
  out[thread()] = make_float4(tile[threadIdx.x], 0, 0, 0);
}
__global__ void copy_half(const float4* in, float4* out) {
  if (threadIdx.x % 2 == 0) out[thread()] = in[thread()];
  __syncthreads();  // lanes that have ended would not be missing
}
__global__ void copy_most(const float4* in, float4* out) {
  if (threadIdx.x % 4 != 0) out[thread()] = in[thread()];
  __syncthreads();
}
__global__ void copy_by_few(const float4* in, float4* out) {
  if (threadIdx.x % 32 == 0) out[thread()] = in[thread()];
}
__global__ void add_to_one(float* out) { atomicAdd(out, 1.f); }
__device__ __noinline__ void fill(int* own, int k) {
  for (int i = 0; i < 16; ++i) own[i] = i * k;
}
__global__ void index_own(int* out, int k) {
  int own[16];
  fill(own, k);
  out[thread()] = own[out[thread()] % 16];
}

class Findings : public ProfileTest {
 protected:
  void SetUp() override {
    ProfileTest::SetUp();
    ASSERT_EQ(cudaMalloc(&in_, kElems * sizeof(float)), cudaSuccess);
    ASSERT_EQ(cudaMalloc(&out_, kElems * sizeof(float)), cudaSuccess);
  }
  void TearDown() override {
    cudaFree(in_);
    cudaFree(out_);
    choose_gpu("host");
    ProfileTest::TearDown();
  }
  /// Exactly one, whose words match.
  static void expect_one(const char* name, const char* words) {
    const auto all = findings(profile());
    ASSERT_EQ(all.size(), 1u) << (all.size() > 1 ? all[0].text + "\n" + all[1].text : "");
    EXPECT_EQ(about(all[0].kind).name, name);
    EXPECT_TRUE(std::regex_search(all[0].text, std::regex(words))) << all[0].text;
    EXPECT_GE(all[0].weight, 0.05);
    EXPECT_LE(all[0].weight, 1);
  }

  float* in_ = nullptr;
  float* out_ = nullptr;
  float4* in4() { return reinterpret_cast<float4*>(in_); }
  float4* out4() { return reinterpret_cast<float4*>(out_); }
};
GRIDSTRIDE_EVERY_SCHEDULE(Findings);

TEST_P(Findings, NothingToSayOfWideNeighbours) {
  copy_wide<<<kBlocks, kThreads>>>(in4(), out4());
  EXPECT_TRUE(findings(profile()).empty());
  EXPECT_TRUE(findings(KernelProfile{}).empty());
}

TEST_P(Findings, LoadsFarApart) {
  copy_steps<<<kBlocks, kThreads>>>(in_, out_, 32, 1, 0);
  expect_one("uncoalesced-load",
             "^line 20: loads of 4 bytes move 32.0 sectors per request where 4.0 would hold "
             "what is asked for: neighbouring threads are 128 bytes apart. Let neigh.*chapters/");
}

TEST_P(Findings, StoresFarApart) {
  copy_steps<<<kBlocks, kThreads>>>(in_, out_, 1, 8, 0);
  expect_one("uncoalesced-store", "^line 21: stores .* neighbouring threads are 32 bytes apart");
}

TEST_P(Findings, EverySecondElement) {
  copy_steps<<<kBlocks, kThreads>>>(in_, out_, 2, 2, 0);
  const auto all = findings(profile());
  ASSERT_EQ(all.size(), 2u);
  for (const Finding& finding : all) {
    EXPECT_EQ(finding.kind, FindingKind::unused_bytes) << finding.text;
    EXPECT_DOUBLE_EQ(finding.weight, 0.25);
  }
}

TEST_P(Findings, RowsThatBeginInsideASector) {
  copy_steps<<<kBlocks, kThreads>>>(in_, out_, 1, 1, 1);
  const auto all = findings(profile());
  ASSERT_EQ(all.size(), 2u);
  EXPECT_EQ(all[0].kind, FindingKind::narrow_access);
  EXPECT_EQ(all[1].kind, FindingKind::misaligned_access);
  EXPECT_NE(all[1].text.find("5.0 sectors per request where 4.0"), std::string::npos) << all[1].text;
}

TEST_P(Findings, AllLanesAtOnePlaceAreABroadcast) {
  copy_steps<<<kBlocks, kThreads>>>(in_, out_, 0, 1, 0);
  EXPECT_TRUE(findings(profile()).empty());
}

TEST_P(Findings, TheKernelsLineStandsInFront) {
  copy_through<<<kBlocks, kThreads>>>(in_, out_);
  expect_one("uncoalesced-load", "^line 25 \\(through findings_test.cu:24\\): ");
}

TEST_P(Findings, OneOfAKindForALine) {
  both_on_a_line<<<kBlocks, kThreads>>>(in_, out_);
  expect_one("uncoalesced-load", "32.0 sectors per request .* (128|64) bytes apart");
}

TEST_P(Findings, BanksMeetUntilTheRowsArePadded) {
  turn<<<kBlocks, 32>>>(out4(), 0);
  expect_one("bank-conflicts", "4-byte stores of shared memory take 32.0 wavefronts .* 128 bytes apart");
  turn<<<kBlocks, 32>>>(out4(), 1);
  EXPECT_TRUE(findings(profile()).empty());
}

TEST_P(Findings, LanesPart) {
  copy_half<<<kBlocks, kThreads>>>(in4(), out4());
  expect_one("divergence", "^line 36: 16.0 of a warp's 32 lanes take part in an access here");
  copy_most<<<kBlocks, kThreads>>>(in4(), out4());
  expect_one("divergence", "50 % of the times .* 28.0 of 32 go through it together");
}

TEST_P(Findings, FewLanesAreLeft) {
  copy_by_few<<<kBlocks, kThreads>>>(in4(), out4());
  expect_one("divergence", "1.0 of a warp's 32 lanes take part in an access here; the others have ended");
}

TEST_P(Findings, TurnsAtOneAddress) {
  add_to_one<<<kBlocks, kThreads>>>(out_);
  expect_one("atomic-contention", "32.0 lanes of a warp meet on one address");
}

TEST_P(Findings, TheGpuIsTheOneThatWasChosen) {
  copy_wide<<<8, kThreads>>>(in4(), out4());
  expect_one("too-few-blocks", "^8 blocks: the NVIDIA H200 has 132 multiprocessors, so 124 of them");
  choose_gpu("t4");
  copy_wide<<<8, kThreads>>>(in4(), out4());
  expect_one("too-few-blocks", "40 multiprocessors, so 32");
  copy_wide<<<40, kThreads>>>(in4(), out4());
  EXPECT_TRUE(findings(profile()).empty());
}

TEST_P(Findings, WarpsThatAreNotFull) {
  copy_wide<<<kBlocks, 48>>>(in4(), out4());
  expect_one("partial-warps", "blocks of 48 threads fill their last warp with 16 of 32 lanes");
}

TEST_P(Findings, FloatsInARowCouldBeFloat4) {
  copy_steps<<<kBlocks, kThreads>>>(in_, out_, 1, 1, 0);
  expect_one("narrow-access", "100 % of the kernel's requests to memory \\(here and in 1 more line\\)");
}

TEST_P(Findings, ArraysInMemory) {
  cudaMemset(out_, 0, kElems * sizeof(float));
  index_own<<<kBlocks, kThreads>>>(reinterpret_cast<int*>(out_), 3);
  const auto all = findings(profile());
  ASSERT_FALSE(all.empty());
  EXPECT_EQ(all.front().kind, FindingKind::local_memory) << all.front().text;
}

TEST_P(Findings, HeaviestFirst) {
  copy_steps<<<4, 48>>>(in_, out_, 32, 1, 0);
  const auto all = findings(profile());
  ASSERT_EQ(all.size(), 3u);
  EXPECT_EQ(all[0].kind, FindingKind::too_few_blocks);
  EXPECT_EQ(all[1].kind, FindingKind::uncoalesced_load);
  EXPECT_EQ(all[2].kind, FindingKind::partial_warps);
  EXPECT_GE(all[1].weight, all[2].weight);
}

/// A kernel of one line, with as many blocks and lanes as one could want.
KernelProfile of_line(const Counts& counts) {
  KernelProfile kernel;
  kernel.file = "k.cu";
  kernel.launches = 1;
  kernel.block = dim3(64);
  kernel.blocks = kernel.traced_blocks = kBlocks;
  kernel.knows_flops = true;
  kernel.total = counts;
  LineProfile& line = kernel.lines.emplace_back();
  line.file = "k.cu";
  line.line = 7;
  line.counts = counts;
  return kernel;
}

TEST(FindingsOfCounts, BytesAskedForAgainAndAgain) {
  Counts counts;
  counts.load_requests = 1000;
  counts.load_bytes = 128'000;
  counts.fp32_flops = 64'000;
  KernelProfile kernel = of_line(counts);
  kernel.footprint_bytes = 16'000;
  ASSERT_EQ(findings(kernel).size(), 1u);
  const Finding found = findings(kernel).front();
  EXPECT_EQ(found.kind, FindingKind::re_read);
  EXPECT_DOUBLE_EQ(found.weight, 1 - 1. / 8);
  EXPECT_EQ(found.text.find("line 7: the kernel asks 8 times for the same bytes, 0.50 operations"), 0u)
      << found.text;
  kernel.footprint_bytes = 64'000;  // twice is nothing to tell
  EXPECT_TRUE(findings(kernel).empty());
  kernel.footprint_bytes = 16'000;
  kernel.total.fp32_flops = 128'000 * 20;  // nor is this, where each time much is made of them
  EXPECT_TRUE(findings(kernel).empty());
}

TEST(FindingsOfCounts, FewOperationsForALoadOfSharedMemory) {
  Counts counts;
  counts.shared_load_requests = counts.shared_load_wavefronts = counts.shared_load_ideal = 1000;
  counts.fp32_flops = 32 * 1000;
  KernelProfile kernel = of_line(counts);
  ASSERT_EQ(findings(kernel).size(), 1u);
  const Finding found = findings(kernel).front();
  EXPECT_EQ(found.kind, FindingKind::shared_traffic);
  EXPECT_NE(found.text.find("1.0 operations for each load"), std::string::npos) << found.text;
  kernel.total.fp32_flops = 8 * 32 * 1000;
  EXPECT_TRUE(findings(kernel).empty());
  kernel.total.fp32_flops = 0;  // it does not compute
  EXPECT_TRUE(findings(kernel).empty());
}

TEST(FindingKinds, HaveNamesAndChaptersThatExist) {
  std::string before;
  for (const FindingAbout& kind : finding_kinds()) {
    EXPECT_EQ(&about(kind.kind), &kind);
    EXPECT_TRUE(std::regex_match(std::string(kind.name), std::regex("[a-z]+(-[a-z]+)*"))) << kind.name;
    if (kind.chapter.empty()) continue;
    const auto page = std::filesystem::path(GRIDSTRIDE_SOURCE_DIR) / "chapters" / kind.chapter / "README.md";
    EXPECT_TRUE(std::filesystem::exists(page)) << page;
  }
}

}  // namespace
}  // namespace gridstride::emulator
