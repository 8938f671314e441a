// ldmatrix and stmatrix: 8 x 8 matrices of 16-bit elements between shared memory and the registers of a warp,
// dealt out as mma wants them.
//
// Row r of matrix j is 16 bytes, a multiple of 16; lane 8 j + r brings its address (x1: lanes 0 to 7, x2: 0
// to 15). Lane l holds, of every matrix, elements (l / 4, 2 (l % 4)) and (l / 4, 2 (l % 4) + 1), the first in
// the register's lower half. With .trans the matrix in the registers is the transpose of the one in memory.
#pragma once

#include "kernels/device/ptx/twin.cuh"

namespace gridstride::ptx {

enum class Transposed { no, yes };

/// The same instruction with and without .trans between its words.
#define GRIDSTRIDE_EITHER_WAY(BEFORE, AFTER, ...)    \
  if constexpr (kTransposed == Transposed::yes) {    \
    asm volatile(BEFORE ".trans" AFTER __VA_ARGS__); \
  } else {                                           \
    asm volatile(BEFORE AFTER __VA_ARGS__);          \
  }

#if GRIDSTRIDE_TWINS
namespace twins {

/// Calls f(matrix, half, address) for each element of 16 bits that this lane holds.
template <int kMatrices, Transposed kTransposed, class F>
void for_each_half(const uint32_t* const rows[32], F f) {
  for (int j = 0; j < kMatrices; ++j) {
    for (int half = 0; half < 2; ++half) {
      const int outer = lane() / 4, inner = 2 * (lane() % 4) + half;
      const int row = kTransposed == Transposed::yes ? inner : outer;
      const int column = kTransposed == Transposed::yes ? outer : inner;
      const uint32_t address = *rows[8 * j + row];
      require(address % 16 == 0, "ldmatrix, stmatrix: a row's address must be a multiple of 16");
      f(j, half, shared_pointer(address) + 2 * column);
    }
  }
}

template <int kMatrices, Transposed kTransposed>
void load_matrices(uint32_t (&d)[kMatrices], uint32_t row) {
  across_warp(row, [&](const uint32_t* const rows[32]) {
    for_each_half<kMatrices, kTransposed>(rows, [&](int j, int half, const unsigned char* element) {
      const uint32_t kept = half == 0 ? 0 : d[j];
      d[j] = kept | static_cast<uint32_t>(load<uint16_t>(element)) << 16 * half;
    });
  });
}

template <int kMatrices, Transposed kTransposed>
void store_matrices(uint32_t row, const uint32_t (&s)[kMatrices]) {
  across_warp(row, [&](const uint32_t* const rows[32]) {
    for_each_half<kMatrices, kTransposed>(rows, [&](int j, int half, unsigned char* element) {
      const auto value = static_cast<uint16_t>(s[j] >> 16 * half);
      std::memcpy(element, &value, sizeof value);
    });
  });
}

}  // namespace twins
#endif

/// ldmatrix.sync.aligned.m8n8.x1.shared.b16: one matrix; lane r < 8 brings the address of row r.
/// Source: PTX ISA, Warp Level Matrix Instructions: ldmatrix
template <Transposed kTransposed = Transposed::no>
__device__ __forceinline__ void ldmatrix_x1(uint32_t (&d)[1], uint32_t row) {
#if GRIDSTRIDE_PTX(750)
  GRIDSTRIDE_EITHER_WAY("ldmatrix.sync.aligned.m8n8.x1", ".shared.b16 {%0}, [%1];",
                        : "=r"(d[0])
                        : "r"(row)
                        : "memory")
#elif GRIDSTRIDE_TWINS
  twins::load_matrices<1, kTransposed>(d, row);
#else
  missing("ldmatrix", "sm_75");
#endif
}

/// ldmatrix.x2: two matrices; lane 8 j + r brings the address of row r of matrix j.
template <Transposed kTransposed = Transposed::no>
__device__ __forceinline__ void ldmatrix_x2(uint32_t (&d)[2], uint32_t row) {
#if GRIDSTRIDE_PTX(750)
  GRIDSTRIDE_EITHER_WAY("ldmatrix.sync.aligned.m8n8.x2", ".shared.b16 {%0,%1}, [%2];",
                        : "=r"(d[0]), "=r"(d[1])
                        : "r"(row)
                        : "memory")
#elif GRIDSTRIDE_TWINS
  twins::load_matrices<2, kTransposed>(d, row);
#else
  missing("ldmatrix", "sm_75");
#endif
}

/// ldmatrix.x4: four matrices; lane 8 j + r brings the address of row r of matrix j.
template <Transposed kTransposed = Transposed::no>
__device__ __forceinline__ void ldmatrix_x4(uint32_t (&d)[4], uint32_t row) {
#if GRIDSTRIDE_PTX(750)
  GRIDSTRIDE_EITHER_WAY("ldmatrix.sync.aligned.m8n8.x4", ".shared.b16 {%0,%1,%2,%3}, [%4];",
                        : "=r"(d[0]), "=r"(d[1]), "=r"(d[2]), "=r"(d[3])
                        : "r"(row)
                        : "memory")
#elif GRIDSTRIDE_TWINS
  twins::load_matrices<4, kTransposed>(d, row);
#else
  missing("ldmatrix", "sm_75");
#endif
}

/// stmatrix.sync.aligned.m8n8.x1.shared.b16: the reverse; addresses as for ldmatrix.
/// Source: PTX ISA, Warp Level Matrix Instructions: stmatrix
template <Transposed kTransposed = Transposed::no>
__device__ __forceinline__ void stmatrix_x1(uint32_t row, const uint32_t (&s)[1]) {
#if GRIDSTRIDE_PTX(900)
  GRIDSTRIDE_EITHER_WAY("stmatrix.sync.aligned.m8n8.x1", ".shared.b16 [%0], {%1};", ::"r"(row), "r"(s[0])
                        : "memory")
#elif GRIDSTRIDE_TWINS
  twins::store_matrices<1, kTransposed>(row, s);
#else
  missing("stmatrix", "sm_90");
#endif
}

/// stmatrix.x2: two matrices.
template <Transposed kTransposed = Transposed::no>
__device__ __forceinline__ void stmatrix_x2(uint32_t row, const uint32_t (&s)[2]) {
#if GRIDSTRIDE_PTX(900)
  GRIDSTRIDE_EITHER_WAY("stmatrix.sync.aligned.m8n8.x2", ".shared.b16 [%0], {%1,%2};", ::"r"(row), "r"(s[0]),
                        "r"(s[1])
                        : "memory")
#elif GRIDSTRIDE_TWINS
  twins::store_matrices<2, kTransposed>(row, s);
#else
  missing("stmatrix", "sm_90");
#endif
}

/// stmatrix.x4: four matrices.
template <Transposed kTransposed = Transposed::no>
__device__ __forceinline__ void stmatrix_x4(uint32_t row, const uint32_t (&s)[4]) {
#if GRIDSTRIDE_PTX(900)
  GRIDSTRIDE_EITHER_WAY("stmatrix.sync.aligned.m8n8.x4", ".shared.b16 [%0], {%1,%2,%3,%4};", ::"r"(row),
                        "r"(s[0]), "r"(s[1]), "r"(s[2]), "r"(s[3])
                        : "memory")
#elif GRIDSTRIDE_TWINS
  twins::store_matrices<4, kTransposed>(row, s);
#else
  missing("stmatrix", "sm_90");
#endif
}

/// movmatrix.sync.aligned.m8n8.trans.b16: the transpose of an 8 x 8 matrix that the warp holds.
/// Source: PTX ISA, Warp Level Matrix Instructions: movmatrix
__device__ __forceinline__ uint32_t movmatrix(uint32_t a) {
#if GRIDSTRIDE_PTX(750)
  uint32_t d;
  asm volatile("movmatrix.sync.aligned.m8n8.trans.b16 %0, %1;" : "=r"(d) : "r"(a));
  return d;
#elif GRIDSTRIDE_TWINS
  uint32_t d = 0;
  twins::across_warp(a, [&](const uint32_t* const all[32]) {
    for (int half = 0; half < 2; ++half) {
      const int row = 2 * (lane() % 4) + half, column = lane() / 4;  // in a, where they change places
      const uint32_t there = *all[4 * row + column / 2] >> 16 * (column % 2) & 0xffff;
      d |= there << 16 * half;
    }
  });
  return d;
#else
  missing("movmatrix", "sm_75");
  return 0;
#endif
}

#undef GRIDSTRIDE_EITHER_WAY

}  // namespace gridstride::ptx
