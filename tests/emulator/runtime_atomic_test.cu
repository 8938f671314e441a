/// Atomic functions, from all blocks at once.
#include <algorithm>
#include <cstdint>

#include "tests/emulator/runtime_fixture.hpp"

namespace gridstride::emulator {
namespace {

class Atomics : public RuntimeTest {};
GRIDSTRIDE_EVERY_SCHEDULE(Atomics);

constexpr int kBlocks = 37;
constexpr int kThreads = 96;
constexpr int kCount = kBlocks * kThreads;

template <class T>
__global__ void add_ones(T* sum) {
  atomicAdd(sum, 1);
}

template <class T>
void expect_sum() {
  DeviceArray<T> sum(1, T{0});
  add_ones<<<kBlocks, kThreads>>>(sum.data());
  EXPECT_EQ(sum.host()[0], static_cast<T>(kCount));
}

TEST_P(Atomics, AddOfEveryType) {
  expect_sum<int>();
  expect_sum<unsigned>();
  expect_sum<unsigned long long>();
  expect_sum<float>();
  expect_sum<double>();
}

__global__ void min_max(int* i, unsigned* u, long long* l, unsigned long long* ul) {
  const int x = static_cast<int>(blockIdx.x * blockDim.x + threadIdx.x);
  atomicMin(&i[0], -x);
  atomicMax(&i[1], x);
  atomicMin(&u[0], static_cast<unsigned>(x));
  atomicMax(&u[1], ~static_cast<unsigned>(x));
  atomicMin(&l[0], -static_cast<long long>(x) << 33);
  atomicMax(&l[1], static_cast<long long>(x) << 33);
  atomicMin(&ul[0], static_cast<unsigned long long>(x));
  atomicMax(&ul[1], ~static_cast<unsigned long long>(x));
}

TEST_P(Atomics, MinMax) {
  DeviceArray<int> i(2, 0);
  DeviceArray<unsigned> u(std::vector<unsigned>{50, 0});
  DeviceArray<long long> l(2, 0);
  DeviceArray<unsigned long long> ul(std::vector<unsigned long long>{50, 0});
  min_max<<<kBlocks, kThreads>>>(i.data(), u.data(), l.data(), ul.data());
  EXPECT_EQ(i.host(), (std::vector<int>{-(kCount - 1), kCount - 1}));
  EXPECT_EQ(u.host(), (std::vector<unsigned>{0, ~0u}));
  EXPECT_EQ(l.host()[0], -(static_cast<long long>(kCount - 1) << 33));
  EXPECT_EQ(l.host()[1], static_cast<long long>(kCount - 1) << 33);
  EXPECT_EQ(ul.host(), (std::vector<unsigned long long>{0, ~0ull}));
}

__global__ void bits_and_exchange(unsigned* word, int* tickets, float* exchanged) {
  const unsigned bit = 1u << threadIdx.x % 32;
  atomicOr(&word[0], bit);
  atomicAnd(&word[1], ~bit);
  atomicXor(&word[2], bit);
  tickets[atomicExch(&tickets[kCount], static_cast<int>(blockIdx.x * blockDim.x + threadIdx.x))] = 1;
  atomicExch(exchanged, 3.5f);
  atomicSub(&word[3], 2);
}

TEST_P(Atomics, BitsAndExchange) {
  DeviceArray<unsigned> word(std::vector<unsigned>{0, ~0u, 0, 2 * kCount});
  std::vector<int> start(kCount + 1, 0);
  start[kCount] = kCount - 1;  // an index, so that the first to exchange has one
  DeviceArray<int> tickets(start);
  DeviceArray<float> exchanged(1, 0);
  bits_and_exchange<<<kBlocks, kThreads>>>(word.data(), tickets.data(), exchanged.data());
  // 111 warps toggle every bit.
  EXPECT_EQ(word.host(), (std::vector<unsigned>{~0u, 0, ~0u, 0}));
  EXPECT_EQ(exchanged.host()[0], 3.5f);
  const std::vector<int> seen = tickets.host();
  EXPECT_GE(std::count(seen.begin(), seen.begin() + kCount, 1), kCount - 1);
}

__global__ void wrap(unsigned* up, unsigned* down) {
  atomicInc(up, 6);
  atomicDec(down, 6);
}

TEST_P(Atomics, IncAndDecWrap) {
  DeviceArray<unsigned> up(1, 0);
  DeviceArray<unsigned> down(1, 0);
  wrap<<<3, 10>>>(up.data(), down.data());
  EXPECT_EQ(up.host()[0], 30u % 7);
  EXPECT_EQ(down.host()[0], (7 - 30u % 7) % 7);
}

__global__ void multiply_by_cas(unsigned long long* product) {
  unsigned long long old = *product;
  unsigned long long assumed = 0;
  do {
    assumed = old;
    old = atomicCAS(product, assumed, assumed * 3);
  } while (old != assumed);
}

TEST_P(Atomics, CompareAndSwap) {
  DeviceArray<unsigned long long> product(1, 1);
  multiply_by_cas<<<20, 64>>>(product.data());
  unsigned long long expected = 1;
  for (int i = 0; i < 1280; ++i) expected *= 3;
  EXPECT_EQ(product.host()[0], expected);
}

__global__ void scoped(int* x, unsigned* u) {
  atomicAdd_block(&x[0], 1);
  atomicAdd_system(&x[0], 1);
  atomicMax_block(&x[1], static_cast<int>(threadIdx.x));
  atomicCAS_system(&x[2], 0, 9);
  atomicInc_block(u, 1000);
}

TEST_P(Atomics, Scopes) {
  DeviceArray<int> x(3, 0);
  DeviceArray<unsigned> u(1, 0);
  scoped<<<4, 32>>>(x.data(), u.data());
  EXPECT_EQ(x.host(), (std::vector<int>{256, 31, 9}));
  EXPECT_EQ(u.host()[0], 128u);
}

__global__ void add_vectors(float2* two, float4* four) {
  atomicAdd(two, make_float2(1, -1));
  atomicAdd_block(four, make_float4(1, 2, 3, 4));
}

TEST_P(Atomics, FloatVectors) {
  DeviceArray<float2> two(1, make_float2(0, 0));
  DeviceArray<float4> four(1, make_float4(0, 0, 0, 0));
  add_vectors<<<5, 40>>>(two.data(), four.data());
  EXPECT_EQ(two.host()[0].y, -200.0f);
  EXPECT_EQ(four.host()[0].w, 800.0f);
}

__global__ void count_both_halves(longlong2* pair, longlong2* swapped) {
  longlong2 old = *pair;
  longlong2 assumed;
  do {
    assumed = old;
    old = atomicCAS(pair, assumed, make_longlong2(assumed.x + 1, assumed.y - 1));
  } while (old.x != assumed.x || old.y != assumed.y);
  const long long x = threadIdx.x;
  atomicExch(swapped, make_longlong2(x, -x));
}

TEST_P(Atomics, SixteenBytes) {
  DeviceArray<longlong2> pair(1, make_longlong2(0, 0));
  DeviceArray<longlong2> swapped(1, make_longlong2(1, 1));
  count_both_halves<<<20, 64>>>(pair.data(), swapped.data());
  EXPECT_EQ(pair.host()[0].x, 1280);
  EXPECT_EQ(pair.host()[0].y, -1280);
  EXPECT_EQ(swapped.host()[0].x, -swapped.host()[0].y);
}

__global__ void claim_short(unsigned short* slots) {
  atomicCAS(&slots[threadIdx.x % 4], static_cast<unsigned short>(0),
            static_cast<unsigned short>(threadIdx.x + 1));
}

TEST_P(Atomics, SixteenBits) {
  DeviceArray<unsigned short> slots(4, 0);
  claim_short<<<3, 64>>>(slots.data());
  const std::vector<unsigned short> got = slots.host();
  for (unsigned i = 0; i < 4; ++i) EXPECT_EQ((got[i] - 1u) % 4, i);
}

__global__ void histogram(const std::uint8_t* bytes, int* bins, int n) {
  __shared__ int own[16];
  if (threadIdx.x < 16) own[threadIdx.x] = 0;
  __syncthreads();
  for (int i = static_cast<int>(blockIdx.x * blockDim.x + threadIdx.x); i < n;
       i += static_cast<int>(gridDim.x * blockDim.x)) {
    atomicAdd(&own[bytes[i]], 1);
  }
  __syncthreads();
  if (threadIdx.x < 16) atomicAdd(&bins[threadIdx.x], own[threadIdx.x]);
}

TEST_P(Atomics, Histogram) {
  std::vector<std::uint8_t> bytes(100'003);
  std::vector<int> expected(16, 0);
  for (std::size_t i = 0; i < bytes.size(); ++i) {
    bytes[i] = static_cast<std::uint8_t>(i * i % 13);
    ++expected[bytes[i]];
  }
  DeviceArray<std::uint8_t> input(bytes);
  DeviceArray<int> bins(16, 0);
  histogram<<<12, 128>>>(input.data(), bins.data(), static_cast<int>(bytes.size()));
  EXPECT_EQ(bins.host(), expected);
}

__global__ void scoped(unsigned* counter, float* sum, int* best, unsigned* ticket, unsigned* seen) {
  const int i = static_cast<int>(blockIdx.x * blockDim.x + threadIdx.x);
  const unsigned mine = __nv_atomic_fetch_add(counter, 1u, __NV_ATOMIC_RELAXED, __NV_THREAD_SCOPE_DEVICE);
  __nv_atomic_add(sum, 0.5f, __NV_ATOMIC_ACQ_REL);
  __nv_atomic_fetch_max(best, i, __NV_ATOMIC_RELAXED);
  // Each thread waits for its turn.
  while (__nv_atomic_load_n(ticket, __NV_ATOMIC_ACQUIRE, __NV_THREAD_SCOPE_DEVICE) != mine) {}
  seen[mine] = mine;
  unsigned expected = mine;
  while (!__nv_atomic_compare_exchange_n(ticket, &expected, mine + 1, true, __NV_ATOMIC_RELEASE,
                                         __NV_ATOMIC_RELAXED)) {}
}

TEST_P(Atomics, BuiltInsWithOrderAndScope) {
  constexpr unsigned kThreads = 3 * 40;
  DeviceArray<unsigned> counter(1, 0), ticket(1, 0), seen(kThreads, 0);
  DeviceArray<float> sum(1, 0.0f);
  DeviceArray<int> best(1, -1);
  scoped<<<3, 40>>>(counter.data(), sum.data(), best.data(), ticket.data(), seen.data());
  EXPECT_EQ(counter.host()[0], kThreads);
  EXPECT_EQ(ticket.host()[0], kThreads);
  EXPECT_EQ(sum.host()[0], kThreads / 2.0f);
  EXPECT_EQ(best.host()[0], static_cast<int>(kThreads) - 1);
  for (unsigned i = 0; i < kThreads; ++i) EXPECT_EQ(seen.host()[i], i);
}

}  // namespace
}  // namespace gridstride::emulator
