// wgmma of every type, width and layout against a plain product; and a pipeline of tensor copies, mbarriers
// and wgmma.
#include <cmath>

#include "kernels/core/tensor_map.hpp"
#include "kernels/device/ptx/tensor_copy.cuh"
#include "kernels/device/ptx/wgmma.cuh"
#include "tests/kernels/ptx.hpp"

namespace gridstride {
namespace {

using namespace ptx;
using testing_support::to_device;
using testing_support::to_host;

/// wgmma is for sm_90a alone: its successors lack it, and so does code compiled for sm_90.
__global__ void has_wgmma(int* answer) { *answer = GRIDSTRIDE_PTX_90A || GRIDSTRIDE_TWINS; }

bool lacks_wgmma() {
  DeviceBuffer<int> answer(1);
  has_wgmma<<<1, 1>>>(answer.data());
  check_launch("ptx_wgmma_test");
  return to_host(answer)[0] == 0;
}

#define GRIDSTRIDE_NEEDS_WGMMA() \
  if (lacks_wgmma()) GTEST_SKIP() << "needs code for sm_90a"

struct F16 {
  static constexpr int kBytes = 2;
  static uint32_t bits(int value) { return __half_as_ushort(__float2half(static_cast<float>(value))); }
};
struct Bf16 {
  static constexpr int kBytes = 2;
  static uint32_t bits(int value) {
    return __bfloat16_as_ushort(__float2bfloat16(static_cast<float>(value)));
  }
};
struct Tf32 {
  static constexpr int kBytes = 4;
  static uint32_t bits(int value) {
    const auto number = static_cast<float>(value);
    uint32_t out;
    std::memcpy(&out, &number, sizeof out);
    return out;
  }
};
struct S8 {
  static constexpr int kBytes = 1;
  static uint32_t bits(int value) { return static_cast<uint32_t>(value) & 0xff; }
};

/// How an operand lies in shared memory. `lines` are rows of a or columns of b.
struct Layout {
  uint32_t span;
  Major major;
  uint32_t leading, stride, bytes;

  static Layout of(uint32_t span, Major major, int lines) {
    const auto n = static_cast<uint32_t>(lines);
    if (major == Major::k && span == 16)
      return {span, major, 128, 256, n * 32};                            // 8 lines, next 16 bytes of k
    if (major == Major::k) return {span, major, 0, 8 * span, n * span};  // lines of a span, one k step
    if (span == 16) return {span, major, 16 * n, 128, n * 32};           // all lines of 8 k, the next 8 k
    return {span, major, 16 * span, 8 * span, n * 32};                   // 16 k of a span, next span
  }

