/// Warp matrix products of every shape, type and layout against a plain product in double precision.
#include <mma.h>

#include <cmath>
#include <random>

#include "tests/emulator/runtime_fixture.hpp"

namespace gridstride::emulator {
namespace {

namespace wmma = nvcuda::wmma;

class Wmma : public RuntimeTest {};
GRIDSTRIDE_EVERY_SCHEDULE(Wmma);

template <class T>
using Stored = typename wmma::fragment<wmma::matrix_a, std::is_same_v<T, double> ? 8 : 16,
                                       std::is_same_v<T, double> ? 8 : 16,
                                       std::is_same_v<T, double>                  ? 4
                                       : std::is_same_v<T, wmma::precision::tf32> ? 8
                                                                                  : 16,
                                       T, wmma::row_major>::storage_element_type;

/// Two warps, each with a product of its own; d = 2 (a b + c), doubled element by element.
template <int M, int N, int K, class T, class Sum, class LayoutA, class LayoutB>
__global__ void multiply(const Stored<T>* a, const Stored<T>* b, const Sum* c, Sum* d, int leading) {
  const unsigned warp = threadIdx.x / 32;
  wmma::fragment<wmma::matrix_a, M, N, K, T, LayoutA> rA;
  wmma::fragment<wmma::matrix_b, M, N, K, T, LayoutB> rB;
  wmma::fragment<wmma::accumulator, M, N, K, Sum> rC;
  const auto layout = std::is_same_v<LayoutA, wmma::row_major> ? wmma::mem_row_major : wmma::mem_col_major;
  const int matrix = leading * leading * static_cast<int>(warp);
  wmma::load_matrix_sync(rA, a + matrix, leading);
  wmma::load_matrix_sync(rB, b + matrix, leading);
  wmma::load_matrix_sync(rC, c + matrix, leading, layout);
  wmma::mma_sync(rC, rA, rB, rC);
  for (int i = 0; i < rC.num_elements; ++i) rC.x[i] = rC.x[i] + rC.x[i];
  wmma::store_matrix_sync(d + matrix, rC, leading, layout);
}

constexpr int kLeading = 40;

template <class T>
std::vector<T> random_matrix(unsigned seed) {
  std::mt19937 random(seed);
  std::vector<T> out(2 * kLeading * kLeading);
  for (T& value : out) {
    const int integer = static_cast<int>(random() % 255) - 127;
    if constexpr (std::is_same_v<T, unsigned char>) {
      value = static_cast<T>(integer + 127);
    } else if constexpr (std::is_integral_v<T>) {
      value = static_cast<T>(integer);
    } else {
      value = T(static_cast<float>(integer) / 64.0f);  // exact in every format
    }
  }
  return out;
}

template <class Layout>
int at(int row, int column) {
  return std::is_same_v<Layout, wmma::row_major> ? row * kLeading + column : column * kLeading + row;
}

template <int M, int N, int K, class T, class Sum, class LayoutA, class LayoutB>
void expect_product() {
  const auto hA = random_matrix<Stored<T>>(1), hB = random_matrix<Stored<T>>(2);
  const auto hC = random_matrix<Sum>(3);
  DeviceArray<Stored<T>> a(hA), b(hB);
  DeviceArray<Sum> c(hC), d(std::vector<Sum>(hC.size(), Sum(-77)));
  multiply<M, N, K, T, Sum, LayoutA, LayoutB><<<1, 64>>>(a.data(), b.data(), c.data(), d.data(), kLeading);
  const std::vector<Sum> got = d.host();
  int touched = 0;
  for (const Sum& value : got) touched += static_cast<float>(value) != -77;
  EXPECT_LE(touched, 2 * M * N);
  for (int warp = 0; warp < 2; ++warp) {
    const int first = warp * kLeading * kLeading;
    for (int i = 0; i < M; ++i) {
      for (int j = 0; j < N; ++j) {
        double sum = static_cast<double>(static_cast<float>(hC[first + at<LayoutA>(i, j)]));
        for (int k = 0; k < K; ++k) {
          sum += static_cast<double>(static_cast<float>(hA[first + at<LayoutA>(i, k)])) *
                 static_cast<double>(static_cast<float>(hB[first + at<LayoutB>(k, j)]));
        }
        const double bound = std::is_same_v<Sum, __half> ? std::abs(sum) * 0x1p-9 + 0x1p-10 : 0;
        ASSERT_NEAR(static_cast<double>(static_cast<float>(got[first + at<LayoutA>(i, j)])), 2 * sum, bound)
            << M << ' ' << N << ' ' << K << ' ' << i << ' ' << j;
      }
    }
  }
}

template <int M, int N, int K, class T, class Sum>
void expect_every_layout() {
  using wmma::col_major, wmma::row_major;
  expect_product<M, N, K, T, Sum, row_major, row_major>();
  expect_product<M, N, K, T, Sum, row_major, col_major>();
  expect_product<M, N, K, T, Sum, col_major, row_major>();
  expect_product<M, N, K, T, Sum, col_major, col_major>();
}

template <class T, class Sum>
void expect_every_shape() {
  expect_every_layout<16, 16, 16, T, Sum>();
  expect_every_layout<32, 8, 16, T, Sum>();
  expect_every_layout<8, 32, 16, T, Sum>();
}

TEST_P(Wmma, HalvesIntoFloats) { expect_every_shape<__half, float>(); }
TEST_P(Wmma, HalvesIntoHalves) { expect_every_shape<__half, __half>(); }
TEST_P(Wmma, Bfloat16) { expect_every_shape<__nv_bfloat16, float>(); }
TEST_P(Wmma, SignedBytes) { expect_every_shape<signed char, int>(); }
TEST_P(Wmma, UnsignedBytes) { expect_every_shape<unsigned char, int>(); }
TEST_P(Wmma, Tf32) { expect_every_layout<16, 16, 8, wmma::precision::tf32, float>(); }
TEST_P(Wmma, Doubles) { expect_every_layout<8, 8, 4, double, double>(); }

__global__ void saturate(int* ints, __half* halves) {
  wmma::fragment<wmma::matrix_a, 16, 16, 16, signed char, wmma::row_major> rA;
  wmma::fragment<wmma::matrix_b, 16, 16, 16, signed char, wmma::col_major> rB;
  wmma::fragment<wmma::accumulator, 16, 16, 16, int> rC;
  wmma::fill_fragment(rA, 127);
  wmma::fill_fragment(rB, 127);
  wmma::fill_fragment(rC, 0x7fffffff);
  wmma::mma_sync(rC, rA, rB, rC, true);
  wmma::store_matrix_sync(ints, rC, 16, wmma::mem_row_major);
  wmma::fragment<wmma::matrix_a, 16, 16, 16, __half, wmma::row_major> rX;
  wmma::fragment<wmma::matrix_b, 16, 16, 16, __half, wmma::col_major> rY;
  wmma::fragment<wmma::accumulator, 16, 16, 16, __half> rZ;
  wmma::fill_fragment(rX, __half(200.0f));
  wmma::fill_fragment(rY, __half(-200.0f));
  wmma::fill_fragment(rZ, __half(0.0f));
  wmma::mma_sync(rZ, rX, rY, rZ, true);
  wmma::store_matrix_sync(halves, rZ, 16, wmma::mem_row_major);
}

TEST_P(Wmma, SaturatedSumsStopAtTheirLimits) {
  DeviceArray<int> ints(256, 0);
  DeviceArray<__half> halves(256, __half(0.0f));
  saturate<<<1, 32>>>(ints.data(), halves.data());
  EXPECT_EQ(ints.host(), std::vector<int>(256, 0x7fffffff));
  for (const __half& value : halves.host()) EXPECT_EQ(static_cast<float>(value), -65504.0f);
}

TEST(WmmaRounding, Tf32TiesGoAway) {
  EXPECT_EQ(wmma::__float_to_tf32(1.0f + 0x1p-11f), 1.0f + 0x1p-10f);
  EXPECT_EQ(wmma::__float_to_tf32(-1.0f - 0x1p-11f), -1.0f - 0x1p-10f);
  EXPECT_EQ(wmma::__float_to_tf32(1.0f + 0x1.fp-12f), 1.0f);
  EXPECT_EQ(wmma::__float_to_tf32(INFINITY), INFINITY);
}

}  // namespace
}  // namespace gridstride::emulator
