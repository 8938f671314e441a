#pragma once

#include <cuda_runtime.h>

#include <source_location>
#include <stdexcept>
#include <string>

namespace gridstride {

/// A CUDA call that failed: what was called, where, and what CUDA says about it.
class CudaError : public std::runtime_error {
 public:
  CudaError(cudaError_t status, const std::string& what);
  cudaError_t status() const { return status_; }

 private:
  cudaError_t status_;
};

/// Throw CudaError unless `status` is success. `call` names what was attempted.
void check_cuda(cudaError_t status, const char* call,
                std::source_location where = std::source_location::current());

/// The twin for destructors: reports on stderr and goes on.
void report_cuda(cudaError_t status, const char* call) noexcept;

/// A launch returns nothing; its errors are fetched right behind it. `kernel` is "op/variant".
inline void check_launch(const char* kernel, std::source_location where = std::source_location::current()) {
  check_cuda(cudaGetLastError(), kernel, where);
}

}  // namespace gridstride

#define GRIDSTRIDE_CUDA(call) ::gridstride::check_cuda((call), #call)
