// Somebody's program, compiled with cc --profile: where its profile goes, and what stands in it.
#include <regex>

#include "tests/emulator/cc_fixture.hpp"

namespace gridstride::driver {
namespace {

constexpr const char* kProgram = R"(#include <cstdio>
__global__ void column(float* a) {
  __shared__ float tile[32][32];
  tile[threadIdx.x][threadIdx.y] = 1;
  __syncthreads();
  a[32 * threadIdx.x + threadIdx.y] = tile[threadIdx.y][threadIdx.x];
}
int main() {
  float* a;
  cudaMalloc(&a, 4096);
  column<<<4, dim3(32, 32)>>>(a);
  puts(cudaGetErrorName(cudaDeviceSynchronize()));
}
)";

class Profiled : public CcFixture {
 protected:
  void SetUp() override {
    CcFixture::SetUp();
    if (kSanitized) GTEST_SKIP() << "one instrumentation at a time";
    write("column.cu", kProgram);
    ASSERT_EQ(shell("cc --profile column.cu -o column"), 0) << messages_;
  }
};

TEST_F(Profiled, TheTableStandsBehindTheProgramsOutput) {
  EXPECT_EQ(shell("./column"), 0);
  EXPECT_EQ(output_, "cudaSuccess\n");
  for (const char* line :
       {"column \\(column.cu:2\\), 1 launch, grid \\(4,1,1\\), block \\(32,32,1\\), all 4 blocks",
        "shared stores +128 requests, 4,096 wavefronts, 128 ideal: 3,968 conflicts",
        "global stores +128 requests, 4,096 sectors, 32.00 a request; 12.5 % of",
        "\n +4 +128 .* 3,968 +tile\\[threadIdx.x\\]",
        "  \\* line 6: stores of 4 bytes move 32.0 sectors .* asked for:\n    neighbouring threads are 128",
        "\n +6 +256 .* a\\[32 \\* threadIdx.x"}) {
    EXPECT_TRUE(std::regex_search(messages_, std::regex(line))) << line << "\n" << messages_;
  }
}

TEST_F(Profiled, AFileTakesItsPlace) {
  EXPECT_EQ(shell("GRIDSTRIDE_PROFILE=p.json GRIDSTRIDE_PROFILE_BLOCKS=1 ./column"), 0);
  EXPECT_EQ(messages_, "");
  const std::string json = read(folder_ / "p.json");
  for (const char* text :
       {"\"blocks\": 4, \"traced_blocks\": 1, \"traced_warps\": 32", "\"conflicts_4\": 992",
        "\"line\": 4, \"source\": \"  tile[threadIdx.x]", "l1tex__t_sectors_pipe_lsu_mem_global_op_ld.sum",
        "{\"kind\": \"bank-conflicts\"", "\"line\": 4, \"weight\": 0.9394, \"text\": \"line 4: "}) {
    EXPECT_NE(json.find(text), std::string::npos) << text << "\n" << json;
  }
  EXPECT_EQ(shell("GRIDSTRIDE_PROFILE=p.csv ./column"), 0);
  EXPECT_TRUE(read(folder_ / "p.csv").starts_with("kernel,file,line,instructions,lanes,")) << messages_;
}

TEST_F(Profiled, ClangIsRefused) {
  EXPECT_EQ(shell("cc --profile -ccbin clang++ column.cu -o column"), 2);
  EXPECT_EQ(messages_.find("gridstride cc: --profile needs g++"), 0u) << messages_;
}

}  // namespace
}  // namespace gridstride::driver
