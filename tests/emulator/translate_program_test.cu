// CUDA in all its spellings, compiled by the real driver, run by the real runtime.
#include <cuda_runtime.h>
#include <gtest/gtest.h>

#include <type_traits>
#include <utility>

// C++20's <math.h> declares one, too, and many programs of older standards define theirs.
static __device__ float lerp(float a, float b, float t) { return a + t * (b - a); }

namespace {

__device__ int total;
__constant__ float coefficients[4] = {1, 2, 3, 4};
extern __shared__ float dynamic_memory[];
extern __shared__ float dynamic_memory[];

__shared__ int in_every_kernel[2];
__shared__ struct { int n; } one_of_a_kind;

/// What the kernels added up since the last call.
int take_total() {
  EXPECT_EQ(cudaDeviceSynchronize(), cudaSuccess);
  return std::exchange(total, 0);
}

__device__ __forceinline__ void add(int n) { atomicAdd(&total, n); }

struct __align__(16) Quad {
  float x, y, z, w;
};
typedef struct __align__(8) {
  int a, b;
}
Pair;
static_assert(alignof(Quad) == 16 && alignof(Pair) == 8);

static __global__ void one() { add(1); }
__global__ static void with_defaults(
    void (*fn)(int) = [](int n) { add(n); }, int n = int{3}) {
  fn(n);
}
extern "C" __global__ void linked_as_c(int n) { add(n); }
__global__ void declared_first(int n);
__global__ void declared_first(int n) { add(n); }
template <typename T, int N, bool B = (1 > 0)>
__global__ void __launch_bounds__(256, 2) sized(T n) {
  if (B) add(static_cast<int>(n) * N);
}
template <int N>
__global__ std::enable_if_t<(N > 3)> enabled(int n) noexcept {
  add(n);
}
template <class T>
__global__ void constrained(T n) requires requires(T t) {
  t + 1;
}
{ add(static_cast<int>(n)); }
template <class F>
__global__ void apply(F f) {
  f(static_cast<int>(threadIdx.x));
}
template <class A>
struct Box {
  static constexpr int value = 2;
};
template <int N>
__host__ __device__ constexpr int grid_of() {
  return N;
}

#define LAUNCH(kernel, grid, block, ...) kernel<<<grid, block>>>(__VA_ARGS__)

struct Owner {
  void (*fn)(int) = linked_as_c;
  void (*table[2])(int) = {linked_as_c, declared_first};
  void launch() { this->fn<<<1, 1>>>(7); }
};

template <class T>
void launch_from_template(T n) {
  sized<T, 2><<<dim3{2}, dim3(3, 1), 0, nullptr>>>(n);
}

TEST(Program, LaunchesInEveryPosition) {
  one<<<2, 3>>>();
  EXPECT_EQ(take_total(), 6);
  if (total == 0) one<<<{2, 2, 2}, {4}>>>();
  EXPECT_EQ(take_total(), 32);
  total == 0 ? linked_as_c<<<1, 1>>>(5) : declared_first<<<1, 1>>>(9);
  EXPECT_EQ(take_total(), 5);
  for (int i = 0; i < 3; ++i) one<<<1, 1>>>();
  EXPECT_EQ(take_total(), 3);
  [&] { with_defaults<<<1, 2>>>(); }();
  EXPECT_EQ(take_total(), 6);
  LAUNCH((sized<int, 4>), 1, 8 >> 1, 2);
  EXPECT_EQ(take_total(), 32);
  launch_from_template(1.0f);
  EXPECT_EQ(take_total(), 12);
  one<<<1, 1>>>(), one<<<1, 1>>>();
  EXPECT_EQ(take_total(), 2);
}

TEST(Program, KernelsOfEveryKind) {
  sized<int, 3, (2 > 1)><<<grid_of<Box<Box<int>>::value>(),
                           // the block
                           Box<Box<Box<int>>>::value>>>(1);
  EXPECT_EQ(take_total(), 12);
  enabled<4><<<1, 1>>>(1);
  constrained<<<1, 1>>>(2.5f);
  ::linked_as_c<<<1, 1>>>(4);
  EXPECT_EQ(take_total(), 7);
  Owner owner;
  owner.launch();
  owner.table[1]<<<1, 1>>>(10);
  (*owner.fn)<<<1, 1>>>(100);
  EXPECT_EQ(take_total(), 117);
  apply<<<1, 4>>>([=] __device__(int i) { add(i); });
  EXPECT_EQ(take_total(), 6);
}

template <class T, int N>
__global__ void every_declarator(T* out) {
  __shared__ T tile[N][N + 1], *first, scale;
  __shared__ struct {
    int a;
    float b;
  } unnamed;
  __shared__ volatile struct Named { int a; } named[2];
  volatile __shared__ unsigned long long wide;
  __align__(128) __shared__ unsigned char bytes[sizeof(T) * (N > 2 ? 4 : 1)];
  __shared__ alignas(Quad) T(*row)[N + 1];
  __shared__ typename std::remove_reference<T>::type plain;
  __shared__ std::pair<T, std::pair<T, int>> nested;
  static_assert(sizeof(tile) == N * (N + 1) * sizeof(T) && sizeof(named) == 2 * sizeof(int));
  const int t = threadIdx.x;
  if (t == 0) {
    first = &tile[0][0];
    row = tile + 1;
    scale = coefficients[2];
    unnamed.a = 10;
    named[1].a = 20;
    wide = 30;
    bytes[0] = 40;
    plain = 50;
    nested.second.first = 60;
    dynamic_memory[1] = 70;
  }
  __syncthreads();
  auto write = [=](int i) mutable { tile[i][i] = scale; };
  auto read = [](int i) { return tile[i][i]; };
  write(t);
#pragma unroll
  for (int i = 0; i < 1; ++i) out[t] = read(t);
  __syncthreads();
  if (t == 1) {
    const bool aligned = reinterpret_cast<size_t>(bytes) % 128 == 0 && (*row)[1] == first[N + 2];
    out[0] = !aligned ? -1
                      : T(unnamed.a + named[1].a + wide + bytes[0]) + plain + nested.second.first +
                            dynamic_memory[1];
  }
}

TEST(Program, SharedVariablesOfEveryKind) {
  float* out;
  ASSERT_EQ(cudaMallocManaged(&out, 4 * sizeof(float)), cudaSuccess);
  every_declarator<float, 4><<<1, 4, 16 * sizeof(float)>>>(out);
  ASSERT_EQ(cudaDeviceSynchronize(), cudaSuccess);
  EXPECT_EQ(out[0], 280);
  EXPECT_EQ(out[1], 3);
  EXPECT_EQ(out[3], 3);
  cudaFree(out);
}

template <int N>
__device__ int* counter_of_block() {
  __shared__ int counter;
  return &counter;
}
__global__ void compare_instances(int* out) {
  __shared__ int counter;
  {
    __shared__ int counter[2];
    out[0] = static_cast<void*>(counter) != static_cast<void*>(counter_of_block<1>());
  }
  out[1] = counter_of_block<1>() != counter_of_block<2>() && counter_of_block<1>() != &counter;
  out[2] = counter_of_block<1>() == counter_of_block<1>();
}

TEST(Program, SharedVariablesAreDistinctPerDeclarationAndInstance) {
  int* out;
  ASSERT_EQ(cudaMallocManaged(&out, 3 * sizeof(int)), cudaSuccess);
  compare_instances<<<1, 1>>>(out);
  ASSERT_EQ(cudaDeviceSynchronize(), cudaSuccess);
  EXPECT_TRUE(out[0] && out[1] && out[2]);
  cudaFree(out);
}

TEST(Program, LineNumbersSurvive) {
  const int line = __LINE__;
  // clang-format off
  one<<<1,
        1>>>(); EXPECT_EQ(__LINE__, line + 3);
  // clang-format on
  EXPECT_EQ(take_total(), 1);
}

__device__ int sum_of_shared() { return in_every_kernel[0] + in_every_kernel[1] + one_of_a_kind.n; }
__global__ void fills_shared(int n) {
  in_every_kernel[threadIdx.x] = n;
  if (threadIdx.x == 0) one_of_a_kind.n = sizeof in_every_kernel;
  __syncthreads();
  if (threadIdx.x == 0) add(sum_of_shared());
}

TEST(Program, SharedVariablesOutsideOfFunctionsAreTheBlocks) {
  fills_shared<<<3, 2>>>(5);
  EXPECT_EQ(take_total(), 3 * (5 + 5 + 8));
}

__global__ void interpolates() { add(static_cast<int>(lerp(2.0f, 6.0f, 0.75f))); }

TEST(Program, MayDefineWhatNewerStandardsDeclare) {
  interpolates<<<1, 1>>>();
  EXPECT_EQ(take_total(), 5);
}

__global__ void reads_through_another_type(const float* in, unsigned* out) {
  float pair[2];
  *reinterpret_cast<uint2*>(pair) = *reinterpret_cast<const uint2*>(in);
  pair[1] += pair[0];
  *reinterpret_cast<uint2*>(out) = *reinterpret_cast<const uint2*>(pair);
}

TEST(Program, VectorsOfAnotherTypeReadAndWriteTheSameMemory) {
  void* memory = nullptr;
  ASSERT_EQ(cudaMalloc(&memory, 2 * sizeof(float)), cudaSuccess);
  const float in[2] = {1.0f, 2.0f};
  ASSERT_EQ(cudaMemcpy(memory, in, sizeof in, cudaMemcpyHostToDevice), cudaSuccess);
  reads_through_another_type<<<1, 1>>>(static_cast<const float*>(memory), static_cast<unsigned*>(memory));
  float out[2];
  ASSERT_EQ(cudaMemcpy(out, memory, sizeof out, cudaMemcpyDeviceToHost), cudaSuccess);
  EXPECT_EQ(out[0], 1.0f);
  EXPECT_EQ(out[1], 3.0f);
  EXPECT_EQ(cudaFree(memory), cudaSuccess);
}

}  // namespace
