// Accesses that are wrong whatever other threads do, seen where races are looked for: small wrong kernels,
// each beside one that is right.
#include "gridstride/emulator/profile.hpp"
#include "tests/emulator/runtime_fixture.hpp"

namespace gridstride::emulator {
namespace {

constexpr int kElems = 64;

__global__ void copy(const int* in, int* out, int from) { out[threadIdx.x] = in[int(threadIdx.x) + from]; }
__global__ void copy4(const int4* in, int4* out) { out[threadIdx.x] = in[threadIdx.x]; }
__global__ void write_shared(int* out, int first) {
  __shared__ int s[kElems];
  int* p = s;
  p[threadIdx.x + first] = 1;
  __syncthreads();
  out[threadIdx.x] = p[threadIdx.x];
}
__global__ void write_dynamic(int* out, int first) {
  extern __shared__ int d[];
  d[threadIdx.x + first] = 1;
  __syncthreads();
  out[threadIdx.x] = d[threadIdx.x];
}
__global__ void half_written(int* out, unsigned written, unsigned read) {
  __shared__ int tile[2][32];
  int* p = &tile[0][0];
  if (threadIdx.x < written) p[threadIdx.x] = 1;
  __syncthreads();
  if (threadIdx.x < read) out[threadIdx.x] = p[threadIdx.x];
}
__global__ void adds_to_nothing(int* out, bool begin) {
  __shared__ int sum;
  if (begin && threadIdx.x == 0) sum = 0;
  __syncthreads();
  atomicAdd(&sum, 1);
  __syncthreads();
  out[0] = sum;
}
__global__ void waits_twice() {
  if (threadIdx.x < 32) {
    __syncthreads();
  } else {
    __syncthreads();
  }
}
struct Padded {
  char a;
  int b;
};
__global__ void copies_padding(int* out) {
  __shared__ Padded s[kElems];
  s[threadIdx.x].a = 1;
  s[threadIdx.x].b = 2;
  __syncthreads();
  const Padded other = s[(threadIdx.x + 1) % kElems];
  out[threadIdx.x] = other.a + other.b;
}

class WrongAccesses : public RuntimeTest {
 protected:
  void SetUp() override {
    RuntimeTest::SetUp();
    ASSERT_EQ(cudaMalloc(&in_, kElems * sizeof(int)), cudaSuccess);
    ASSERT_EQ(cudaMalloc(&out_, kElems * sizeof(int)), cudaSuccess);
    cudaMemset(in_, 0, kElems * sizeof(int));
    check_races(true);
    take_races();
  }
  void TearDown() override {
    check_races(false);
    cudaFree(in_);
    cudaFree(out_);
    RuntimeTest::TearDown();
  }
  static std::vector<WrongAccess> wrong() {
    EXPECT_EQ(cudaDeviceSynchronize(), cudaSuccess);
    return take_races().wrong;
  }
  static void expect_none() {
    for (const WrongAccess& one : wrong()) ADD_FAILURE() << wrong_text(one);
  }
  static void expect_one(WrongAccess::Kind kind, const char* what, unsigned line, const std::string& place,
                         std::uint64_t count) {
    const auto all = wrong();
    ASSERT_EQ(all.size(), 1u) << (all.empty() ? "" : wrong_text(all[0]) + wrong_text(all.back()));
    EXPECT_EQ(all[0].kind, kind);
    EXPECT_EQ(all[0].access.what, what);
    EXPECT_EQ(all[0].access.line, line);
    EXPECT_EQ(all[0].place, place);
    EXPECT_EQ(all[0].count, count);
  }

