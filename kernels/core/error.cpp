#include "kernels/core/error.hpp"

#include <cstdio>

namespace gridstride {

CudaError::CudaError(cudaError_t status, const std::string& what)
    : std::runtime_error(what + ": " + cudaGetErrorString(status) + " (" + cudaGetErrorName(status) + ")"),
      status_(status) {}

void check_cuda(cudaError_t status, const char* call, std::source_location where) {
  if (status == cudaSuccess) return;
  const std::string file = where.file_name();
  const std::string name = file.substr(file.find_last_of('/') + 1);
  throw CudaError(status, std::string(call) + " at " + name + ":" + std::to_string(where.line()));
}

void report_cuda(cudaError_t status, const char* call) noexcept {
  if (status != cudaSuccess) std::fprintf(stderr, "%s: %s\n", call, cudaGetErrorString(status));
}

}  // namespace gridstride
