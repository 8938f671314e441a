#pragma once

#if GRIDSTRIDE_HAS_CUBLAS
#include <cublas_v2.h>

#include <cstdio>
#include <stdexcept>
#include <string>

namespace gridstride {

inline void check_cublas(cublasStatus_t status, const char* call) {
  if (status == CUBLAS_STATUS_SUCCESS) return;
  throw std::runtime_error(std::string(call) + ": " + cublasGetStatusString(status));
}

/// This thread's cuBLAS, made on first use: making one takes milliseconds, and it is not safe to share.
/// fp32 stays fp32 in it: without CUBLAS_TF32_TENSOR_OP_MATH no product is rounded to TF32.
class Cublas {
 public:
  static cublasHandle_t on(cudaStream_t stream) {
    thread_local Cublas self;
    check_cublas(cublasSetStream(self.handle_, stream), "cublasSetStream");
    return self.handle_;
  }
  Cublas(const Cublas&) = delete;
  Cublas& operator=(const Cublas&) = delete;

 private:
  Cublas() {
    check_cublas(cublasCreate(&handle_), "cublasCreate");
    check_cublas(cublasSetMathMode(handle_, CUBLAS_DEFAULT_MATH), "cublasSetMathMode");
  }
  ~Cublas() {
    const cublasStatus_t status = cublasDestroy(handle_);
    if (status != CUBLAS_STATUS_SUCCESS)
      std::fprintf(stderr, "cublasDestroy: %s\n", cublasGetStatusString(status));
  }

  cublasHandle_t handle_ = nullptr;
};

}  // namespace gridstride

#define GRIDSTRIDE_CUBLAS(call) ::gridstride::check_cublas((call), #call)
#endif
