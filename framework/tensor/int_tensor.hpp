#pragma once

#include <memory>
#include <span>
#include <vector>

#include "framework/tensor/stream.hpp"
#include "kernels/core/buffer.hpp"

namespace gridstride {

/// A list of 32-bit integers on the device: labels, or the places of maxima. No gradient flows through it.
class IntTensor {
 public:
  IntTensor() = default;
  static IntTensor empty(int64_t count) { return IntTensor(count); }
  static IntTensor from_host(std::span<const int32_t> values) {
    IntTensor t(static_cast<int64_t>(values.size()));
    t.memory_->upload(values);
    return t;
  }

  int64_t numel() const { return memory_ ? memory_->size() : 0; }
  const int32_t* data() const { return memory_ ? memory_->data() : nullptr; }
  int32_t* data() { return memory_ ? memory_->data() : nullptr; }
  std::vector<int32_t> to_host() const {
    std::vector<int32_t> values(static_cast<std::size_t>(numel()));
    if (memory_) memory_->download(values);
    return values;
  }

 private:
  explicit IntTensor(int64_t count)
      : memory_(std::make_shared<DeviceBuffer<int32_t>>(count, current_stream())) {}
  std::shared_ptr<DeviceBuffer<int32_t>> memory_;
};

}  // namespace gridstride
