// ldmatrix, stmatrix, movmatrix and mma.sync, every shape and type, against the tables of the PTX manual.
#include <cmath>

#include "kernels/device/ptx/ldmatrix.cuh"
#include "kernels/device/ptx/mma.cuh"
#include "tests/kernels/ptx.hpp"

namespace gridstride {
namespace {

using namespace ptx;
using testing_support::to_device;
using testing_support::to_host;

/// Four matrices of 8 x 8 whose element (matrix, row, column) is 64 matrix + 8 row + column.
template <int kCount, Transposed kTransposed>
__global__ void load_matrices(uint32_t* registers) {
  __shared__ alignas(16) uint16_t s_matrices[4][8][8];
  for (int i = lane(); i < 256; i += 32) (&s_matrices[0][0][0])[i] = static_cast<uint16_t>(i);
  __syncwarp();
  uint32_t d[kCount];
  const uint32_t row = shared_address(s_matrices[lane() / 8][lane() % 8]);
  if constexpr (kCount == 1) ldmatrix_x1<kTransposed>(d, row);
  if constexpr (kCount == 2) ldmatrix_x2<kTransposed>(d, row);
  if constexpr (kCount == 4) ldmatrix_x4<kTransposed>(d, row);
  for (int j = 0; j < kCount; ++j) registers[32 * j + lane()] = d[j];
}

template <int kCount, Transposed kTransposed>
__global__ void store_matrices(const uint32_t* registers, uint16_t* to) {
  __shared__ alignas(16) uint16_t s_matrices[4][8][8];
  uint32_t s[kCount];
  for (int j = 0; j < kCount; ++j) s[j] = registers[32 * j + lane()];
  const uint32_t row = shared_address(s_matrices[lane() / 8][lane() % 8]);
  if constexpr (kCount == 1) stmatrix_x1<kTransposed>(row, s);
  if constexpr (kCount == 2) stmatrix_x2<kTransposed>(row, s);
  if constexpr (kCount == 4) stmatrix_x4<kTransposed>(row, s);
  __syncwarp();
  for (int i = lane(); i < 64 * kCount; i += 32) to[i] = (&s_matrices[0][0][0])[i];
}

/// The manual's picture of a row-major 8 x 8 matrix: row r belongs to threads 4 r to 4 r + 3, two elements
/// each.
std::vector<uint32_t> fragments(int count, bool transposed) {
  std::vector<uint32_t> out(32 * count);
  for (int j = 0; j < count; ++j) {
    for (int row = 0; row < 8; ++row) {
      for (int column = 0; column < 8; ++column) {
        const int thread = 4 * row + column / 2;
        const uint32_t value = transposed ? 64 * j + 8 * column + row : 64 * j + 8 * row + column;
        out[32 * j + thread] |= value << (column % 2 == 0 ? 0 : 16);
      }
    }
  }
  return out;
}

template <int kCount, Transposed kTransposed>
void expect_fragments() {
  const bool transposed = kTransposed == Transposed::yes;
  DeviceBuffer<uint32_t> registers(32 * kCount);
  load_matrices<kCount, kTransposed><<<1, 32>>>(registers.data());
  check_launch("ptx_matrix_test");
  EXPECT_EQ(to_host(registers), fragments(kCount, transposed)) << kCount << ' ' << transposed;
  if (testing_support::architecture() < 90) return;
  DeviceBuffer<uint16_t> back(64 * kCount);
  store_matrices<kCount, kTransposed><<<1, 32>>>(registers.data(), back.data());
  check_launch("ptx_matrix_test");
  std::vector<uint16_t> expected(64 * kCount);
  for (std::size_t i = 0; i < expected.size(); ++i) expected[i] = static_cast<uint16_t>(i);
  EXPECT_EQ(to_host(back), expected) << kCount << ' ' << transposed;
}

TEST(MatrixMoveTest, LdmatrixAndStmatrixFollowTheTable) {
  GRIDSTRIDE_NEEDS_SM(75);
  expect_fragments<1, Transposed::no>();
  expect_fragments<2, Transposed::no>();
  expect_fragments<4, Transposed::no>();
  expect_fragments<1, Transposed::yes>();
  expect_fragments<2, Transposed::yes>();
  expect_fragments<4, Transposed::yes>();
}

__global__ void transpose(uint32_t* registers) { registers[lane()] = movmatrix(registers[lane()]); }

TEST(MatrixMoveTest, MovmatrixTransposes) {
  GRIDSTRIDE_NEEDS_SM(75);
  auto registers = to_device(fragments(1, false));
  transpose<<<1, 32>>>(registers.data());
  check_launch("ptx_matrix_test");
  EXPECT_EQ(to_host(registers), fragments(1, true));
}

/// Elements as their type's bits; made of small integers, or of anything.
template <int kBits>
uint32_t bits_of(float value, bool bfloat) {
  if (bfloat) return static_cast<uint32_t>(__bfloat16_as_ushort(__float2bfloat16(value)));
  if (kBits == 16) return __half_as_ushort(__float2half(value));
  if (kBits == 8) return static_cast<uint32_t>(static_cast<int>(value)) & 0xff;
  uint32_t bits;
  std::memcpy(&bits, &value, sizeof bits);
  return bits;
}

/// What a shape and type are made of; Call is the function under test.
struct Layout {
  int k, bits;  // of an element of a and b
};

template <class Call, class D, int kRegistersA, int kRegistersB, int kRegistersD>
__global__ void call_mma(Call call, const uint32_t* a, const uint32_t* b, const D* c, D* d) {
  uint32_t rA[kRegistersA], rB[kRegistersB];
  D rC[kRegistersD], rD[kRegistersD];
  for (int i = 0; i < kRegistersA; ++i) rA[i] = a[i * 32 + lane()];
  for (int i = 0; i < kRegistersB; ++i) rB[i] = b[i * 32 + lane()];
  for (int i = 0; i < kRegistersD; ++i) rC[i] = c[i * 32 + lane()];
  call(rD, rA, rB, rC);
  for (int i = 0; i < kRegistersD; ++i) d[i * 32 + lane()] = rD[i];
}

/// Where the manual's tables for m16n8k* put element number i (of k/2 and so on) of thread `thread`.
struct Place {
  int row, column;
};
Place place_a(int thread, int i, int bits) {
  const int per = 32 / bits, group = thread >> 2, in_group = thread % 4;
  const int word = i / per;  // a0 a1 | a2 a3 | ... by registers
  const int row = word == 0 || word == 2 ? group : group + 8;
  const int column = in_group * per + i % per + (word < 2 ? 0 : 4 * per);
  return {row, column};
}
Place place_b(int thread, int i, int bits) {
  const int per = 32 / bits, group = thread >> 2, in_group = thread % 4;
  return {in_group * per + i % per + (i < per ? 0 : 4 * per), group};
}
Place place_c(int thread, int i) {
  return {i < 2 ? thread >> 2 : (thread >> 2) + 8, thread % 4 * 2 + (i & 1)};
}

template <class T>
T bits_to(uint32_t bits) {
  T value;
  std::memcpy(&value, &bits, sizeof value);
  return value;
}

/// One product: a (16 x k) and b (k x 8) as numbers that their type holds exactly, by the function and by
/// hand.
template <class D, int kRegistersA, class Call>
void expect_mma(Call call, Layout layout, bool bfloat, const std::vector<float>& a,
                const std::vector<float>& b, double relative_error) {
  constexpr int kRegistersB = kRegistersA / 2, kRegistersD = std::is_same_v<D, uint32_t> ? 2 : 4;
  const int per = 32 / layout.bits, k = layout.k;
  ASSERT_EQ(k, 4 * per * kRegistersB);
  const auto pack = [&](float value) {
    return layout.bits == 8    ? bits_of<8>(value, false)
           : layout.bits == 16 ? bits_of<16>(value, bfloat)
                               : bits_of<32>(value, false);
  };
  std::vector<uint32_t> hA(32 * kRegistersA), hB(32 * kRegistersB);
  std::vector<float> c(16 * 8);
  for (std::size_t i = 0; i < c.size(); ++i) c[i] = static_cast<float>(static_cast<int>(i * 7 % 23) - 11);
  std::vector<D> hC(32 * kRegistersD);
  for (int thread = 0; thread < 32; ++thread) {
    for (int i = 0; i < per * kRegistersA; ++i) {
      const Place at = place_a(thread, i, layout.bits);
      hA[i / per * 32 + thread] |= pack(a[at.row * k + at.column]) << (i % per * layout.bits % 32);
    }
    for (int i = 0; i < per * kRegistersB; ++i) {
      const Place at = place_b(thread, i, layout.bits);
      hB[i / per * 32 + thread] |= pack(b[at.row * 8 + at.column]) << (i % per * layout.bits % 32);
    }
    for (int i = 0; i < 4; ++i) {
      const float value = c[place_c(thread, i).row * 8 + place_c(thread, i).column];
      if constexpr (kRegistersD == 2) {
        hC[i / 2 * 32 + thread] |= bits_of<16>(value, false) << 16 * (i % 2);
      } else {
        hC[i * 32 + thread] = static_cast<D>(value);
      }
    }
  }
  const auto dA = to_device(hA), dB = to_device(hB);
  const auto dC = to_device(hC);
  DeviceBuffer<D> dD(32 * kRegistersD);
  call_mma<Call, D, kRegistersA, kRegistersB, kRegistersD>
      <<<1, 32>>>(call, dA.data(), dB.data(), dC.data(), dD.data());
  check_launch("ptx_matrix_test");
  const auto got = to_host(dD);
  for (int thread = 0; thread < 32; ++thread) {
    for (int i = 0; i < 4; ++i) {
      const Place at = place_c(thread, i);
      double sum = static_cast<double>(c[at.row * 8 + at.column]), size = std::abs(sum);
      for (int l = 0; l < k; ++l) {
        const double term =
            static_cast<double>(a[at.row * k + l]) * static_cast<double>(b[l * 8 + at.column]);
        sum += term;
        size += std::abs(term);
      }
      double value = 0;
      if constexpr (kRegistersD == 2) {
        const auto half = static_cast<unsigned short>(got[i / 2 * 32 + thread] >> 16 * (i % 2));
        value = static_cast<double>(__half2float(__ushort_as_half(half)));
      } else {
        value = static_cast<double>(got[i * 32 + thread]);
      }
      ASSERT_NEAR(value, sum, relative_error * size) << "thread " << thread << " element " << i << " k " << k;
    }
  }
}

/// Small integers, whose products and sums are exact in every type; with `least` 0 for unsigned bytes.
std::vector<float> integers(int count, int least, int most, unsigned seed) {
  const auto values = testing_support::random_integers(static_cast<std::size_t>(count), least, most, seed);
  return {values.begin(), values.end()};
}

/// Numbers with as many bits of mantissa as the type has.
std::vector<float> fractions(int count, int mantissa_bits, unsigned seed) {
  const int most = (1 << (mantissa_bits + 1)) - 1;
  std::vector<float> out = integers(count, -most, most, seed);
  for (std::size_t i = 0; i < out.size(); ++i)
    out[i] = std::ldexp(out[i], -mantissa_bits - static_cast<int>(i % 5));
  return out;
}

template <class D, int kRegistersA, class Call>
void expect_float_mma(Call call, Layout layout, int mantissa_bits, double error) {
  const int k = layout.k;
  const bool bfloat = mantissa_bits == 7;
  expect_mma<D, kRegistersA>(call, layout, bfloat, integers(16 * k, -4, 4, 1), integers(k * 8, -4, 4, 2), 0);
  for (unsigned seed = 3; seed < 6; ++seed) {
    expect_mma<D, kRegistersA>(call, layout, bfloat, fractions(16 * k, mantissa_bits, seed),
                               fractions(k * 8, mantissa_bits, seed + 10), error);
  }
}

/// A function as an object that a kernel can be given.
#define GRIDSTRIDE_CALL(FUNCTION)                                                \
  struct Call_##FUNCTION {                                                       \
    template <class D, class A, class B>                                         \
    __device__ void operator()(D& d, const A& a, const B& b, const D& c) const { \
      FUNCTION(d, a, b, c);                                                      \
    }                                                                            \
  };
GRIDSTRIDE_CALL(mma_m16n8k8_f32_f16)
GRIDSTRIDE_CALL(mma_m16n8k8_f16_f16)
GRIDSTRIDE_CALL(mma_m16n8k16_f32_f16)
GRIDSTRIDE_CALL(mma_m16n8k16_f16_f16)
GRIDSTRIDE_CALL(mma_m16n8k8_f32_bf16)
GRIDSTRIDE_CALL(mma_m16n8k16_f32_bf16)
GRIDSTRIDE_CALL(mma_m16n8k4_f32_tf32)
GRIDSTRIDE_CALL(mma_m16n8k8_f32_tf32)
GRIDSTRIDE_CALL(mma_m16n8k16_s32_s8)
GRIDSTRIDE_CALL(mma_m16n8k16_s32_s8_u8)
GRIDSTRIDE_CALL(mma_m16n8k16_s32_u8_s8)
GRIDSTRIDE_CALL(mma_m16n8k16_s32_u8)
GRIDSTRIDE_CALL(mma_m16n8k32_s32_s8)
GRIDSTRIDE_CALL(mma_m16n8k32_s32_s8_u8)
GRIDSTRIDE_CALL(mma_m16n8k32_s32_u8_s8)
GRIDSTRIDE_CALL(mma_m16n8k32_s32_u8)
#undef GRIDSTRIDE_CALL

constexpr double kFloatSum = 0x1p-18, kHalfSum = 0x1p-9;

TEST(MmaTest, Halves) {
  GRIDSTRIDE_NEEDS_SM(75);
  expect_float_mma<float, 2>(Call_mma_m16n8k8_f32_f16{}, {8, 16}, 10, kFloatSum);
  expect_float_mma<uint32_t, 2>(Call_mma_m16n8k8_f16_f16{}, {8, 16}, 10, kHalfSum);
  GRIDSTRIDE_NEEDS_SM(80);
  expect_float_mma<float, 4>(Call_mma_m16n8k16_f32_f16{}, {16, 16}, 10, kFloatSum);
  expect_float_mma<uint32_t, 4>(Call_mma_m16n8k16_f16_f16{}, {16, 16}, 10, kHalfSum);
}

TEST(MmaTest, Bfloat16) {
  GRIDSTRIDE_NEEDS_SM(80);
  expect_float_mma<float, 2>(Call_mma_m16n8k8_f32_bf16{}, {8, 16}, 7, kFloatSum);
  expect_float_mma<float, 4>(Call_mma_m16n8k16_f32_bf16{}, {16, 16}, 7, kFloatSum);
}

TEST(MmaTest, Tf32) {
  GRIDSTRIDE_NEEDS_SM(80);
  expect_float_mma<float, 2>(Call_mma_m16n8k4_f32_tf32{}, {4, 32}, 10, kFloatSum);
  expect_float_mma<float, 4>(Call_mma_m16n8k8_f32_tf32{}, {8, 32}, 10, kFloatSum);
}

template <int kRegistersA, class Call>
void expect_byte_mma(Call call, int k, bool signed_a, bool signed_b) {
  const auto draw = [](int count, bool is_signed, unsigned seed) {
    return is_signed ? integers(count, -128, 127, seed) : integers(count, 0, 255, seed);
  };
  expect_mma<int, kRegistersA>(call, {k, 8}, false, draw(16 * k, signed_a, 1), draw(k * 8, signed_b, 2), 0);
}

TEST(MmaTest, Bytes) {
  GRIDSTRIDE_NEEDS_SM(80);
  expect_byte_mma<2>(Call_mma_m16n8k16_s32_s8{}, 16, true, true);
  expect_byte_mma<2>(Call_mma_m16n8k16_s32_s8_u8{}, 16, true, false);
  expect_byte_mma<2>(Call_mma_m16n8k16_s32_u8_s8{}, 16, false, true);
  expect_byte_mma<2>(Call_mma_m16n8k16_s32_u8{}, 16, false, false);
  expect_byte_mma<4>(Call_mma_m16n8k32_s32_s8{}, 32, true, true);
  expect_byte_mma<4>(Call_mma_m16n8k32_s32_s8_u8{}, 32, true, false);
  expect_byte_mma<4>(Call_mma_m16n8k32_s32_u8_s8{}, 32, false, true);
  expect_byte_mma<4>(Call_mma_m16n8k32_s32_u8{}, 32, false, false);
}

__global__ void multiply_doubles(const double* a, const double* b, double* d) {
  const double c[2] = {1, 2};
  double rD[2];
  mma_m8n8k4_f64(rD, a[lane() / 4 * 4 + lane() % 4], b[lane() % 4 * 8 + lane() / 4], c);
  for (int i = 0; i < 2; ++i) d[lane() / 4 * 8 + lane() % 4 * 2 + i] = rD[i];
}

TEST(MmaTest, Doubles) {
  GRIDSTRIDE_NEEDS_SM(80);
  const auto a = integers(8 * 4, -1000, 1000, 1), b = integers(4 * 8, -1000, 1000, 2);
  const auto dA = to_device(std::vector<double>(a.begin(), a.end()));
  const auto dB = to_device(std::vector<double>(b.begin(), b.end()));
  DeviceBuffer<double> d(64);
  multiply_doubles<<<1, 32>>>(dA.data(), dB.data(), d.data());
  check_launch("ptx_matrix_test");
  const auto got = to_host(d);
  for (int row = 0; row < 8; ++row) {
    for (int column = 0; column < 8; ++column) {
      float sum = static_cast<float>(1 + column % 2);
      for (int k = 0; k < 4; ++k) sum += a[row * 4 + k] * b[k * 8 + column];
      EXPECT_EQ(got[row * 8 + column], static_cast<double>(sum));
    }
  }
}

}  // namespace
}  // namespace gridstride
