// Programs that break CUDA's rules, each in one way, and the report that GRIDSTRIDE_CHECK=1 owes them.
#include <sys/mman.h>

#include <algorithm>
#include <regex>

#include "tests/emulator/cc_fixture.hpp"

namespace gridstride::driver {
namespace {

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

// What the pages do not see: reads of what nobody wrote, and what the host does wrong.
constexpr const char* kRules = R"(#include <cstdlib>
#include <cstring>
#include <unistd.h>
struct Padded { double x; char c; };
__global__ void tile(int* a, int n) {
  __shared__ int t[4][32];
  if (threadIdx.x < n) t[2][threadIdx.x] = 1;
  __syncthreads();
  a[threadIdx.x] = t[2][threadIdx.x];
}
__global__ void count(int* a) { __shared__ int n; atomicAdd(&n, 1); __syncthreads(); a[0] = n; }
__global__ void dynamic(int* a) { extern __shared__ int s[]; a[threadIdx.x] = s[threadIdx.x]; }
__global__ void stale(int* a) {
  __shared__ int s[32];
  if (blockIdx.x == 0) s[threadIdx.x] = 1;
  if (blockIdx.x == 1) a[threadIdx.x] = s[threadIdx.x];
}
__global__ void right(const Padded* a, Padded* b, int bytes) {
  __shared__ Padded s[32], copies[32];
  __shared__ char text[100];
  __shared__ int total;
  if (threadIdx.x == 0) atomicExch(&total, 0);
  if (threadIdx.x == 0) memcpy(text, a, bytes);
  s[threadIdx.x].x = a[threadIdx.x].x;
  s[threadIdx.x].c = 'c';
  __syncthreads();
  copies[threadIdx.x] = s[31 - threadIdx.x];
  atomicAdd(&total, 1);
  __syncthreads();
  b[threadIdx.x] = copies[threadIdx.x];
  if (total == 32 && text[threadIdx.x] != '\x7f') b[0].c = 'd';
}
__global__ void nothing() {}
__global__ void breaks(int* a) { a[1 << 20] = 1; }
void* buffer(size_t bytes) {
  void* p;
  cudaMalloc(&p, bytes);
  return p;
}
struct Owner { void* p = nullptr; ~Owner() { cudaFree(p); } } owner;
int main(int, char** argv) {
  const int rule = atoi(argv[1]);
  int host[64] = {};
  int* a = (int*)buffer(256);
  cudaStream_t stream;
  cudaEvent_t event;
  if (rule != 8) owner.p = buffer(1024);
  switch (rule) {
    case 0: right<<<2, 32>>>((Padded*)owner.p, (Padded*)owner.p, 99); break;
    case 1: tile<<<2, 32>>>(a, 31); break;
    case 2: count<<<1, 32>>>(a); break;
    case 3: dynamic<<<1, 32, 128>>>(a); break;
    case 4: stale<<<2, 32>>>(a); break;
    case 5:
      for (int i = 0; i < 3; ++i) buffer(100);
      cudaMallocManaged(&a, 8);
      break;
    case 6: buffer(100), cudaDeviceReset(); break;
    case 7: nothing<<<1, 2000>>>(); break;
    case 8: breaks<<<1, 1>>>(a), usleep(200000); break;
    case 9: breaks<<<1, 1>>>(a), cudaDeviceSynchronize(), nothing<<<1, 1>>>(); break;
    case 10: nothing<<<1, 2000>>>(), cudaGetLastError(); break;
    case 11: cudaFree(a), cudaFree(a); break;
    case 12: cudaMemcpy(host, a, 256, cudaMemcpyHostToDevice); break;
    case 13: cudaMemcpy(a, host, 257, cudaMemcpyHostToDevice); break;
    case 14: cudaFree(host); break;
    case 15: cudaFreeHost(a); break;
    case 16: cudaStreamCreate(&stream), cudaStreamDestroy(stream), cudaStreamDestroy(stream); break;
    case 17: cudaEventCreate(&event), cudaEventDestroy(event), cudaEventDestroy(event); break;
  }
  if (rule != 8) cudaDeviceSynchronize();
  if (rule < 5 || (rule > 8 && rule != 11)) cudaFree(a);
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

/// Whose threads meet in shared memory of the emulator's own.
TEST_F(Checked, TilesOfSeveralWarpsMeet) {
  write("tiles.cu", R"(#include <cooperative_groups.h>
namespace cg = cooperative_groups;
__global__ void sums(int* out) {
  const auto tile = cg::tiled_partition<64>(cg::this_thread_block());
  out[threadIdx.x] = cg::reduce(tile, 1, [](int a, int b) { return a + b; });
}
int main() {
  int *out, host[128];
  cudaMalloc(&out, sizeof host);
  sums<<<1, 128>>>(out);
  cudaMemcpy(host, out, sizeof host, cudaMemcpyDeviceToHost);
  cudaFree(out);
  return host[0] == 64 && host[127] == 64 ? 0 : 1;
}
)");
  EXPECT_EQ(shell("cc --check tiles.cu -o tiles && GRIDSTRIDE_CHECK=1 timeout 20 ./tiles"), 0) << messages_;
  EXPECT_EQ(messages_, "");
}

TEST_F(Checked, AReportEndsTheProgramAsItIsAskedTo) {
  const std::string run = "GRIDSTRIDE_CHECK=1 GRIDSTRIDE_CHECK_EXIT=7 ./broken ";
  EXPECT_EQ(shell(run + "0"), 0) << messages_;
  EXPECT_EQ(shell(run + "1"), 7) << messages_;
  EXPECT_EQ(output_, "cudaErrorIllegalAddress\n");
  EXPECT_EQ(shell("GRIDSTRIDE_CHECK=1 GRIDSTRIDE_CHECK_EXIT=300 ./broken 1"), 2);
  EXPECT_NE(messages_.find("GRIDSTRIDE_CHECK_EXIT=300: give an exit status of 0 to 255"), std::string::npos)
      << messages_;
}

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
                "writes right behind the end of 256 bytes of dynamic __shared__ memory" +
                    who("shared_dynamic", 4, "[0-2]", "63"));
  expect_report(7, illegal,
                "writes s\\[64\\], right behind the end of __shared__ int s\\[64\\]" +
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
  EXPECT_NE(messages_.find("  touched at broken.cu:40\n    case 12: a[5] = 1; break;\n"), std::string::npos)
      << messages_;
}

// Without the check, too, a wild access ends the launch and not the program.
TEST_F(Checked, AWildAccessIsTheLaunchsError) {
  EXPECT_EQ(shell("./broken 11"), 0) << messages_;
  EXPECT_EQ(output_, "cudaErrorIllegalAddress\n");
}

class Rules : public CcFixture {
 protected:
  void SetUp() override {
    CcFixture::SetUp();
    if (kSanitized) GTEST_SKIP() << "AddressSanitizer brings reports of its own";
    write("rules.cu", kRules);
    ASSERT_EQ(shell("cc --check rules.cu -o rules"), 0) << messages_;
  }

