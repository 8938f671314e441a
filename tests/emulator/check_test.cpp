// Programs that break CUDA's rules, each in one way, and the report that GRIDSTRIDE_CHECK=1 owes them.
#include <sys/mman.h>

#include <regex>

#include "tests/emulator/cc_fixture.hpp"

namespace gridstride::driver {
namespace {

#if defined(__SANITIZE_ADDRESS__)
constexpr bool kSanitized = true;
#else
constexpr bool kSanitized = false;
#endif

// Every kernel on its own line, which the reports must name.
constexpr const char* kProgram = R"(#include <cstdlib>
__global__ void over(float* a, int n) { int i = blockIdx.x * blockDim.x + threadIdx.x; if (i < n) a[i] = i; }
__global__ void reads(const int* a, int at) { if (a[at] == 12345) __trap(); }
__global__ void shared_dynamic(int n) { extern __shared__ int s[]; s[threadIdx.x + n] = 1; }
__global__ void shared_static(int n) { __shared__ int s[64]; int* p = s; p[threadIdx.x + n] = 1; __syncthreads(); }
__global__ void shared_index(int n) { __shared__ int s[2][32]; s[1][threadIdx.x + n] = 1; __syncthreads(); }
__global__ void local_index(int* out, int k) { int a[8] = {}; a[threadIdx.x % 8 + k] = 1; out[0] = a[3]; }
__global__ void vector(float* a, int n) { reinterpret_cast<float4*>(a + n)[threadIdx.x].x = 1; }
__global__ void sum_right(float* a, int n) {
  __shared__ float s[64];
  s[threadIdx.x] = threadIdx.x < n ? a[threadIdx.x] : 0;
  __syncthreads();
  for (int k = 32; k > 0; k /= 2) {
    if (threadIdx.x < k) s[threadIdx.x] += s[threadIdx.x + k];
    __syncthreads();
  }
  if (threadIdx.x == 0) a[0] = s[0];
}
int main(int, char** argv) {
  float *a, *odd;
  int* i;
  cudaMalloc(&a, 4096);
  cudaMalloc(&odd, 1001 * sizeof(float));
  cudaMalloc(&i, 256);
  cudaMemset(a, 0, 4096);
  switch (atoi(argv[1])) {
    case 0: sum_right<<<4, 64>>>(a, 60); over<<<4, 256>>>(a, 1024); over<<<4, 256>>>(odd, 1001); break;
    case 1: over<<<5, 256>>>(a, 1025); break;
    case 2: over<<<4, 256>>>(odd, 1003); break;
    case 3: cudaFree(odd); over<<<4, 256>>>(odd, 10); break;
    case 4: reads<<<1, 1>>>(i, 64); break;
    case 5: reads<<<1, 1>>>(i, -100); break;
    case 6: shared_dynamic<<<3, 64, 256>>>(1); break;
    case 7: shared_static<<<3, 64>>>(1); break;
    case 8: shared_index<<<3, 32>>>(-1); break;
    case 9: local_index<<<1, 32>>>(i, 1); break;
    case 10: vector<<<1, 32>>>(a, 1); break;
    case 11: reads<<<1, 1>>>(nullptr, 0); break;
    case 12: a[5] = 1; break;
  }
  printf("%s\n", cudaGetErrorName(cudaDeviceSynchronize()));
  cudaFree(a), cudaFree(odd), cudaFree(i);
}
)";

class Checked : public CcFixture {
 protected:
  void SetUp() override {
    CcFixture::SetUp();
    if (kSanitized) GTEST_SKIP() << "AddressSanitizer brings reports of its own";
    write("broken.cu", kProgram);
    ASSERT_EQ(shell("cc --check broken.cu -o broken"), 0) << messages_;
  }

  /// Breaks one rule; `report` is what must be told, a regular expression over lines.
  void expect_report(int rule, const std::string& error, const std::string& report) {
    const int status = shell("GRIDSTRIDE_CHECK=1 ./broken " + std::to_string(rule));
    EXPECT_EQ(status, 0) << rule << ": " << messages_;
    EXPECT_EQ(output_, error + "\n") << rule << ": " << messages_;
    EXPECT_TRUE(std::regex_search(messages_, std::regex(report))) << rule << ": " << messages_;
  }
};

TEST_F(Checked, EveryBrokenRuleIsOneReportWithKernelBlockThreadAndLine) {
  const auto who = [](const char* kernel, int line, const char* block, const char* thread) {
    const std::string where = "broken\\.cu:" + std::to_string(line);
    return "\n  kernel " + std::string(kernel) + " \\(" + where + "\\), block \\(" + block +
           ",0,0\\)[^\n]*\n  thread " + thread + " at [^\n]*" + where + "\n";
  };
  const std::string illegal = "cudaErrorIllegalAddress";
  expect_report(
      1, illegal,
      "writes 0x\\w+ \\(right behind the end of an allocation of 4096 bytes\\)" + who("over", 2, "4", "0"));
  expect_report(
      2, illegal,
      "written right behind the end of an allocation of 4004 bytes\n[^\n]*kernel over \\(broken.cu:2\\)");
  expect_report(
      3, illegal,
      "writes 0x\\w+ \\(byte 0 of an allocation of 4004 bytes that was freed\\)" + who("over", 2, "0", "0"));
  expect_report(
      4, illegal,
      "reads 0x\\w+ \\(right behind the end of an allocation of 256 bytes\\)" + who("reads", 3, "0", "0"));
  expect_report(6, illegal,
                "writes 0 bytes beyond the end of a __shared__ object of 256 bytes" +
                    who("shared_dynamic", 4, "[0-2]", "63"));
  expect_report(7, illegal,
                "writes 0 bytes beyond the end of a __shared__ object of 256 bytes" +
                    who("shared_static", 5, "[0-2]", "63"));
  expect_report(8, illegal, "is out of bounds for 'int \\[32\\]'" + who("shared_index", 6, "[0-2]", "0"));
  expect_report(9, illegal, "index 8 is out of bounds for 'int \\[8\\]'" + who("local_index", 7, "0", "7"));
  expect_report(
      10, "cudaErrorMisalignedAddress",
      "misaligned access: 0x\\w+ \\(byte 4 of 4096 on the device\\) is not a multiple of the 16 bytes[^\n]*" +
          who("vector", 8, "0", "0"));
  expect_report(11, illegal, "reads \\S+ \\(a null pointer\\)" + who("reads", 3, "0", "0"));
}

TEST_F(Checked, ARightProgramIsSilent) {
  EXPECT_EQ(shell("GRIDSTRIDE_CHECK=1 ./broken 0"), 0);
  EXPECT_EQ(output_ + messages_, "cudaSuccess\n");
}

TEST_F(Checked, HostCodeCannotTouchDeviceMemory) {
  if (pkey_alloc(0, 0) < 0) GTEST_SKIP() << "this processor has no protection keys";
  EXPECT_NE(shell("GRIDSTRIDE_CHECK=1 ./broken 12"), 0);
  EXPECT_NE(messages_.find("host code touches device memory at"), std::string::npos) << messages_;
  EXPECT_NE(messages_.find("(byte 20 of 4096 on the device)"), std::string::npos) << messages_;
}

// Without the check, too, a wild access ends the launch and not the program.
TEST_F(Checked, AWildAccessIsTheLaunchsError) {
  EXPECT_EQ(shell("./broken 11"), 0) << messages_;
  EXPECT_EQ(output_, "cudaErrorIllegalAddress\n");
}

}  // namespace
}  // namespace gridstride::driver
