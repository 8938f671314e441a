#include "framework/tensor/tensor.hpp"

#include <stdexcept>
#include <string>

#include "framework/tensor/stream.hpp"

namespace gridstride {

Tensor::Impl& Tensor::impl() const {
  if (!impl_) throw std::invalid_argument("[tensor] used before it was given a value");
  return *impl_;
}

Tensor Tensor::empty(Shape shape) {
  Tensor t;
  t.impl_ = std::make_shared<Impl>();
  t.impl_->count = gridstride::numel(shape);
  t.impl_->shape = std::move(shape);
  t.impl_->storage =
      std::make_shared<Storage>(Storage{.memory = DeviceBuffer<float>(t.impl_->count, current_stream())});
  return t;
}

Tensor Tensor::zeros(Shape shape) {
  Tensor t = empty(std::move(shape));
  t.zero_();
  return t;
}

Tensor Tensor::full(Shape shape, float value) {
  const auto count = static_cast<std::size_t>(gridstride::numel(shape));
  return from_host(std::move(shape), std::vector<float>(count, value));
}

Tensor Tensor::from_host(Shape shape, std::span<const float> values) {
  Tensor t = empty(std::move(shape));
  t.copy_from_host(values);
  return t;
}

int64_t Tensor::size(int64_t d) const {
  const int64_t axis = d < 0 ? d + dim() : d;
  if (axis < 0 || axis >= dim()) {
    throw std::invalid_argument("[tensor] no axis " + std::to_string(d) + " in shape " + to_string(shape()));
  }
  return shape()[static_cast<std::size_t>(axis)];
}

std::vector<float> Tensor::to_host() const {
  std::vector<float> values(static_cast<std::size_t>(numel()));
  impl().storage->memory.download(values);
  return values;
}

float Tensor::item() const {
  if (numel() != 1) {
    throw std::invalid_argument("[tensor] item() wants one element, the shape is " + to_string(shape()));
  }
  return to_host()[0];
}

void Tensor::copy_from_host(std::span<const float> values) {
  if (static_cast<int64_t>(values.size()) != numel()) {
    throw std::invalid_argument("[tensor] " + std::to_string(values.size()) + " values for shape " +
                                to_string(shape()));
  }
  impl().storage->memory.upload(values);
  mark_changed();
}

void Tensor::zero_() {
  if (numel() > 0) {
    GRIDSTRIDE_CUDA(cudaMemsetAsync(data(), 0, impl().storage->memory.bytes(), current_stream()));
  }
  mark_changed();
}

Tensor Tensor::clone() const {
  Tensor copy = empty(shape());
  if (numel() > 0) {
    GRIDSTRIDE_CUDA(cudaMemcpyAsync(copy.data(), data(), impl().storage->memory.bytes(),
                                    cudaMemcpyDeviceToDevice, current_stream()));
  }
  return copy;
}

Tensor Tensor::alias(Shape shape) const {
  if (gridstride::numel(shape) != numel()) {
    throw std::invalid_argument("[tensor] shape " + to_string(this->shape()) + " cannot be seen as " +
                                to_string(shape) + ": the number of elements differs");
  }
  Tensor t;
  t.impl_ = std::make_shared<Impl>();
  t.impl_->shape = std::move(shape);
  t.impl_->count = numel();
  t.impl_->storage = impl().storage;
  return t;
}

Tensor& Tensor::requires_grad_(bool on) {
  if (!is_leaf() && !on) {
    throw std::invalid_argument("[tensor] requires_grad_(false) on the result of an operation; detach() it");
  }
  impl().requires_grad = on;
  return *this;
}

const Tensor& Tensor::grad() const {
  static const Tensor none;
  return impl().grad ? *impl().grad : none;
}

void Tensor::set_grad(Tensor grad) const {
  impl().grad = grad.defined() ? std::make_unique<Tensor>(std::move(grad)) : nullptr;
}

void Tensor::set_node(std::shared_ptr<autograd::Node> node) {
  impl().node = std::move(node);
  impl().requires_grad = true;
}

}  // namespace gridstride
