#pragma once

#if GRIDSTRIDE_HAS_CUDNN
#include <cudnn.h>

#include <cstdint>
#include <cstdio>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

namespace gridstride {

inline void check_cudnn(cudnnStatus_t status, const char* call) {
  if (status == CUDNN_STATUS_SUCCESS) return;
  throw std::runtime_error(std::string(call) + ": " + cudnnGetErrorString(status));
}

/// A node of cuDNN's graph API: created, given its attributes, finalized, and from then on fixed.
class CudnnDescriptor {
 public:
  explicit CudnnDescriptor(cudnnBackendDescriptorType_t type) {
    check_cudnn(cudnnBackendCreateDescriptor(type, &handle_), "cudnnBackendCreateDescriptor");
  }
  CudnnDescriptor(CudnnDescriptor&& other) noexcept : handle_(std::exchange(other.handle_, nullptr)) {}
  CudnnDescriptor& operator=(CudnnDescriptor&& other) noexcept {
    std::swap(handle_, other.handle_);
    return *this;
  }
  ~CudnnDescriptor() {
    if (handle_ && cudnnBackendDestroyDescriptor(handle_) != CUDNN_STATUS_SUCCESS) {
      std::fputs("cudnnBackendDestroyDescriptor failed\n", stderr);
    }
  }

  cudnnBackendDescriptor_t get() const { return handle_; }

  CudnnDescriptor& set(cudnnBackendAttributeName_t name, cudnnBackendAttributeType_t type, int64_t count,
                       const void* values) {
    check_cudnn(cudnnBackendSetAttribute(handle_, name, type, count, values), "cudnnBackendSetAttribute");
    return *this;
  }
  CudnnDescriptor& set(cudnnBackendAttributeName_t name, const std::vector<int64_t>& values) {
    return set(name, CUDNN_TYPE_INT64, static_cast<int64_t>(values.size()), values.data());
  }
  CudnnDescriptor& set(cudnnBackendAttributeName_t name, int64_t value) {
    return set(name, CUDNN_TYPE_INT64, 1, &value);
  }
  CudnnDescriptor& set(cudnnBackendAttributeName_t name, float value) {
    return set(name, CUDNN_TYPE_FLOAT, 1, &value);
  }
  CudnnDescriptor& set(cudnnBackendAttributeName_t name, const CudnnDescriptor& other) {
    return set(name, CUDNN_TYPE_BACKEND_DESCRIPTOR, 1, &other.handle_);
  }
  void finalize(const char* what) { check_cudnn(cudnnBackendFinalize(handle_), what); }

  /// Fill in descriptors of `type` that this one holds; returns as many as there are.
  std::vector<CudnnDescriptor> list(cudnnBackendAttributeName_t name,
                                    cudnnBackendDescriptorType_t type) const {
    int64_t count = 0;
    check_cudnn(cudnnBackendGetAttribute(handle_, name, CUDNN_TYPE_BACKEND_DESCRIPTOR, 0, &count, nullptr),
                "cudnnBackendGetAttribute");
    std::vector<CudnnDescriptor> found;
    std::vector<cudnnBackendDescriptor_t> handles;
    for (int64_t i = 0; i < count; ++i) handles.push_back(found.emplace_back(type).get());
    if (count == 0) return found;
    check_cudnn(
        cudnnBackendGetAttribute(handle_, name, CUDNN_TYPE_BACKEND_DESCRIPTOR, count, &count, handles.data()),
        "cudnnBackendGetAttribute");
    found.erase(found.begin() + count, found.end());
    return found;
  }

 private:
  cudnnBackendDescriptor_t handle_ = nullptr;
};

/// This thread's cuDNN, made on first use.
class Cudnn {
 public:
  static cudnnHandle_t on(cudaStream_t stream) {
    thread_local Cudnn self;
    check_cudnn(cudnnSetStream(self.handle_, stream), "cudnnSetStream");
    return self.handle_;
  }
  Cudnn(const Cudnn&) = delete;
  Cudnn& operator=(const Cudnn&) = delete;

 private:
  Cudnn() { check_cudnn(cudnnCreate(&handle_), "cudnnCreate"); }
  ~Cudnn() {
    if (cudnnDestroy(handle_) != CUDNN_STATUS_SUCCESS) std::fputs("cudnnDestroy failed\n", stderr);
  }

  cudnnHandle_t handle_ = nullptr;
};

}  // namespace gridstride
#endif
