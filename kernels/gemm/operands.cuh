#pragma once

#include <cstdint>
#include <string>
#include <type_traits>

#include "kernels/core/launch.hpp"
#include "kernels/gemm/gemm.hpp"

/// What every rung of the gemm ladder shares: how an operand is read and how a finished sum becomes C.
namespace gridstride::gemm {

/// op(A) or op(B): a matrix with a stride per index, so that a transpose costs nothing but order.
struct Matrix {
  const float* data;
  int64_t row_stride, col_stride;
  __device__ float operator()(int64_t row, int64_t col) const {
    return data[row * row_stride + col * col_stride];
  }
};

inline Matrix op_a(const Gemm::Args& args) {
  return args.ta ? Matrix{args.a, 1, args.m} : Matrix{args.a, args.k, 1};
}
inline Matrix op_b(const Gemm::Args& args) {
  return args.tb ? Matrix{args.b, 1, args.k} : Matrix{args.b, args.n, 1};
}

/// C and what happens on the way into it. Every branch here goes the same way for all threads.
struct Output {
  float* c;
  const float* bias;
  int64_t n;
  float alpha, beta;
  Epilogue epilogue;

  explicit Output(const Gemm::Args& args)
      : c(args.c), bias(args.bias), n(args.n), alpha(args.alpha), beta(args.beta), epilogue(args.epilogue) {}

  __device__ void store(int64_t row, int64_t col, float sum) const {
    float& target = c[row * n + col];
    // beta == 0 must not read: C may hold anything, NaN included.
    target = finish(sum, beta != 0 ? target : 0, col);
  }

  // [epilogue]
  /// What C holds at column `col` for a sum, where `old` stood before.
  __device__ float finish(float sum, float old, int64_t col) const {
    float x = alpha * sum + beta * old;
    if (epilogue != Epilogue::none) x += bias[col];
    if (epilogue == Epilogue::bias_relu) x = x < 0 ? 0 : x;  // in this form a NaN stays visible
    return x;
  }
  // [epilogue]
};

/// Call launch(ta, tb) with the two flags as types, for kernels that are compiled once per combination.
template <class Launch>
void with_transposes(const Gemm::Args& args, Launch launch) {
  const auto with_tb = [&](auto ta) {
    args.tb ? launch(ta, std::true_type()) : launch(ta, std::false_type());
  };
  args.ta ? with_tb(std::true_type()) : with_tb(std::false_type());
}

/// One block per tile of C, counted along its rows in grid.x, which has room for 2^31 - 1 of them.
inline int64_t tile_count(const Gemm::Args& args, int tile_rows, int tile_cols) {
  return ceil_div(args.m, tile_rows) * ceil_div(args.n, tile_cols);
}
inline std::string too_many_tiles(const Gemm::Args& args, int tile_rows, int tile_cols) {
  const int64_t tiles = tile_count(args, tile_rows, tile_cols);
  if (tiles <= kMaxGridX) return {};
  return "C has " + std::to_string(tiles) + " tiles, a grid holds " + std::to_string(kMaxGridX) + " blocks";
}

}  // namespace gridstride::gemm