  /// Where element (line, k) lies, before the swizzle: the manual's canonical layouts, counted in bytes.
  uint32_t place(uint32_t line, uint32_t k, uint32_t element_bytes) const {
    if (major == Major::k) {
      const uint32_t byte = k * element_bytes;
      return span == 16 ? line / 8 * stride + byte / 16 * leading + line % 8 * 16 + byte % 16
                        : line / 8 * stride + line % 8 * span + byte;
    }
    const uint32_t byte = line * element_bytes;
    return span == 16 ? line / 8 * stride + k / 8 * leading + k % 8 * 16 + byte % 16
                      : byte / span * leading + k / 8 * stride + k % 8 * span + byte % span;
  }
};

uint32_t pieces_exchanged(uint32_t offset, uint32_t span) {
  const uint32_t row = offset / 128, piece = offset / 16 % 8;
  return row * 128 + (piece ^ (row % (span / 16))) * 16 + offset % 16;
}

template <class T>
std::vector<unsigned char> image(const Layout& layout, const std::vector<int>& values, int lines, int k) {
  std::vector<unsigned char> out(layout.bytes);
  for (int line = 0; line < lines; ++line) {
    for (int l = 0; l < k; ++l) {
      const uint32_t bits = T::bits(values[line * k + l]);
      const uint32_t at = layout.place(static_cast<uint32_t>(line), static_cast<uint32_t>(l), T::kBytes);
      std::memcpy(&out[pieces_exchanged(at, layout.span)], &bits, T::kBytes);
    }
  }
  return out;
}

/// Registers of a: thread by thread, by the table for m16n8k* products of each warp's 16 rows.
template <class T>
std::vector<uint32_t> registers_of_a(const std::vector<int>& a, int k) {
  constexpr int kPer = 4 / T::kBytes;
  std::vector<uint32_t> out(128 * 4);
  for (int thread = 0; thread < 128; ++thread) {
    for (int i = 0; i < 4 * kPer; ++i) {
      const int word = i / kPer;
      const int row = thread / 32 * 16 + thread % 32 / 4 + (word % 2 == 0 ? 0 : 8);
      const int column = thread % 4 * kPer + i % kPer + (word < 2 ? 0 : 4 * kPer);
      out[thread * 4 + word] |= T::bits(a[row * k + column]) << (i % kPer * T::kBytes * 8 % 32);
    }
  }
  return out;
}

/// d holds 1 before; what two products in one group leave there, and what is seen without waiting.
template <int kN, class D, uint32_t kSpanA, uint32_t kSpanB, class Call>
__global__ void multiply(Call call, const unsigned char* a, Layout layout_a, const uint32_t* rA,
                         const unsigned char* b, Layout layout_b, D* d, D* before) {
  extern __shared__ __align__(1024) unsigned char s_operands[];
  unsigned char* sB = s_operands + (layout_a.bytes + 1023) / 1024 * 1024;
  for (auto i = threadIdx.x; i < layout_a.bytes; i += 128) s_operands[i] = a[i];
  for (auto i = threadIdx.x; i < layout_b.bytes; i += 128) sB[i] = b[i];
  fence_proxy_async();
  __syncthreads();
  const uint32_t registers[4] = {rA[4 * threadIdx.x], rA[4 * threadIdx.x + 1], rA[4 * threadIdx.x + 2],
                                 rA[4 * threadIdx.x + 3]};
  D rD[kN / 2];
  for (D& x : rD) x = 1;
  wgmma_fence();
  call(rD, wgmma_descriptor<kSpanA>(shared_address(s_operands), layout_a.leading, layout_a.stride), registers,
       wgmma_descriptor<kSpanB>(shared_address(sB), layout_b.leading, layout_b.stride));
  wgmma_commit_group();
  if (GRIDSTRIDE_TWINS) before[threadIdx.x] = rD[kN / 2 - 1];  // undefined on a GPU, which compiles it badly
  wgmma_wait_group<0>();
  for (int i = 0; i < kN / 2; ++i) d[threadIdx.x * (kN / 2) + i] = rD[i];
}

template <class T, int kN, class D, uint32_t kSpanA, uint32_t kSpanB, class Call>
void expect_product(Call call, Major major_a, Major major_b, int times) {
  const int k = 32 / T::kBytes;
  const auto a = testing_support::random_integers(64 * k, -8, 8, 1);
  const auto b = testing_support::random_integers(kN * k, -8, 8, 2);  // column by column
  const Layout layout_a = Layout::of(kSpanA, major_a, 64), layout_b = Layout::of(kSpanB, major_b, kN);
  const auto dA = to_device(image<T>(layout_a, a, 64, k)), dB = to_device(image<T>(layout_b, b, kN, k));
  const auto rA = to_device(registers_of_a<T>(a, k));
  DeviceBuffer<D> d(128 * kN / 2), before(128);
  const auto kernel = multiply<kN, D, kSpanA, kSpanB, Call>;
  constexpr int kSharedBytes = 64 * 128 + 256 * 128;
  GRIDSTRIDE_CUDA(cudaFuncSetAttribute(kernel, cudaFuncAttributeMaxDynamicSharedMemorySize, kSharedBytes));
  kernel<<<1, 128, kSharedBytes>>>(call, dA.data(), layout_a, rA.data(), dB.data(), layout_b, d.data(),
                                   before.data());
  check_launch("ptx_wgmma_test");
  const auto got = to_host(d);
  for (int thread = 0; thread < 128; ++thread) {
    for (int i = 0; i < kN / 2; ++i) {
      const int row = thread / 32 * 16 + thread % 32 / 4 + (i / 2 % 2 == 0 ? 0 : 8);
      const int column = i / 4 * 8 + thread % 4 * 2 + i % 2;
      int sum = 0;
      for (int l = 0; l < k; ++l) sum += a[row * k + l] * b[column * k + l];
      ASSERT_EQ(got[thread * (kN / 2) + i], static_cast<D>(times * sum))
          << "thread " << thread << " element " << i;
    }
  }
  if (testing_support::work_is_done_when_waited_for()) {
    EXPECT_EQ(to_host(before), std::vector<D>(128, D{1})) << "nobody had waited";
  }
}

constexpr Major kK = Major::k, kMn = Major::mn;

/// An instruction as an object that a kernel can be given: both operands from shared memory, first
/// overwriting d and then adding, which is twice the product; or a from registers, once.
#define GRIDSTRIDE_FROM_SHARED(NAME, ...)                                                   \
  struct NAME {                                                                             \
    template <class D>                                                                      \
    __device__ void operator()(D& d, uint64_t a, const uint32_t (&)[4], uint64_t b) const { \
      __VA_ARGS__(d, a, b, false);                                                          \
      __VA_ARGS__(d, a, b, true);                                                           \
    }                                                                                       \
  };
#define GRIDSTRIDE_FROM_REGISTERS(NAME, ...)                                               \
  struct NAME {                                                                            \
    template <class D>                                                                     \
    __device__ void operator()(D& d, uint64_t, const uint32_t (&a)[4], uint64_t b) const { \
      __VA_ARGS__(d, a, b, false);                                                         \
    }                                                                                      \
  };
GRIDSTRIDE_FROM_SHARED(SharedF16x64, wgmma_f32_f16<64>)
GRIDSTRIDE_FROM_SHARED(SharedF16x128, wgmma_f32_f16<128>)
GRIDSTRIDE_FROM_SHARED(SharedF16x128MnMn, wgmma_f32_f16<128, kMn, kMn>)
GRIDSTRIDE_FROM_SHARED(SharedF16x64MnMn, wgmma_f32_f16<64, kMn, kMn>)
GRIDSTRIDE_FROM_SHARED(SharedF16x256MnMn, wgmma_f32_f16<256, kMn, kMn>)
GRIDSTRIDE_FROM_SHARED(SharedBf16x64, wgmma_f32_bf16<64>)
GRIDSTRIDE_FROM_SHARED(SharedBf16x128KMn, wgmma_f32_bf16<128, kK, kMn>)
GRIDSTRIDE_FROM_SHARED(SharedTf32x64, wgmma_f32_tf32<64>)
GRIDSTRIDE_FROM_SHARED(SharedS8x64, wgmma_s32_s8<64>)
GRIDSTRIDE_FROM_REGISTERS(RegistersF16x256Mn, wgmma_f32_f16<256, kMn>)
GRIDSTRIDE_FROM_REGISTERS(RegistersBf16x64, wgmma_f32_bf16<64>)
GRIDSTRIDE_FROM_REGISTERS(RegistersTf32x128, wgmma_f32_tf32<128>)
GRIDSTRIDE_FROM_REGISTERS(RegistersS8x256, wgmma_s32_s8<256>)

TEST(WgmmaTest, HalvesInEveryLayout) {
  GRIDSTRIDE_NEEDS_WGMMA();
  expect_product<F16, 64, float, 16, 16>(SharedF16x64{}, kK, kK, 2);
  expect_product<F16, 64, float, 32, 64>(SharedF16x64{}, kK, kK, 2);
  expect_product<F16, 128, float, 128, 128>(SharedF16x128{}, kK, kK, 2);
  expect_product<F16, 128, float, 16, 16>(SharedF16x128MnMn{}, kMn, kMn, 2);
  expect_product<F16, 64, float, 32, 64>(SharedF16x64MnMn{}, kMn, kMn, 2);
  expect_product<F16, 256, float, 128, 128>(SharedF16x256MnMn{}, kMn, kMn, 2);
  expect_product<F16, 256, float, 128, 128>(RegistersF16x256Mn{}, kK, kMn, 1);
}

TEST(WgmmaTest, Bfloat16) {
  GRIDSTRIDE_NEEDS_WGMMA();
  expect_product<Bf16, 64, float, 128, 128>(SharedBf16x64{}, kK, kK, 2);
  expect_product<Bf16, 128, float, 64, 128>(SharedBf16x128KMn{}, kK, kMn, 2);
  expect_product<Bf16, 64, float, 128, 128>(RegistersBf16x64{}, kK, kK, 1);
}

TEST(WgmmaTest, Tf32AndBytes) {
  GRIDSTRIDE_NEEDS_WGMMA();
  expect_product<Tf32, 64, float, 128, 32>(SharedTf32x64{}, kK, kK, 2);
  expect_product<Tf32, 128, float, 128, 16>(RegistersTf32x128{}, kK, kK, 1);
  expect_product<S8, 64, int, 128, 64>(SharedS8x64{}, kK, kK, 2);
  expect_product<S8, 256, int, 128, 128>(RegistersS8x256{}, kK, kK, 1);
}

// C (64 x 64) = A (64 x k) B^T (64 x k), halves: two stages of 64 along k that the copy engine fills.
constexpr int kDepth = 64, kStages = 2;

struct Stage {
  __half a[64][kDepth], b[64][kDepth];
};

__global__ void pipeline(const __grid_constant__ CUtensorMap a, const __grid_constant__ CUtensorMap b,
                         float* c, int steps) {
  extern __shared__ __align__(1024) unsigned char s_memory[];
  __shared__ uint64_t s_full[kStages];
  auto* stages = reinterpret_cast<Stage*>(s_memory);
  const auto fetch = [&](int step) {
    Stage& stage = stages[step % kStages];
    const uint32_t full = shared_address(&s_full[step % kStages]);
    mbarrier_arrive_expect_tx(full, sizeof(Stage));
    tensor_load(shared_address(stage.a), &a, {step * kDepth, 0}, full);
    tensor_load(shared_address(stage.b), &b, {step * kDepth, 0}, full);
  };
  if (threadIdx.x == 0) {
    for (uint64_t& full : s_full) mbarrier_init(shared_address(&full), 1);
    fence_mbarrier_init();
    for (int step = 0; step < kStages && step < steps; ++step) fetch(step);
  }
  __syncthreads();
  float sums[32] = {};
  for (int step = 0; step < steps; ++step) {
    const uint32_t full = shared_address(&s_full[step % kStages]);
    while (!mbarrier_try_wait_parity(full, step / kStages % 2)) {}
    const uint32_t sA = shared_address(stages[step % kStages].a),
                   sB = shared_address(stages[step % kStages].b);
    wgmma_fence();
    for (uint32_t byte = 0; byte < 128; byte += 32) {
      wgmma_f32_f16<64>(sums, wgmma_descriptor<128>(sA + byte, 0, 1024),
                        wgmma_descriptor<128>(sB + byte, 0, 1024), true);
    }
    wgmma_commit_group();
    wgmma_wait_group<0>();
    __syncthreads();
    if (threadIdx.x == 0 && step + kStages < steps) fetch(step + kStages);
  }
  for (int i = 0; i < 32; ++i) {
    const int row = static_cast<int>(threadIdx.x) / 32 * 16 + lane() / 4 + i / 2 % 2 * 8;
    c[row * 64 + i / 4 * 8 + lane() % 4 * 2 + i % 2] = sums[i];
  }
}

TEST(WgmmaTest, PipelineFedByTensorCopies) {
  GRIDSTRIDE_NEEDS_WGMMA();
  constexpr int kColumns = 5 * kDepth;
  const auto a = testing_support::random_integers(64 * kColumns, -4, 4, 1);
  const auto b = testing_support::random_integers(64 * kColumns, -4, 4, 2);
  auto dA = to_device(std::vector<__half>(a.begin(), a.end())),
       dB = to_device(std::vector<__half>(b.begin(), b.end()));
  const uint64_t sizes[] = {kColumns, 64}, strides[] = {kColumns * sizeof(__half)};
  const uint32_t box[] = {kDepth, 64};
  TensorBoxes boxes{dA.data(), CU_TENSOR_MAP_DATA_TYPE_FLOAT16, sizes, strides,
                    box,       CU_TENSOR_MAP_SWIZZLE_128B};
  const CUtensorMap map_a = make_tensor_map(boxes);
  boxes.address = dB.data();
  const CUtensorMap map_b = make_tensor_map(boxes);
  DeviceBuffer<float> c(64 * 64);
  pipeline<<<1, 128, kStages * sizeof(Stage)>>>(map_a, map_b, c.data(), kColumns / kDepth);
  check_launch("ptx_wgmma_test");
  std::vector<float> expected(64 * 64);
  for (int i = 0; i < 64 * 64; ++i) {
    int sum = 0;
    for (int l = 0; l < kColumns; ++l) sum += a[i / 64 * kColumns + l] * b[i % 64 * kColumns + l];
    expected[i] = static_cast<float>(sum);
  }
  EXPECT_EQ(to_host(c), expected);
}

}  // namespace
}  // namespace gridstride