  int* in_ = nullptr;
  int* out_ = nullptr;
};
INSTANTIATE_TEST_SUITE_P(, WrongAccesses, testing::Values(Schedule{}));  // which is seen first is its choice

constexpr auto kOut = WrongAccess::Kind::OutOfBounds;
constexpr auto kUnwritten = WrongAccess::Kind::Unwritten;

TEST_P(WrongAccesses, BehindAnAllocation) {
  copy<<<1, kElems>>>(in_, out_, 0);
  expect_none();
  copy<<<1, kElems>>>(in_, out_, 2);
  expect_one(kOut, "reads", 11,
             "element 64, of 4 bytes each, right behind the end of an allocation of 256 bytes", 2);
  copy<<<1, kElems + 1>>>(in_, out_, -1);
  const auto all = wrong();
  ASSERT_EQ(all.size(), 2u);  // one before it, one behind the other
  EXPECT_EQ(all[0].place + all[1].place,
            std::string("4 bytes before an allocation of 256 bytes") +
                "element 64, of 4 bytes each, right behind the end of an allocation of 256 bytes");
}

TEST_P(WrongAccesses, AcrossTheEndOfAnAllocation) {
  int* odd = nullptr;
  ASSERT_EQ(cudaMalloc(&odd, 7 * sizeof(int)), cudaSuccess);
  copy4<<<1, 1>>>(reinterpret_cast<int4*>(odd), reinterpret_cast<int4*>(out_));
  expect_none();
  copy4<<<1, 2>>>(reinterpret_cast<int4*>(odd), reinterpret_cast<int4*>(out_));
  const auto all = wrong();
  ASSERT_EQ(all.size(), 1u);
  EXPECT_EQ(all[0].access.line, 12u);
  EXPECT_NE(all[0].place.find("an allocation of 28 bytes"), std::string::npos) << all[0].place;
  cudaFree(odd);
}

TEST_P(WrongAccesses, MemoryThatWasFreed) {
  int* gone = nullptr;
  ASSERT_EQ(cudaMalloc(&gone, 3 * kElems * sizeof(int)), cudaSuccess);
  cudaFree(gone);
  copy<<<1, kElems>>>(gone, out_, 0);
  expect_one(kOut, "reads", 11, "device memory that was freed", kElems);
}

TEST_P(WrongAccesses, BehindAVariableOfSharedMemory) {
  write_shared<<<2, kElems>>>(out_, 0);
  expect_none();
  write_shared<<<2, kElems>>>(out_, 1);
  const auto all = wrong();
  ASSERT_EQ(all.size(), 2u);  // and then s[0], which nobody wrote
  const WrongAccess& out = all[0].kind == kOut ? all[0] : all[1];
  EXPECT_EQ(out.place, "s[64], right behind the end of __shared__ int s[64]");
  EXPECT_EQ(out.access.line, 16u);
  EXPECT_EQ(out.access.thread.x, 63u);
  EXPECT_EQ(out.count, 2u);
}

TEST_P(WrongAccesses, BehindDynamicSharedMemory) {
  write_dynamic<<<1, kElems, kElems * sizeof(int)>>>(out_, 0);
  expect_none();
  write_dynamic<<<1, kElems, (kElems - 1) * sizeof(int)>>>(out_, 0);
  const auto all = wrong();
  ASSERT_EQ(all.size(), 2u);  // it writes there and reads there
  for (const WrongAccess& one : all) EXPECT_EQ(one.kind, kOut) << wrong_text(one);
}

TEST_P(WrongAccesses, SharedMemoryThatNobodyWrote) {
  half_written<<<3, kElems>>>(out_, 64, 64);
  expect_none();
  half_written<<<3, kElems>>>(out_, 40, 40);
  expect_none();
  half_written<<<3, kElems>>>(out_, 63, 64);
  expect_one(kUnwritten, "reads", 31, "tile[1][31] of __shared__ int tile[2][32]", 3);
  adds_to_nothing<<<1, kElems>>>(out_, true);
  expect_none();
  adds_to_nothing<<<1, kElems>>>(out_, false);
  const auto all = wrong();
  ASSERT_EQ(all.size(), 1u);
  EXPECT_EQ(all[0].access.line, 37u);
}

TEST_P(WrongAccesses, PaddingIsCopiedByRight) {
  copies_padding<<<2, kElems>>>(out_);
  expect_none();
}

/// Not only here: counting ends with it, too.
TEST_P(WrongAccesses, ADivergentBarrierEndsTheLaunch) {
  for (const bool looking : {true, false}) {
    check_races(looking);
    clear_reports();
    waits_twice<<<1, kElems>>>();
    EXPECT_EQ(cudaDeviceSynchronize(), cudaErrorLaunchFailure);
    const std::string report = only_report();
    EXPECT_NE(report.find("gridstride: divergent barrier: "), std::string::npos) << report;
    EXPECT_NE(report.find("wrong_access_test.cu:43: __syncthreads holds threads 0-31"), std::string::npos)
        << report;
    EXPECT_NE(report.find("wrong_access_test.cu:45: __syncthreads holds threads 32-63"), std::string::npos)
        << report;
    cudaDeviceReset();
  }
  take_profile();
}

TEST_P(WrongAccesses, AreToldInWordsAndForPrograms) {
  half_written<<<1, kElems>>>(out_, 0, 64);
  EXPECT_EQ(cudaDeviceSynchronize(), cudaSuccess);
  const RaceFindings found = take_races();
  const std::string text = races_text(found), json = races_json(found);
  for (const char* part :
       {"gridstride: uninitialized read: tile[0][0] of __shared__ int tile[2][32], which no "
        "thread of the block has written, 64 times\n  kernel ",
        "\n  thread (0,0,0) of block (0,0,0) reads at ", "wrong access", "races: none in "}) {
    EXPECT_NE(text.find(part), std::string::npos) << part << "\n" << text;
  }
  EXPECT_NE(json.find("\"wrong\": [\n {\"kernel\": "), std::string::npos) << json;
  EXPECT_NE(json.find("\"kind\": \"uninitialized read\""), std::string::npos) << json;
}

}  // namespace
}  // namespace gridstride::emulator
