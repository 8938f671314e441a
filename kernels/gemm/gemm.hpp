#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

#include "kernels/core/cost.hpp"
#include "kernels/core/epilogue.hpp"

namespace gridstride {

/// Multiply two matrices.
///   C = epilogue(alpha * op(A) op(B) + beta * C), op(X) = X or its transpose
///   epilogue: none x; bias x[i,j] + bias[j]; bias_relu max(x[i,j] + bias[j], 0)
/// Shapes    op(A) (M,K), op(B) (K,N), bias (N) unless the epilogue is none -> C (M,N)
/// Strides   row-major, contiguous: A is stored (K,M) where ta, B (N,K) where tb; C aliases no input
/// Gradient  is this operation again: dA = dC B^T and dB = A^T dC, with beta = 1 where they accumulate
/// Numerics  fp32 accumulation; deterministic; beta == 0 never reads C; a NaN passes through the ReLU
/// Errors    std::invalid_argument "[gemm] ..."; CudaError from the launch
/// Cost      2*M*N*K flop; 4*(M*K + K*N + M*N) bytes at least, M*N more where beta != 0
/// Source    BLAS sgemm; the ladder follows Simon Boehm, "How to optimize a CUDA matmul kernel" (2022)
struct Gemm {
  struct Args {
    int64_t m = 0, n = 0, k = 0;
    bool ta = false, tb = false;
    float alpha = 1, beta = 0;
    Epilogue epilogue = Epilogue::none;
    const float* a = nullptr;
    const float* b = nullptr;
    const float* bias = nullptr;
    float* c = nullptr;
  };

  static constexpr std::string_view kName = "gemm";
  static constexpr std::string_view kTitle = "C = epilogue(alpha op(A) op(B) + beta C)";

  static Schema describe(Args& args);
  static void check(const Args& args);
  static Cost cost(const Args& args);
  static void reference(const Args& args);
  static std::vector<Args> cases();
  static Args bench_args(Device device);
  static Tolerance tolerance(const Args& args);
  static std::string_view policy(const Args& args, Device device);
};

}  // namespace gridstride
