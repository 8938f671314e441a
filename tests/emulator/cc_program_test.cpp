// gridstride-cc as a project's Makefile sees it: programs that run, files, exit statuses, messages.
#include "tests/emulator/cc_fixture.hpp"

namespace gridstride::driver {
namespace {

using Cc = CcFixture;

TEST_F(Cc, ASourceBecomesAProgramAndNothingElse) {
  write("a b.cu", R"(
__device__ int counter;
__global__ void count(int n) { if (blockIdx.x * blockDim.x + threadIdx.x < n) atomicAdd(&counter, 1); }
int main() {
  count<<<4, 32>>>(100);
  int seen = 0;
  cudaMemcpyFromSymbol(&seen, counter, sizeof seen);
  printf("%d\n", seen);
  return seen == 100 ? 0 : 1;
}
)");
  EXPECT_EQ(shell("cc -O1 -arch=sm_80 -rdc=true 'a b.cu' -o 'the program' -lcudart"), 0) << messages_;
  EXPECT_EQ(output_ + messages_, "");
  EXPECT_EQ(shell("'./the program'"), 0) << messages_;
  EXPECT_EQ(output_, "100\n");
  EXPECT_EQ(std::distance(fs::directory_iterator(folder_), fs::directory_iterator()),
            4);  // and what shell() wrote
}

TEST_F(Cc, DefaultStreamsOfThreads) {
  write("own.cu", R"(
#include <atomic>
#include <thread>
std::atomic<bool> open{false};
int main() {
  cudaLaunchHostFunc(0, [](void*) { while (!open) std::this_thread::yield(); }, nullptr);
  cudaError_t others = cudaErrorUnknown;
  std::thread([&] { others = cudaStreamSynchronize(0); }).join();
  const cudaError_t own = cudaStreamQuery(0);
  open = true;
  return others == cudaSuccess && own == cudaErrorNotReady && !cudaDeviceSynchronize() ? 0 : 1;
}
)");
  EXPECT_EQ(shell("cc --default-stream per-thread own.cu -o own && ./own"), 0) << messages_;
}

TEST_F(Cc, FilesShareDeviceCodeIfRelocatableAndHeadersWithPlainCpp) {
  write("shared.h", R"(
#pragma once
#include <cuda_runtime.h>
extern __device__ int offset;
__device__ int shifted(int x);
struct Pair { __host__ __device__ int sum() const { return a + b; } int a, b; };
int run_all();
)");
  write("device.cu",
        "#include \"shared.h\"\n__device__ int offset = 40;\n__device__ int shifted(int x) { return x + "
        "offset; }\n");
  write("kernel.cu", R"(
#include "shared.h"
#ifdef __CUDACC__
__global__ void k(int* out) { *out = shifted(Pair{1, 1}.sum()); }
#endif
int run_all() {
  int* p;
  cudaMallocManaged(&p, sizeof *p);
  k<<<1, 1>>>(p);
  return cudaDeviceSynchronize() == cudaSuccess ? *p : -1;
}
)");
  write("main.cpp", R"(
#include "shared.h"
#ifdef __CUDACC__
#error "this is no CUDA source"
#endif
int main() { return run_all() == 42 && Pair{1, 2}.sum() == 3 ? 0 : 1; }
)");
  write("Makefile", R"(
NVCC = nvcc
NVCCFLAGS = -O1 -std=c++14 -gencode arch=compute_70,code=sm_70
p: device.o kernel.o main.o
	$(NVCC) $(NVCCFLAGS) $^ -o $@ -lcudadevrt
%.o: %.cu
	$(NVCC) $(NVCCFLAGS) -dc $< -o $@
%.o: %.cpp
	$(NVCC) $(NVCCFLAGS) -Xcompiler -Wall,-Werror -c $< -o $@
)");
  EXPECT_EQ(shell("make -s NVCC=\"'" + kCc + "'\" && ./p"), 0) << messages_;
  EXPECT_EQ(output_ + messages_, "");
}

TEST_F(Cc, WithoutRelocatableCodeFilesMayUseTheSameNames) {
  const std::string part = R"(
__constant__ int value = VALUE;
__device__ int get() { return value; }
static __global__ void k(int* out) { *out = get(); }
int NAME() { int* p; cudaMallocManaged(&p, 4); k<<<1, 1>>>(p); cudaDeviceSynchronize(); return *p; }
)";
  write("a.cu", "#define NAME a\n#define VALUE 1\n" + part);
  write("b.cu",
        "#define NAME b\n#define VALUE 2\n" + part + "int a();\nint main() { return 10 * a() + b(); }\n");
  EXPECT_EQ(shell("cc -O0 a.cu b.cu -o p -Xcompiler -Wall,-Werror && ./p"), 12) << messages_;
}

TEST_F(Cc, KernelsInASharedLibraryRunInTheProgramThatLinksIt) {
  write("part.cu", R"(
__global__ void k(int* out) { *out = threadIdx.x + blockDim.x; }
int part() { int* p; cudaMallocManaged(&p, 4); k<<<1, 1>>>(p); cudaDeviceSynchronize(); return *p; }
)");
  write("main.cu",
        "int part();\n__global__ void k2() {}\nint main() { k2<<<1, 1>>>(); cudaDeviceSynchronize(); return "
        "part(); }\n");
  EXPECT_EQ(shell("cc -O0 -shared -Xcompiler -fPIC part.cu -o libpart.so && "
                  "cc -O0 main.cu -L. -lpart -Xlinker -rpath=. -o p && ./p"),
            1)
      << messages_;
  EXPECT_EQ(output_ + messages_, "");
}

TEST_F(Cc, TheRuntimesHeaderBringsAlongWhatNvccsDoes) {
  write("bare.cu", R"(
__global__ void k(int* out) { *out = isdigit('7') ? INT_MAX : 0; }
int main() {
  int* p;
  cudaMallocManaged(&p, sizeof *p);
  k<<<1, 1>>>(p);
  cudaDeviceSynchronize();
  assert(ULONG_MAX > 0 && strlen("") == 0 && fabs(-1.0) == 1);
  return *p == INT_MAX ? EXIT_SUCCESS : EXIT_FAILURE;
}
)");
  EXPECT_EQ(shell("cc -O1 bare.cu -o bare && ./bare"), 0) << messages_;
}

TEST_F(Cc, ErrorsKeepTheCompilersLinesAndStatus) {
  write("x.cu", "__global__ void k() {\n  undeclared = 1;\n}\n");
  EXPECT_EQ(shell("cc x.cu -o p"), 1);
  EXPECT_NE(messages_.find("x.cu:2:"), std::string::npos) << messages_;
  EXPECT_FALSE(exists("p"));
  EXPECT_EQ(shell("cc -ptx x.cu"), 2);
  EXPECT_EQ(messages_.find("gridstride cc: '-ptx' asks for"), 0u) << messages_;
  EXPECT_EQ(std::count(messages_.begin(), messages_.end(), '\n'), 1);
}

TEST_F(Cc, OneNoteForAllThatHasNoEffect) {
  write("x.cu", "int main() { return 0; }\n");
  EXPECT_EQ(shell("cc -O0 -maxrregcount 32 -Xptxas -v x.cu -lcublas -lcurand"), 0) << messages_;
  EXPECT_EQ(
      messages_,
      "gridstride cc: note: without effect on a CPU: -maxrregcount 32, -Xptxas -v\n"
      "gridstride cc: note: the emulator has no such libraries, and links without them: cublas, curand\n");
  EXPECT_TRUE(exists("a.out"));
}

TEST_F(Cc, PreprocessesListsDependenciesAndShowsCommands) {
  write("part.cuh", "#define VALUE 7\n");
  write("x.cu", "#include \"part.cuh\"\n__global__ void k() { int v = VALUE; }\n");
  EXPECT_EQ(shell("cc -E x.cu"), 0) << messages_;
  EXPECT_NE(output_.find("__global__ void k() { int v = 7; }"), std::string::npos);
  EXPECT_EQ(shell("cc -MM x.cu"), 0) << messages_;
  EXPECT_NE(output_.find("part.cuh"), std::string::npos) << output_;
  EXPECT_EQ(shell("cc --dryrun x.cu -o p"), 0);
  EXPECT_NE(messages_.find("#$ "), std::string::npos);
  EXPECT_FALSE(exists("p"));
  EXPECT_EQ(shell("cc --version"), 0);
  EXPECT_NE(output_.find("release 13.0, V13.0"), std::string::npos) << output_;
}

TEST_F(Cc, InstallsOnItsOwn) {
  ASSERT_EQ(shell("cmake --install '" GRIDSTRIDE_BINARY_DIR "' --prefix \"$PWD/there\""), 0) << messages_;
  write("x.cu",
        "__global__ void k(int* p) { *p = 5; }\nint main() { int* p; cudaMallocManaged(&p, 4); k<<<1, "
        "1>>>(p);\n"
        "  cudaDeviceSynchronize(); return *p; }\n");
  EXPECT_EQ(shell("there/bin/gridstride-cc -O0 x.cu -o p && ./p"), 5) << messages_;
  EXPECT_EQ(shell("there/bin/gridstride-cc --dryrun x.cu"), 0);
  EXPECT_EQ(messages_.find(GRIDSTRIDE_SOURCE_DIR "/"), std::string::npos) << messages_;
  write("CMakeLists.txt", R"(
cmake_minimum_required(VERSION 3.25)
project(consumer CXX)
find_package(gridstride-emulator 0.1 REQUIRED)
add_executable(consumer)
gridstride_emulator_sources(consumer x.cu)
target_link_options(consumer PRIVATE -no-pie)
)");
  EXPECT_EQ(shell("cmake -G Ninja -S . -B b -DCMAKE_PREFIX_PATH=\"$PWD/there\" && ninja -C b && b/consumer"),
            5)
      << output_ << messages_;
}

}  // namespace
}  // namespace gridstride::driver
