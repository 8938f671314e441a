// A profile's page, used in a Chromium without a window by real clicks and keys (report_page.py).
#include "tests/emulator/cc_fixture.hpp"

namespace gridstride::driver {
namespace {

constexpr const char* kProgram = R"(
__global__ void transpose_naive(const float* in, float* out, int n) {
  int x = blockIdx.x * 32 + threadIdx.x, y = blockIdx.y * 32 + threadIdx.y;
  for (int j = 0; j < 32; j += 8) out[x * n + y + j] = in[(y + j) * n + x];
}

__global__ void transpose_tile(const float* in, float* out, int n) {
  __shared__ float tile[32][32];
  int x = blockIdx.x * 32 + threadIdx.x, y = blockIdx.y * 32 + threadIdx.y;
  for (int j = 0; j < 32; j += 8) tile[threadIdx.y + j][threadIdx.x] = in[(y + j) * n + x];
  __syncthreads();
  x = blockIdx.y * 32 + threadIdx.x, y = blockIdx.x * 32 + threadIdx.y;
  for (int j = 0; j < 32; j += 8) out[(y + j) * n + x] = tile[threadIdx.x][threadIdx.y + j];
}

__global__ void transpose_padded(const float* in, float* out, int n) {
  __shared__ float tile[32][33];
  int x = blockIdx.x * 32 + threadIdx.x, y = blockIdx.y * 32 + threadIdx.y;
  for (int j = 0; j < 32; j += 8) tile[threadIdx.y + j][threadIdx.x] = in[(y + j) * n + x];
  __syncthreads();
  x = blockIdx.y * 32 + threadIdx.x, y = blockIdx.x * 32 + threadIdx.y;
  for (int j = 0; j < 32; j += 8) out[(y + j) * n + x] = tile[threadIdx.x][threadIdx.y + j];
}

int main() {
  const int n = 256;
  float *in, *out;
  cudaMalloc(&in, n * n * sizeof(float));
  cudaMalloc(&out, n * n * sizeof(float));
  const dim3 grid(n / 32, n / 32), block(32, 8);
  transpose_naive<<<grid, block>>>(in, out, n);
  transpose_tile<<<grid, block>>>(in, out, n);
  transpose_padded<<<grid, block>>>(in, out, n);
  return cudaDeviceSynchronize();
}
)";

using ProfilePage = CcFixture;

TEST_F(ProfilePage, IsUsedByClicksAndKeys) {
  constexpr int kSkipped = 77;
  if (kSanitized) GTEST_SKIP() << "one instrumentation at a time";
  write("transpose.cu", kProgram);
  ASSERT_EQ(shell("cc --profile transpose.cu -o transpose"), 0) << messages_;
  ASSERT_EQ(shell("GRIDSTRIDE_PROFILE=page.html ./transpose"), 0) << messages_;
  const int status =
      shell("timeout 120 python3 '" GRIDSTRIDE_SOURCE_DIR "/tests/emulator/report_page.py' page.html");
  if (status == kSkipped) GTEST_SKIP() << output_;
  EXPECT_EQ(status, 0) << output_ << messages_;
}

TEST_F(ProfilePage, OneLineSaysWhyItCannotBeWritten) {
  if (kSanitized) GTEST_SKIP() << "one instrumentation at a time";
  write("transpose.cu", kProgram);
  ASSERT_EQ(shell("cc --profile transpose.cu -o transpose"), 0) << messages_;
  EXPECT_EQ(shell("GRIDSTRIDE_PROFILE=nowhere/page.html ./transpose"), 1);
  EXPECT_EQ(messages_,
            "gridstride: cannot write the profile to 'nowhere/page.html': No such file or directory\n");
  EXPECT_EQ(shell("mkdir page.html; GRIDSTRIDE_PROFILE=page.html ./transpose"), 1);
  EXPECT_EQ(messages_, "gridstride: cannot write the profile to 'page.html': Is a directory\n");
  EXPECT_EQ(shell("GRIDSTRIDE_PROFILE=page.txt ./transpose"), 2);
  EXPECT_EQ(messages_, "gridstride: GRIDSTRIDE_PROFILE=page.txt: give FILE.json, FILE.csv or FILE.html\n");
  EXPECT_EQ(shell("GRIDSTRIDE_PROFILE_BLOCKS=0 ./transpose"), 2);
  EXPECT_EQ(messages_, "gridstride: GRIDSTRIDE_PROFILE_BLOCKS=0: give a number of blocks, at least 1\n");
}

}  // namespace
}  // namespace gridstride::driver
