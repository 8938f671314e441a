// wgmma.mma_async: d = a * b, or d += a * b, for a large product that four warps compute together.
//
// d is 64 x N, a 64 x K and b K x N, where K is 32 bytes of elements. Both operands lie in shared memory,
// told by a descriptor, or a lies in registers. The product goes on while the warps do: fence before the
// first use of d and of a's registers, commit, and wait before d is read or shared memory is written again.
//
// Warp w of the four (the first one's number is a multiple of 4) and its lane hold, with g = lane / 4, t =
// lane % 4,
//   d[i]       row 16 w + g + 8 (i / 2 % 2),  column 8 (i / 4) + 2 t + i % 2
//   a[i]       rows 16 w to 16 w + 15 as A of an m16n8 product (mma.cuh)
//
// In shared memory an operand is a row of patterns of 8 lines. "K-major": a line holds one row of a, or one
// column of b, along k; `stride_bytes` leads from 8 lines to the next 8. "MN-major" (16-bit elements only): a
// line holds the elements of one k; `stride_bytes` leads from 8 values of k to the next 8, `leading_bytes`
// from one line's span of rows or columns to the next. Without swizzle a pattern is 8 lines of 16 bytes, one
// behind the other; K-major, `leading_bytes` then leads to the second 16 bytes of k, and MN-major the two
// change places.
//
// Products are exact; the order and the rounding of the sum are the hardware's. Integers wrap around.
// Source: PTX ISA, Asynchronous Warpgroup Level Matrix Instructions; Matrix Descriptor Format; Canonical
// Layouts
#pragma once

#include "kernels/device/ptx/mma.cuh"
#include "kernels/device/ptx/swizzle.cuh"

namespace gridstride::ptx {

/// Which index of an operand runs fastest in shared memory.
enum class Major { k, mn };

/// The matrix descriptor of an operand that begins at `shared`, in a layout that swizzled<kSpan>() makes (16:
/// none). A step of 32 bytes along k within a swizzled line is a step of 32 bytes of `shared`.
template <uint32_t kSpan>
__device__ __forceinline__ uint64_t wgmma_descriptor(uint32_t shared, uint32_t leading_bytes,
                                                     uint32_t stride_bytes) {
  static_assert(kSpan == 16 || kSpan == 32 || kSpan == 64 || kSpan == 128,
                "spans are 16, 32, 64 and 128 bytes");
  constexpr uint64_t kMode = kSpan == 16 ? 0 : kSpan == 128 ? 1 : kSpan == 64 ? 2 : 3;
  const auto field = [](uint32_t bytes) { return static_cast<uint64_t>((bytes & 0x3ffff) >> 4); };
  return field(shared) | field(leading_bytes) << 16 | field(stride_bytes) << 32 | kMode << 62;
}

#if GRIDSTRIDE_TWINS
namespace twins {

/// An operand in shared memory, read back from its descriptor.
template <class T, Major kMajor>
class InShared {
 public:
  static constexpr uint32_t kBytes = 4 / T::kPerRegister;
  static_assert(kMajor == Major::k || kBytes == 2, "only operands of 16 bits may be MN-major");

  explicit InShared(uint64_t descriptor)
      : start_(twin::own_shared_address(field(descriptor))),
        leading_(field(descriptor >> 16)),
        stride_(field(descriptor >> 32)),
        mode_(static_cast<uint32_t>(descriptor >> 62)) {}

  /// `line` is the row of a, or the column of b.
  auto operator()(uint32_t line, uint32_t k) const {
    uint32_t bits = 0;
    std::memcpy(&bits, shared_pointer(place(line, k)), kBytes);
    return T::value(bits, 0);
  }

 private:
  static uint32_t field(uint64_t bits) { return static_cast<uint32_t>(bits & 0x3fff) << 4; }
  uint32_t place(uint32_t line, uint32_t k) const {
    constexpr uint32_t kSpans[] = {16, 128, 64, 32};
    const uint32_t span = kSpans[mode_];
    const uint32_t fast = (kMajor == Major::k ? k : line) * kBytes, slow = kMajor == Major::k ? line : k;
    // From a span to the next one along the fast index, and from 8 lines to the next 8.
    const bool exchanged = kMajor == Major::mn && span == 16;
    const uint32_t next_span = exchanged ? stride_ : leading_, next_lines = exchanged ? leading_ : stride_;
    const uint32_t address =
        start_ + fast % span + fast / span * next_span + slow % 8 * span + slow / 8 * next_lines;
    return mode_ == 0   ? address
           : mode_ == 1 ? swizzled<128>(address)
           : mode_ == 2 ? swizzled<64>(address)
                        : swizzled<32>(address);
  }

