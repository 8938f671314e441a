#pragma once

#include <memory>
#include <span>
#include <vector>

#include "framework/tensor/shape.hpp"
#include "kernels/core/buffer.hpp"

namespace gridstride {

namespace autograd {
struct Node;
}

/// A contiguous array of floats on the device. Copies of a Tensor are handles to the same array, as in
/// LibTorch. All work on it is ordered on current_stream().
class Tensor {
 public:
  /// A handle to nothing; only defined() and assignment are allowed.
  Tensor() = default;

  static Tensor empty(Shape shape);  ///< contents undefined
  static Tensor zeros(Shape shape);
  static Tensor full(Shape shape, float value);
  static Tensor from_host(Shape shape, std::span<const float> values);

  bool defined() const { return impl_ != nullptr; }
  const Shape& shape() const { return impl().shape; }
  int64_t dim() const { return static_cast<int64_t>(shape().size()); }
  /// Extent of axis `d`; negative counts from the end.
  int64_t size(int64_t d) const;
  int64_t numel() const { return impl().count; }

  /// Device memory. The second form is for kernels that write.
  const float* data() const { return impl().storage->memory.data(); }
  float* data() { return impl().storage->memory.data(); }

  std::vector<float> to_host() const;
  float item() const;  ///< the only element; throws std::invalid_argument if there are others
  void copy_from_host(std::span<const float> values);
  void zero_();

  /// A copy of the values, outside any graph.
  Tensor clone() const;
  /// The same storage, outside any graph.
  Tensor detach() const { return alias(shape()); }
  /// The same storage in another shape, outside any graph. `reshape` (framework/ops) is what the tape sees.
  Tensor alias(Shape shape) const;
  /// Does another handle, perhaps of another shape, share the storage?
  bool shares_storage() const { return impl_.use_count() > 1 || impl().storage.use_count() > 1; }

  // What the tape knows about this tensor (framework/autograd).
  bool requires_grad() const { return impl().requires_grad; }
  Tensor& requires_grad_(bool on = true);
  /// Made by the user, not by an operation: its gradient is kept.
  bool is_leaf() const { return impl().node == nullptr; }
  /// d loss / d this, once backward has reached this leaf; until then undefined.
  const Tensor& grad() const;
  void set_grad(Tensor grad) const;
  const std::shared_ptr<autograd::Node>& node() const { return impl().node; }
  void set_node(std::shared_ptr<autograd::Node> node);
  /// Two handles of one tensor have the same identity.
  const void* id() const { return impl_.get(); }

  /// In-place writers announce themselves, so that the tape can tell that a value it saved is gone.
  void mark_changed() { ++impl().storage->version; }
  int64_t version() const { return impl().storage->version; }

 private:
  struct Storage {
    DeviceBuffer<float> memory;
    int64_t version = 0;
  };
  struct Impl {
    Shape shape;
    int64_t count = 0;
    std::shared_ptr<Storage> storage;
    bool requires_grad = false;
    std::shared_ptr<autograd::Node> node;
    std::unique_ptr<Tensor> grad;
  };
  Impl& impl() const;

  std::shared_ptr<Impl> impl_;
};

}  // namespace gridstride