  /// Breaks one rule; `report` is all that must be told, a regular expression over lines.
  void expect_only(int rule, const std::string& report) {
    EXPECT_EQ(shell("GRIDSTRIDE_CHECK=1 ./rules " + std::to_string(rule)), 0) << rule << ": " << messages_;
    EXPECT_TRUE(std::regex_match(messages_, std::regex(report))) << rule << ": " << messages_;
  }

  /// "FILE:LINE" for the first line of the program that holds `text`.
  static std::string place(const std::string& text) {
    const std::string program = kRules;
    const auto begin = program.begin();
    const auto line = 1 + std::count(begin, begin + static_cast<std::ptrdiff_t>(program.find(text)), '\n');
    return "[^\n]*rules\\.cu:" + std::to_string(line);
  }
  /// The same, and the line itself.
  static std::string at(const std::string& text) { return place(text) + "\n    [^\n]*"; }
  /// Where buffer() was called, and what it calls.
  static std::string buffer_called_at(const std::string& text) {
    return "  allocated at " + at("cudaMalloc(&p") + "\n  called at " + at(text) + "\n";
  }
};

TEST_F(Rules, SharedMemoryIsWrittenBeforeItIsRead) {
  const auto told = [](const std::string& what, const std::string& kernel, const std::string& block,
                       const std::string& thread, const std::string& line) {
    return "gridstride: uninitialized read: " + what +
           ", which no thread of the block has written\n  kernel " + kernel + " \\([^)]*\\), block \\(" +
           block + ",0,0\\)[^\n]*\n  thread " + thread + " at " + at(line) + "\n";
  };
  expect_only(0, "");
  expect_only(1, told("t\\[2\\]\\[31\\] of __shared__ int t\\[4\\]\\[32\\]", "tile", "[01]", "31",
                      "a[threadIdx.x] = t"));
  expect_only(2, told("n of __shared__ int n", "count", "0", "0", "void count"));
  expect_only(3,
              told("byte 0 of 128 bytes of dynamic __shared__ memory", "dynamic", "0", "0", "void dynamic"));
  expect_only(4, told("s\\[0\\] of __shared__ int s\\[32\\]", "stale", "1", "0", "if (blockIdx.x == 1)"));
}

TEST_F(Rules, TheEndTellsLeaksAndErrorsThatNobodyAskedFor) {
  const std::string leak = "gridstride: leak: ";
  const std::string first =
      leak + "256 bytes of device memory were never freed\n" + buffer_called_at("int* a =");
  const std::string loop = leak + "300 bytes of device memory, in 3 allocations, were never freed\n" +
                           buffer_called_at("for (int i = 0");
  const std::string managed =
      leak + "8 bytes of managed memory were never freed\n  allocated at " + at("cudaMallocManaged") + "\n";
  const std::string any = "(" + first + "|" + loop + "|" + managed + ")";
  expect_only(5, any + any + any);
  for (const std::string& report : {first, loop, managed}) {
    EXPECT_TRUE(std::regex_search(messages_, std::regex(report))) << messages_;
  }
  expect_only(6, "");
  const auto unread = [](const std::string& error, const std::string& kernel, const std::string& line) {
    return "gridstride: a launch failed and nobody asked for its error, " + error + "\n  kernel " + kernel +
           " \\(" + place("void " + kernel) + "\\), launched at " + place(line) + "\n";
  };
  expect_only(7, "gridstride: nothing<<<>>>: block [^\n]*\n  called at " + at("void nothing") +
                     "\n  called at " + at("case 7") + "\n" +
                     unread("cudaErrorInvalidConfiguration", "nothing", "case 7") + first);
  EXPECT_EQ(shell("GRIDSTRIDE_CHECK=1 ./rules 8"), 0);
  EXPECT_TRUE(std::regex_search(messages_, std::regex(unread("cudaErrorIllegalAddress", "breaks", "case 8"))))
      << messages_;
  for (const char* asked : {"9", "10"}) {
    EXPECT_EQ(shell(std::string("GRIDSTRIDE_CHECK=1 ./rules ") + asked), 0);
    EXPECT_EQ(messages_.find("nobody asked"), std::string::npos) << messages_;
  }
}

TEST_F(Rules, WrongCallsAreToldWithTheirLineAndTheMemorysHistory) {
  const std::string of_a = buffer_called_at("int* a =");
  const auto called = [](const std::string& line) { return "[^\n]*\n  called at " + at(line) + "\n"; };
  expect_only(11, "gridstride: cudaFree: 0x\\w+ was freed already" + called("case 11") + of_a +
                      "  freed at " + at("case 11") + "\n");
  expect_only(12,
              "gridstride: cudaMemcpy: target 0x\\w+ \\(host memory\\) is not on the device, but the "
              "direction says so" +
                  called("case 12"));
  expect_only(13,
              "gridstride: cudaMemcpy: target 0x\\w+ \\(byte 0 of 256 on the device\\): 257 bytes go "
              "beyond its end" +
                  called("case 13") + of_a);
  expect_only(14, "gridstride: cudaFree: 0x\\w+ was never allocated" + called("case 14"));
  expect_only(16, "gridstride: cudaStreamDestroy: [^\n]*, or was destroyed already" + called("case 16"));
  expect_only(17, "gridstride: cudaEventDestroy: [^\n]*, or was destroyed already" + called("case 17"));
  expect_only(
      15, "gridstride: cudaFreeHost: 0x\\w+ is device memory, cudaFree frees it" + called("case 15") + of_a);
}

}  // namespace
}  // namespace gridstride::driver