  uint32_t start_, leading_, stride_, mode_;
};

/// The two rows of a that a thread's part of d needs, from the registers of the four lanes that hold them.
template <class T>
class InRegisters {
 public:
  explicit InRegisters(const uint32_t (&a)[4]) {
    struct Registers {
      const uint32_t* a;
    };
    across_warp(Registers{a}, [this](const Registers* const all[32]) {
      for (int t = 0; t < 4; ++t) std::memcpy(a_[t], all[lane() / 4 * 4 + t]->a, sizeof a_[t]);
    });
  }
  auto operator()(uint32_t line, uint32_t k) const {
    const uint32_t per = T::kPerRegister;
    return T::value(a_[k / per % 4][line / 8 % 2 + 2 * (k / (4 * per))], static_cast<int>(k % per));
  }

 private:
  uint32_t a_[4][4];
};

/// d changes when the four warps wait: whoever forgets to reads what was there before.
template <class T, int kN, class A, class B, class D>
void start_product(D* d, const A& a, const B& b, bool accumulate) {
  const unsigned rank = threadIdx.x + blockDim.x * (threadIdx.y + blockDim.y * threadIdx.z);
  const uint32_t row = 16 * (rank / 32 % 4) + rank % 32 / 4, column = 2 * (rank % 4);
  constexpr uint32_t kK = 8 * T::kPerRegister;
  [[maybe_unused]] const twin::Product one_instruction(2 * 64 * kN * kK / 4);
  twin::start(twin::Kind::Products, twin::Task([=] {
                decltype(T::value(0, 0)) rows[2][kK];
                for (uint32_t k = 0; k < kK; ++k) {
                  rows[0][k] = a(row, k);
                  rows[1][k] = a(row + 8, k);
                }
                for (int i = 0; i < kN / 2; ++i) {
                  decltype(T::value(0, 0)) sum = accumulate ? d[i] : 0;
                  for (uint32_t k = 0; k < kK; ++k) {
                    sum += rows[i / 2 % 2][k] * b(static_cast<uint32_t>(8 * (i / 4) + i % 2) + column, k);
                  }
                  d[i] = static_cast<D>(sum);
                }
              }));
}

}  // namespace twins
#endif

/// wgmma.fence: what the four warps wrote to the registers is seen by the products that follow. The twins see
/// it anyway: a kernel that forgets this fence is right here, and wrong on a GPU.
__device__ __forceinline__ void wgmma_fence() {
#if GRIDSTRIDE_PTX_90A
  asm volatile("wgmma.fence.sync.aligned;" ::: "memory");
#elif !GRIDSTRIDE_TWINS
  missing("wgmma", "sm_90a");
#endif
}

/// wgmma.commit_group: the products since the last group are a group.
__device__ __forceinline__ void wgmma_commit_group() {
#if GRIDSTRIDE_PTX_90A
  asm volatile("wgmma.commit_group.sync.aligned;" ::: "memory");
#elif GRIDSTRIDE_TWINS
  twin::commit(twin::Kind::Products);
#else
  missing("wgmma", "sm_90a");
#endif
}

/// wgmma.wait_group: until at most the latest kLeft groups are under way.
template <int kLeft>
__device__ __forceinline__ void wgmma_wait_group() {
#if GRIDSTRIDE_PTX_90A
  asm volatile("wgmma.wait_group.sync.aligned %0;" ::"n"(kLeft) : "memory");
#elif GRIDSTRIDE_TWINS
  twin::wait_together(twin::Kind::Products, kLeft, 128);
#else
  missing("wgmma", "sm_90a");
#endif
}

/// The widths that have inline PTX; the instruction takes every multiple of 8 up to 256.
template <int kN>
inline constexpr bool kWgmmaWidth = kN == 64 || kN == 128 || kN == 256;

#if GRIDSTRIDE_PTX_90A
#define GRIDSTRIDE_D32_NAMES                                        \
  "{"                                                               \
  "%0,%1,%2,%3,%4,%5,%6,%7,%8,%9,%10,%11,%12,%13,%14,%15,"          \
  "%16,%17,%18,%19,%20,%21,%22,%23,%24,%25,%26,%27,%28,%29,%30,%31" \
  "}"
#define GRIDSTRIDE_D64_NAMES                                         \
  "{"                                                                \
  "%0,%1,%2,%3,%4,%5,%6,%7,%8,%9,%10,%11,%12,%13,%14,%15,"           \
  "%16,%17,%18,%19,%20,%21,%22,%23,%24,%25,%26,%27,%28,%29,%30,%31," \
  "%32,%33,%34,%35,%36,%37,%38,%39,%40,%41,%42,%43,%44,%45,%46,%47," \
  "%48,%49,%50,%51,%52,%53,%54,%55,%56,%57,%58,%59,%60,%61,%62,%63"  \
  "}"
#define GRIDSTRIDE_D128_NAMES                                                       \
  "{"                                                                               \
  "%0,%1,%2,%3,%4,%5,%6,%7,%8,%9,%10,%11,%12,%13,%14,%15,"                          \
  "%16,%17,%18,%19,%20,%21,%22,%23,%24,%25,%26,%27,%28,%29,%30,%31,"                \
  "%32,%33,%34,%35,%36,%37,%38,%39,%40,%41,%42,%43,%44,%45,%46,%47,"                \
  "%48,%49,%50,%51,%52,%53,%54,%55,%56,%57,%58,%59,%60,%61,%62,%63,"                \
  "%64,%65,%66,%67,%68,%69,%70,%71,%72,%73,%74,%75,%76,%77,%78,%79,"                \
  "%80,%81,%82,%83,%84,%85,%86,%87,%88,%89,%90,%91,%92,%93,%94,%95,"                \
  "%96,%97,%98,%99,%100,%101,%102,%103,%104,%105,%106,%107,%108,%109,%110,%111,"    \
  "%112,%113,%114,%115,%116,%117,%118,%119,%120,%121,%122,%123,%124,%125,%126,%127" \
  "}"
#define GRIDSTRIDE_D4(R, i) R(d[i]), R(d[i + 1]), R(d[i + 2]), R(d[i + 3])
#define GRIDSTRIDE_D16(R, i) \
  GRIDSTRIDE_D4(R, i), GRIDSTRIDE_D4(R, i + 4), GRIDSTRIDE_D4(R, i + 8), GRIDSTRIDE_D4(R, i + 12)
#define GRIDSTRIDE_D32(R) GRIDSTRIDE_D16(R, 0), GRIDSTRIDE_D16(R, 16)
#define GRIDSTRIDE_D64(R) GRIDSTRIDE_D32(R), GRIDSTRIDE_D16(R, 32), GRIDSTRIDE_D16(R, 48)
#define GRIDSTRIDE_D128(R)                                                                \
  GRIDSTRIDE_D64(R), GRIDSTRIDE_D16(R, 64), GRIDSTRIDE_D16(R, 80), GRIDSTRIDE_D16(R, 96), \
      GRIDSTRIDE_D16(R, 112)
#define GRIDSTRIDE_WGMMA_ASM(INSTRUCTION, NAMES, A, B, P, TAIL, D, ...)                                \
  asm volatile("{\n.reg .pred p;\nsetp.ne.b32 p, " P ", 0;\nwgmma.mma_async.sync.aligned." INSTRUCTION \
               " " NAMES ", " A ", " B ", p" TAIL ";\n}"                                               \
               : D                                                                                     \
               : __VA_ARGS__)
// The three widths of an instruction: a and b are both descriptors, or a is four registers.
#define GRIDSTRIDE_WGMMA_SHARED(K, TYPES, R, TAIL32, TAIL64, TAIL128, ...)                          \
  if constexpr (kN == 64) {                                                                         \
    GRIDSTRIDE_WGMMA_ASM("m64n64" K TYPES, GRIDSTRIDE_D32_NAMES, "%32", "%33", "%34", TAIL32,       \
                         GRIDSTRIDE_D32(R), "l"(a), "l"(b), "r"(int{accumulate})__VA_ARGS__);       \
  } else if constexpr (kN == 128) {                                                                 \
    GRIDSTRIDE_WGMMA_ASM("m64n128" K TYPES, GRIDSTRIDE_D64_NAMES, "%64", "%65", "%66", TAIL64,      \
                         GRIDSTRIDE_D64(R), "l"(a), "l"(b), "r"(int{accumulate})__VA_ARGS__);       \
  } else {                                                                                          \
    GRIDSTRIDE_WGMMA_ASM("m64n256" K TYPES, GRIDSTRIDE_D128_NAMES, "%128", "%129", "%130", TAIL128, \
                         GRIDSTRIDE_D128(R), "l"(a), "l"(b), "r"(int{accumulate})__VA_ARGS__);      \
  }
#define GRIDSTRIDE_WGMMA_REGISTERS(K, TYPES, R, TAIL32, TAIL64, TAIL128, ...)                                \
  if constexpr (kN == 64) {                                                                                  \
    GRIDSTRIDE_WGMMA_ASM("m64n64" K TYPES, GRIDSTRIDE_D32_NAMES, "{%32,%33,%34,%35}", "%36", "%37", TAIL32,  \
                         GRIDSTRIDE_D32(R), "r"(a[0]), "r"(a[1]), "r"(a[2]), "r"(a[3]), "l"(b),              \
                         "r"(int{accumulate})__VA_ARGS__);                                                   \
  } else if constexpr (kN == 128) {                                                                          \
    GRIDSTRIDE_WGMMA_ASM("m64n128" K TYPES, GRIDSTRIDE_D64_NAMES, "{%64,%65,%66,%67}", "%68", "%69", TAIL64, \
                         GRIDSTRIDE_D64(R), "r"(a[0]), "r"(a[1]), "r"(a[2]), "r"(a[3]), "l"(b),              \
                         "r"(int{accumulate})__VA_ARGS__);                                                   \
  } else {                                                                                                   \
    GRIDSTRIDE_WGMMA_ASM("m64n256" K TYPES, GRIDSTRIDE_D128_NAMES, "{%128,%129,%130,%131}", "%132", "%133",  \
                         TAIL128, GRIDSTRIDE_D128(R), "r"(a[0]), "r"(a[1]), "r"(a[2]), "r"(a[3]), "l"(b),    \
                         "r"(int{accumulate})__VA_ARGS__);                                                   \
  }
#endif

// The three bodies.
#if GRIDSTRIDE_PTX_90A
#define GRIDSTRIDE_WGMMA_BODY(PTX, T, A, B) PTX
#elif GRIDSTRIDE_TWINS
#define GRIDSTRIDE_WGMMA_BODY(PTX, T, A, B) twins::start_product<twins::T, kN>(d, A, B, accumulate)
#else
#define GRIDSTRIDE_WGMMA_BODY(PTX, T, A, B) missing("wgmma", "sm_90a")
#endif
#define GRIDSTRIDE_WGMMA(PTX, T, A, B)                                             \
  static_assert(kWgmmaWidth<kN>, "wgmma is offered 64, 128 and 256 columns wide"); \
  GRIDSTRIDE_WGMMA_BODY(PTX, T, A, B)

/// wgmma.mma_async.sync.aligned.m64n<kN>k16.f32.f16.f16, both operands in shared memory; without `accumulate`
/// d is overwritten.
template <int kN, Major kMajorA = Major::k, Major kMajorB = Major::k>
__device__ __forceinline__ void wgmma_f32_f16(float (&d)[kN / 2], uint64_t a, uint64_t b, bool accumulate) {
  GRIDSTRIDE_WGMMA(
      GRIDSTRIDE_WGMMA_SHARED("k16", ".f32.f16.f16", "+f", ", 1, 1, %35, %36", ", 1, 1, %67, %68",
                              ", 1, 1, %131, %132", , "n"(kMajorA == Major::mn), "n"(kMajorB == Major::mn)),
      F16, (twins::InShared<twins::F16, kMajorA>(a)), (twins::InShared<twins::F16, kMajorB>(b)));
}

/// The same with a in registers.
template <int kN, Major kMajorB = Major::k>
__device__ __forceinline__ void wgmma_f32_f16(float (&d)[kN / 2], const uint32_t (&a)[4], uint64_t b,
                                              bool accumulate) {
  GRIDSTRIDE_WGMMA(GRIDSTRIDE_WGMMA_REGISTERS("k16", ".f32.f16.f16", "+f", ", 1, 1, %38", ", 1, 1, %70",
                                              ", 1, 1, %134", , "n"(kMajorB == Major::mn)),
                   F16, (twins::InRegisters<twins::F16>(a)), (twins::InShared<twins::F16, kMajorB>(b)));
}

/// wgmma.mma_async.sync.aligned.m64n<kN>k16.f32.bf16.bf16, both operands in shared memory; without
/// `accumulate` d is overwritten.
template <int kN, Major kMajorA = Major::k, Major kMajorB = Major::k>
__device__ __forceinline__ void wgmma_f32_bf16(float (&d)[kN / 2], uint64_t a, uint64_t b, bool accumulate) {
  GRIDSTRIDE_WGMMA(
      GRIDSTRIDE_WGMMA_SHARED("k16", ".f32.bf16.bf16", "+f", ", 1, 1, %35, %36", ", 1, 1, %67, %68",
                              ", 1, 1, %131, %132", , "n"(kMajorA == Major::mn), "n"(kMajorB == Major::mn)),
      Bf16, (twins::InShared<twins::Bf16, kMajorA>(a)), (twins::InShared<twins::Bf16, kMajorB>(b)));
}

/// The same with a in registers.
template <int kN, Major kMajorB = Major::k>
__device__ __forceinline__ void wgmma_f32_bf16(float (&d)[kN / 2], const uint32_t (&a)[4], uint64_t b,
                                               bool accumulate) {
  GRIDSTRIDE_WGMMA(GRIDSTRIDE_WGMMA_REGISTERS("k16", ".f32.bf16.bf16", "+f", ", 1, 1, %38", ", 1, 1, %70",
                                              ", 1, 1, %134", , "n"(kMajorB == Major::mn)),
                   Bf16, (twins::InRegisters<twins::Bf16>(a)), (twins::InShared<twins::Bf16, kMajorB>(b)));
}

/// wgmma.mma_async.sync.aligned.m64n<kN>k8.f32.tf32.tf32, both operands in shared memory; without
/// `accumulate` d is overwritten.
template <int kN>
__device__ __forceinline__ void wgmma_f32_tf32(float (&d)[kN / 2], uint64_t a, uint64_t b, bool accumulate) {
  GRIDSTRIDE_WGMMA(GRIDSTRIDE_WGMMA_SHARED("k8", ".f32.tf32.tf32", "+f", ", 1, 1", ", 1, 1", ", 1, 1"), Tf32,
                   (twins::InShared<twins::Tf32, Major::k>(a)), (twins::InShared<twins::Tf32, Major::k>(b)));
}

/// The same with a in registers.
template <int kN>
__device__ __forceinline__ void wgmma_f32_tf32(float (&d)[kN / 2], const uint32_t (&a)[4], uint64_t b,
                                               bool accumulate) {
  GRIDSTRIDE_WGMMA(GRIDSTRIDE_WGMMA_REGISTERS("k8", ".f32.tf32.tf32", "+f", ", 1, 1", ", 1, 1", ", 1, 1"),
                   Tf32, (twins::InRegisters<twins::Tf32>(a)), (twins::InShared<twins::Tf32, Major::k>(b)));
}

/// wgmma.mma_async.sync.aligned.m64n<kN>k32.s32.s8.s8, both operands in shared memory; without `accumulate` d
/// is overwritten.
template <int kN>
__device__ __forceinline__ void wgmma_s32_s8(int (&d)[kN / 2], uint64_t a, uint64_t b, bool accumulate) {
  GRIDSTRIDE_WGMMA(GRIDSTRIDE_WGMMA_SHARED("k32", ".s32.s8.s8", "+r", "", "", ""), S8,
                   (twins::InShared<twins::S8, Major::k>(a)), (twins::InShared<twins::S8, Major::k>(b)));
}

/// The same with a in registers.
template <int kN>
__device__ __forceinline__ void wgmma_s32_s8(int (&d)[kN / 2], const uint32_t (&a)[4], uint64_t b,
                                             bool accumulate) {
  GRIDSTRIDE_WGMMA(GRIDSTRIDE_WGMMA_REGISTERS("k32", ".s32.s8.s8", "+r", "", "", ""), S8,
                   (twins::InRegisters<twins::S8>(a)), (twins::InShared<twins::S8, Major::k>(b)));
}

#undef GRIDSTRIDE_WGMMA
#undef GRIDSTRIDE_WGMMA_BODY
#undef GRIDSTRIDE_WGMMA_REGISTERS
#undef GRIDSTRIDE_WGMMA_SHARED
#undef GRIDSTRIDE_WGMMA_ASM
#undef GRIDSTRIDE_D128
#undef GRIDSTRIDE_D64
#undef GRIDSTRIDE_D32
#undef GRIDSTRIDE_D16
#undef GRIDSTRIDE_D4
#undef GRIDSTRIDE_D128_NAMES
#undef GRIDSTRIDE_D64_NAMES
#undef GRIDSTRIDE_D32_NAMES

}  // namespace gridstride::ptx
